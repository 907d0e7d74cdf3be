"""Attacks that never end, or that grow: stopped at the deadline, or at the limit of memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from abuse_case import ANSWERED, OVERRUN, Case
from abuse_wire import CUT, Answer, Target

__all__ = ["CROSS", "ENDLESS", "runaway_cases"]

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
"""A cartesian product of all triples with themselves, three times."""

SECONDS = "1"
"""What each is given; in storms, and with endpoints, they take all that the server gives."""

NEVER = "CONCAT(STR(?a), STR(?d), STR(?g)) = 'none'"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"

ENDLESS_PATTERNS = {
    "cartesian product": CROSS,
    "cartesian product of subselects": f"{{ SELECT * {{ {CROSS} }} }} {{ SELECT * {{ {CROSS} }} }}",
    "cartesian product of lists": " ".join(
        f"VALUES ?x{n} {{ 1 2 3 4 5 6 7 8 9 }}" for n in range(40)
    ),
    "correlated NOT EXISTS": "?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?a ?x ?y . ?z ?w ?f }",
    "OPTIONAL of everything": "?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } }",
    "MINUS of everything": "?a ?b ?c . ?d ?e ?f MINUS { ?a ?x ?y . ?d ?z ?w }",
    "closure of every predicate, both ends unbound": "?a (<urn:none>|!<urn:none>)* ?z . ?z ?b ?c",
    "closure over 20,000 nodes, both ends unbound": "?a <urn:next>* ?z . ?z <urn:next>* ?y",
    "stars within stars": "?a ((((!<urn:none>)*)*)*)* ?z . ?z ?b ?c . ?c ?d ?e",
    "stars of sequences": "?a ((!<urn:none>/^!<urn:none>)*/(!<urn:none>)*)* ?z . ?y ?b ?z",
}
"""Patterns that no engine comes to the end of."""

DOUBLED = "BIND('xxxxxxxxxxxxxxxx' AS ?x0) " + " ".join(
    f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)
)
GROWING_QUERIES = {
    "doubled texts": f"SELECT (STRLEN(?x40) AS ?n) {{ {DOUBLED} }}",
    "texts grown by REPLACE": "SELECT (STRLEN(?x9) AS ?n) { BIND('aaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(REPLACE(?x{n}, 'a', 'aaaaaaaa') AS ?x{n + 1})" for n in range(9))
    + " }",
    "sort of a product": f"SELECT * {{ {CROSS} }} ORDER BY ?i ?a",
    "sort by random numbers": f"SELECT ?a {{ {CROSS} }} ORDER BY RAND() LIMIT 1",
    "DISTINCT of a product": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {CROSS} }} }}",
    "COUNT(DISTINCT) of a product": "SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?d), STR(?g))) "
    f"AS ?n) {{ {CROSS} }}",
    "GROUP_CONCAT of a product": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c))) AS ?x) "
    f"{{ {CROSS} }}",
    "GROUP BY of a product": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g",
    "join of two products": f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT ?a ?d ?g {{ {CROSS} }} }} "
    "MINUS { SELECT ?a ?d ?x { ?a ?m ?n . ?d ?o ?x . ?q ?r ?s } } }",
}
UPDATES = {
    "product inserted": "INSERT { ?a <urn:p> ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
    "product inserted that has no end": f"INSERT {{ ?a <urn:p> ?i }} WHERE {{ {CROSS} }}",
    "product deleted": f"DELETE {{ ?a ?b ?c }} WHERE {{ {CROSS} FILTER({NEVER}) }}",
    "doubled texts inserted": f"INSERT {{ <urn:s> <urn:p> ?x40 }} WHERE {{ {DOUBLED} }}",
    "blank nodes without end": f"INSERT {{ [] <urn:p> [] }} WHERE {{ {CROSS} }}",
    "copies that double": "INSERT { ?s ?p ?o2 } WHERE { ?s ?p ?o BIND(UUID() AS ?o2) } ; " * 40,
}
EXPRESSIONS = {
    "a quantifier within another": "'(a+)+$'",
    "alternatives that overlap": "'^(a|a|aa)*$'",
    "any text, twenty times": "'" + ".*" * 20 + "$'",
    "repetitions within repetitions": "'((a{0,100}){0,100}){0,100}'",
    "a thousand classes": "'" + r"\\p{L}" * 1000 + "'",
    "brackets by the thousand": "'" + "(" * 5000 + ")" * 5000 + "'",
}


def runaway_cases() -> Iterator[Case]:
    """Return what never ends, what grows, and what a text is matched with."""
    for name, pattern in ENDLESS_PATTERNS.items():
        query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
        yield Case(f"endless: {name}", "COUNT(*) of it", _asking(query), OVERRUN)
    yield Case("endless: ASK", "a product that no row passes", _asking(_none_of(CROSS)), OVERRUN)
    yield Case(
        "endless: CONSTRUCT",
        "a product, written as it comes",
        _asking(f"CONSTRUCT {{ ?a ?e ?i }} {{ {CROSS} }}"),
        OVERRUN | {CUT},
    )
    yield Case(
        "endless: SELECT",
        "a product, written as it comes",
        _asking(f"SELECT * {{ {CROSS} }}"),
        OVERRUN | {CUT},
    )
    for name, query in GROWING_QUERIES.items():
        yield Case(f"growing: {name}", "one query", _asking(query), OVERRUN)
    for name, update in UPDATES.items():
        yield Case(f"update: {name}", "one update", _updating(update), OVERRUN | {413})
    for name, expression in EXPRESSIONS.items():
        query = f"ASK {{ BIND('{'a' * 40_000}b' AS ?t) FILTER(REGEX(?t, {expression})) }}"
        yield Case(
            f"regular expression: {name}",
            "on a text of 40,000 characters",
            _asking(query),
            ANSWERED | OVERRUN | {400},
        )


def _none_of(pattern: str) -> str:
    return f"ASK {{ {pattern} FILTER({NEVER}) }}"


def _asking(query: str) -> Callable[[Target], Iterable[Answer]]:
    return lambda target: [target.ask(query, timeout=SECONDS)]


def _updating(text: str) -> Callable[[Target], Iterable[Answer]]:
    return lambda target: [target.update(text, timeout=SECONDS)]
