"""Attacks that nest: an engine that descends a level a call runs out of stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from abuse_case import LIMITED, Case
from abuse_wire import Answer, Target

__all__ = ["nesting_cases"]

DEPTHS = (20, 99, 700, 10_000, 100_000)
"""From what is answered, over where engines fail (EXISTS: 400), to what is refused for its size."""

FEWER_DEPTHS = (20, 700, 100_000)

PATTERNS = {
    "groups": ("{ ", "", " }"),
    "OPTIONAL": ("OPTIONAL { ", "?s ?p ?o", " }"),
    "MINUS": ("?s ?p 1 MINUS { ", "?s ?p 1", " }"),
    "UNION": ("{} UNION { ", "", " }"),
    "GRAPH": ("GRAPH ?g { ", "", " }"),
    "EXISTS": ("FILTER EXISTS { ", "", " }"),
    "NOT EXISTS": ("FILTER NOT EXISTS { ", "", " }"),
    "EXISTS in expressions": ("FILTER(1 = 1 || EXISTS { ", "", " })"),
    "subselects": ("{ SELECT * { ", "", " } }"),
    "subselects that count": ("{ SELECT (COUNT(*) AS ?n) { ", "", " } }"),
    "HAVING EXISTS": ("{ SELECT ?s { } GROUP BY ?s HAVING EXISTS { ", "", " } }"),
}
"""What opens, fills and closes a level of a group pattern."""

EXPRESSIONS = {
    "brackets": ("(", "1", ")"),
    "negations": ("!", "1", ""),
    "minus signs": ("-(", "1", ")"),
    "calls": ("STR(", "1", ")"),
    "IF": ("IF(1 = 1, ", "1", ", 1)"),
    "COALESCE": ("COALESCE(", "1", ", 1)"),
    "IN": ("1 IN (", "1", ")"),
    "sums to the right": ("1 + (", "1", ")"),
    "disjunctions to the right": ("1 = 2 || (", "1", ")"),
}
PATHS = {
    "path brackets": ("(", "<urn:p>", ")"),
    "inverse paths": ("(^", "<urn:p>", ")"),
    "starred paths": ("(", "<urn:p>", ")*"),
    "starred alternatives": ("(<urn:q>|", "<urn:p>", ")*"),
    "path sequences": ("(<urn:q>/", "<urn:p>", ")"),
}
NODES = {
    "blank nodes": ("[ <urn:p> ", "1", " ]"),
    "collections": ("( ", "1", " )"),
    "triple terms": ("<<( <urn:s> <urn:p> ", "1", " )>>"),
}

Nest = Callable[[int], str]


def nesting_cases() -> Iterator[Case]:
    """Return every nesting in a query and in an update, and what an update alone has."""
    for name, nest in _nests():
        yield _case(f"{name}, in a query", _asking(nest), DEPTHS)
        yield _case(f"{name}, in an update", _updating(nest), FEWER_DEPTHS)
    for name, parts in NODES.items():
        yield _case(f"{name}, in inserted data", _inserting(_nest(*parts)), FEWER_DEPTHS)


def _nests() -> Iterator[tuple[str, Nest]]:
    yield from ((name, _nest(*parts)) for name, parts in PATTERNS.items())
    yield from ((name, _nest(*parts, "FILTER(", ")")) for name, parts in EXPRESSIONS.items())
    yield from ((name, _nest(*parts, "?s ", " ?o")) for name, parts in PATHS.items())
    yield from ((name, _nest(*parts, "?s <urn:p> ", " .")) for name, parts in NODES.items())
    yield "patterns of four kinds", _alternating


def _nest(opening: str, core: str, closing: str, before: str = "", after: str = "") -> Nest:
    return lambda depth: before + opening * depth + core + closing * depth + after


def _alternating(depth: int) -> str:
    """Nest groups, EXISTS, subselects and brackets in turn, each below the limit of its kind."""
    opening = "{ FILTER EXISTS { { SELECT * { FILTER(1 = 1 || EXISTS { "
    return opening * (depth // 5) + "}) } } } } " * (depth // 5)


def _case(name: str, send: Callable[[Target, int], Answer], depths: tuple[int, ...]) -> Case:
    def attack(target: Target) -> Iterable[Answer]:
        return (send(target, depth) for depth in depths)

    sent = f"{depths[0]} to {depths[-1]:,} levels"
    return Case(f"nested {name}", sent, attack, LIMITED, frozenset({200, 400}))


def _asking(nest: Nest) -> Callable[[Target, int], Answer]:
    return lambda target, depth: target.ask(f"ASK {{ {nest(depth)} }}")


def _updating(nest: Nest) -> Callable[[Target, int], Answer]:
    before, after = "INSERT { <urn:s> <urn:p> <urn:o> } WHERE { FILTER(1 = 2) ", " }"
    return lambda target, depth: target.update(before + nest(depth) + after)


def _inserting(nest: Nest) -> Callable[[Target, int], Answer]:
    return lambda target, depth: target.update(f"INSERT DATA {{ <urn:s> <urn:p> {nest(depth)} }}")
