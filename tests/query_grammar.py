"""Random queries and updates of known shape: deep, long, or both, for the tests of limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

P = "<urn:p>"
SEED = f"?s {P} ?o"
DEEPEST_DRAWN = 110
LONGEST_DRAWN = 1_100

# What may stand around a group graph pattern, so that the whole is a part of one.
AROUND_GROUPS = (
    ("{ ", " }"),
    ("OPTIONAL { ", " }"),
    (f"{SEED} OPTIONAL {{ ", " }"),
    ("MINUS { ", " }"),
    ("GRAPH ?g { ", " }"),
    ("LATERAL { ", " }"),
    ("{} UNION { ", " }"),
    ("{ ", " } UNION {}"),
    ("FILTER EXISTS { ", " }"),
    ("FILTER NOT EXISTS { ", " }"),
    ("FILTER(?s = ?o || !EXISTS { ", " })"),
    ("FILTER(IF(EXISTS { ", " }, 1, 2) = 1)"),
    ("{ SELECT * WHERE { ", " } }"),
    ("{ SELECT DISTINCT ?s WHERE { ", " } ORDER BY ?s LIMIT 9 }"),
    ("{ SELECT ?s (COUNT(*) AS ?@) WHERE { ", " } GROUP BY ?s HAVING (COUNT(*) > 0) }"),
    (
        "{ SELECT REDUCED ?s (SUM(?o) AS ?@) WHERE { ",
        " } GROUP BY ?s HAVING (SUM(?o) > 0) ORDER BY DESC(SUM(?o)) LIMIT 9 VALUES ?s { 1 } }",
    ),
    (f"{{ SELECT ?s WHERE {{ {SEED} }} GROUP BY ?s HAVING (EXISTS {{ ", " }) }"),
    (f"{{ SELECT ?s WHERE {{ {SEED} }} ORDER BY (EXISTS {{ ", " }) }"),
    ("BIND(EXISTS { ", " } AS ?@)"),
    ("BIND(COALESCE(1 + (EXISTS { ", " })) AS ?@)"),
)

# What may be chained with a group's other parts.
PARTS = (
    f"?s {P} ?@ . ",
    f"?@ {P} ?s . ",
    f"<urn:a> {P} <urn:a> . ",
    f"?s {P} ?@ ; {P} ?o . ",
    f"OPTIONAL {{ ?s {P} ?@ }} ",
    f"OPTIONAL {{}} ?s {P} ?@ ",
    f"MINUS {{ ?s {P} 1 }} ",
    "BIND(1 AS ?@) ",
    f"FILTER(?s = ?o) ?s {P} ?@ ",
    "FILTER(?s != ?o) ",
    f"FILTER EXISTS {{ ?s {P} ?o }} ",
    "VALUES ?@ { 1 } ",
    "GRAPH <urn:g> { ?s <urn:q> ?@ } ",
    f"{{ ?s {P} ?@ }} ",
    f"{{ ?s {P} ?@ }} UNION {{ ?@ {P} ?s }} ",
    f"{{ SELECT ?s {{ ?s {P} ?o }} }} ",
    f"LATERAL {{ ?s {P} ?@ }} ",
    f"?s {P}/{P}/{P} ?@ . ",
    f"?s {P}* ?@ . ",
    f"?s ({P}|^{P})+ ?@ . ",
    f"?s {P} ( 1 2 3 ) . ",
    f"?s {P} [ {P} 1 ] . ",
)

# What may stand around an expression, so that the whole is one.
AROUND_EXPRESSIONS = (
    ("(", ")"),
    ("!(", ")"),
    ("-(", ")"),
    ("!", ""),
    ("STR(", ")"),
    ("IF(", ", 1, 2)"),
    ("IF(1, 2, ", ")"),
    ("COALESCE(?z, ", ")"),
    ("CONCAT(STR(", "), 'a')"),
    ("REGEX(STR(", "), 'a', 'i')"),
    ("<http://www.w3.org/2001/XMLSchema#string>(", ")"),
    ("1 IN (2, ", ")"),
    ("(1 + ", ")"),
    ("(", " = ?o)"),
    ("(?s || ", ")"),
    ("(", " && ?s)"),
    (f"EXISTS {{ {SEED} FILTER(", ") }"),
    (f"NOT EXISTS {{ {SEED} BIND(", " AS ?@) }"),
)
OPERATORS = ("?s || ", "?s && ", "1 + ", "1 * ", "1 - ", "1 / ", "?s = ?o || ", "-1 * ")

AROUND_PATHS = (
    ("(", ")"),
    ("^(", ")"),
    (f"({P}/", ")"),
    ("(", f"/{P})"),
    (f"({P}|", ")"),
    ("(", ")*"),
    ("(", ")+"),
    ("(", ")?"),
    (f"({P}|^", ")"),
)
STEPS = (f"{P}/", f"{P}|", f"^{P}/", f"{P}*/", f"!({P}|^{P})|")

AROUND_TERMS = (
    ("( ", " )"),
    ("( 1 ", " 2 )"),
    (f"[ {P} ", " ]"),
    (f"<<( <urn:a> {P} ", " )>>"),
    (f"<< <urn:a> {P} ", " >>"),
)
ITEMS = ("1 ", "'a'@en ", "<urn:a> ", "true ", f"[ {P} 1 ] ", f"<<( <urn:a> {P} 1 )>> ")


def draw_query(random: Random) -> str:
    """Return a query that is about as deep and as long as is allowed, or somewhat more."""
    shape = random.choice((_group, _group, _group, _expression, _path, _term, _mixed))
    text = f"SELECT * WHERE {{ {shape(random, _budget(random))} }}"
    return _numbered(text)


def draw_update(random: Random) -> str:
    """Return an update whose WHERE or template is such a query's group."""
    budget = _budget(random)
    where = _group(random, budget)
    triples = f"?s {P} ?@ . " * random.randint(1, 999)
    template = f"?s {P} {_term(random, budget)[len(SEED) - 2 :]}"
    return _numbered(
        random.choice(
            (
                f"INSERT {{ {SEED} }} WHERE {{ {where} }}",
                f"DELETE {{ {SEED} }} INSERT {{ ?s <urn:q> 1 }} USING <urn:g> WHERE {{ {where} }}",
                f"INSERT {{ {template} }} WHERE {{ {SEED} }}",
                f"DELETE WHERE {{ {triples} }}",
            )
        )
    )


class Budget:
    """How many levels and parts are still to be spent."""

    def __init__(self, levels: int, parts: int) -> None:
        self.levels = levels
        self.parts = parts

    def take(self, random: Random) -> int:
        """Return how many parts the next level gets: mostly none, sometimes all."""
        taken = random.choice((0, 0, 0, 1, random.randint(0, self.parts), self.parts))
        self.parts -= min(taken, self.parts)
        return min(taken, self.parts + taken)


def _budget(random: Random) -> Budget:
    levels = random.choice((0, 5, 50, 90, 99, DEEPEST_DRAWN, random.randint(0, DEEPEST_DRAWN)))
    parts = random.choice((0, 10, 300, 990, LONGEST_DRAWN, random.randint(0, LONGEST_DRAWN)))
    return Budget(levels, parts)


def _nest(
    random: Random,
    budget: Budget,
    text: str,
    around: Sequence[tuple[str, str]],
    parts: Sequence[str],
) -> str:
    """Return a text with levels around it, and parts chained in them.

    One kind of level in most cases: a mixture is about as deep as the mean of its kinds.
    """
    chosen = random.sample(around, random.choice((1, 1, 1, 2, min(5, len(around)))))
    while budget.levels > 0:
        opening, closing = random.choice(chosen)
        budget.levels -= max(1, sum(map(opening.count, "{([<!^")))
        chained = random.choice(parts) * min(budget.take(random), LONGEST_DRAWN)
        inner = chained + text if random.random() < 0.5 or not _is_group(parts) else text + chained
        text = f"{opening}{inner}{closing}"
    return random.choice(parts) * budget.parts + text


def _is_group(parts: Sequence[str]) -> bool:
    return parts is PARTS


def _group(random: Random, budget: Budget) -> str:
    return _nest(random, budget, f"{SEED} . ", AROUND_GROUPS, PARTS)


def _expression(random: Random, budget: Budget) -> str:
    inner = _nest(random, budget, random.choice(("?s", "1")), AROUND_EXPRESSIONS, OPERATORS)
    frame = random.choice(("FILTER({})", "BIND(({}) AS ?@)", "FILTER(1 IN ({}))"))
    return f"{SEED} {frame.format(inner)}"


def _path(random: Random, budget: Budget) -> str:
    return f"?s {_nest(random, budget, P, AROUND_PATHS, STEPS)} ?o"


def _term(random: Random, budget: Budget) -> str:
    inner = _nest(random, budget, "1", AROUND_TERMS, ("",))
    items = random.choice(ITEMS) * budget.parts
    return f"?s {P} ( {items}{inner} )" if items else f"?s {P} {inner}"


def _mixed(random: Random, budget: Budget) -> str:
    """Return groups with an expression, a path or a term in the innermost one."""
    inside = random.choice((_expression, _path, _term))
    half = Budget(budget.levels // 2, budget.parts // 2)
    text = inside(random, Budget(budget.levels // 2, budget.parts // 2))
    return _nest(random, half, text, AROUND_GROUPS, PARTS)


def _numbered(text: str) -> str:
    """Return a text with a number of its own for each @ of a variable."""
    pieces = text.split("?@")
    return "".join(f"{piece}?v{at}" for at, piece in enumerate(pieces[:-1])) + pieces[-1]


Draw = Callable[[Random], str]
