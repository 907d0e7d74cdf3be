"""Attacks that repeat: a member is a level to some engines, and a plan too many to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from abuse_case import ANSWERED, LIMITED, Case
from abuse_wire import Answer, Target

__all__ = ["list_cases"]

LENGTHS = (20, 500, 6_000, 100_000)
"""From what is answered, over where engines stall or fail, to what is refused for its size."""

Text = Callable[[int], str]


def _joined(separator: str, *members: str, before: str = "", after: str = "") -> Text:
    """Return the text of a list: each member is a template for its number, all used in turn."""
    return lambda length: (
        before
        + separator.join(members[n % len(members)].format(n, n + 1) for n in range(length))
        + after
    )


EXPRESSIONS = {
    "sum": _joined(" + ", "1", before="FILTER(", after=" > 0)"),
    "product": _joined(" * ", "1", before="FILTER(", after=" > 0)"),
    "conjunction": _joined(" && ", "1 = 1", before="FILTER(", after=")"),
    "disjunction": _joined(" || ", "1 = 2", before="FILTER(", after=")"),
    "list for IN": _joined(", ", "{}", before="FILTER(1 IN (", after="))"),
    "call of CONCAT": _joined(", ", "'a'", before="FILTER(CONCAT(", after=") != '')"),
    "call of COALESCE": _joined(", ", "?v{}", before="FILTER(COALESCE(", after=", 1) = 1)"),
}
PATTERNS = {
    "UNION": _joined(" UNION ", "{{}}"),
    "row of OPTIONAL": _joined(" ", "OPTIONAL {{ ?s <urn:p{}> ?v{} }}"),
    "row of MINUS": _joined(" ", "MINUS {{ ?s <urn:p{}> ?v{} }}"),
    "row of FILTER": _joined(" ", "FILTER(1 = 1)"),
    "row of EXISTS": _joined(" ", "FILTER NOT EXISTS {{ <urn:none> <urn:p{}> 1 }}"),
    "row of BIND": _joined(" ", "BIND({} AS ?v{})"),
    "row of groups": _joined(" ", "{{ ?s <urn:none> ?v{} }}"),
    "table of VALUES": _joined(" ", "<urn:v{}>", before="VALUES ?v { ", after=" }"),
    "chain of triples": _joined(" . ", "?v{} <urn:none> ?v{}"),
    "star of triples": _joined(" ; ", "<urn:p{}> ?v{}", before="?s ", after=" ."),
    "list of objects": _joined(" , ", "?v{}", before="?s <urn:none> ", after=" ."),
    "collection": _joined(" ", "?v{}", before="?s <urn:none> ( ", after=" ) ."),
    "sequence of paths": _joined("/", "<urn:p{}>", before="?s ", after=" ?o"),
    "alternative of paths": _joined("|", "<urn:p{}>", before="?s ", after=" ?o"),
    "sequence of alternatives": _joined("/", "(<urn:p>|<urn:q>)", before="?s ", after=" ?o"),
    "negated path set": _joined("|", "<urn:p{}>", before="?s !(", after=") ?o"),
}
QUERIES = {
    "PREFIX declarations": _joined("\n", "PREFIX p{}: <urn:p{}>", after=" ASK {}"),
    "selected variables": _joined(" ", "?v{}", before="SELECT ", after=" {}"),
    "aggregates": _joined(" ", "(COUNT(?v{}) AS ?n{})", before="SELECT ", after=" {}"),
    "sort keys": _joined(" ", "?v{}", before="SELECT * {} ORDER BY "),
    "group keys": _joined(" ", "?v{}", before="SELECT (1 AS ?n) {} GROUP BY "),
    "FROM clauses": _joined(" ", "FROM <urn:g{}>", before="ASK ", after=" {}"),
    "described resources": _joined(" ", "<urn:r{}>", before="DESCRIBE "),
    "constructed triples": _joined(" . ", "?s <urn:p{}> {}", before="CONSTRUCT { ", after=" } {}"),
}
UPDATES = {
    "operations": _joined(" ; ", "DELETE DATA {{ <urn:none> <urn:p> {} }}"),
    "deleted triples": _joined(" . ", "<urn:s> <urn:p> {}", before="DELETE DATA { ", after=" }"),
    "deleted patterns": _joined(
        " . ", "?v{} <urn:none> ?v{}", before="DELETE WHERE { ", after=" }"
    ),
    "USING clauses": _joined(
        " ",
        "USING <urn:g{}>",
        before="DELETE { ?s ?p 1 } ",
        after=" WHERE { ?s ?p 2 FILTER(1 = 2)}",
    ),
}
WORDS = {
    "literal": "ASK {{ FILTER('{}' != '') }}",
    "IRI": "ASK {{ FILTER(<urn:{}> != 1) }}",
    "variable": "ASK {{ FILTER(!BOUND(?{})) }}",
    "prefix": "PREFIX {0}: <urn:p> ASK {{ FILTER({0}:a != 1) }}",
    "comment": "ASK {{ # {}\n}}",
    "number": "ASK {{ FILTER(1{} > 0) }}",
    "run of blanks": "ASK {{ {} }}",
}


def list_cases() -> Iterator[Case]:
    """Return every long list in a query, those of patterns in an update too, and long words."""
    for name, text in {**EXPRESSIONS, **PATTERNS}.items():
        yield _case(f"{name}, in a query", _asking(_grouped("ASK { ", text)))
        inserting = _grouped("INSERT { <urn:s> <urn:p> 1 } WHERE { FILTER(1 = 2) ", text)
        yield _case(f"{name}, in an update", _updating(inserting))
    for name, text in QUERIES.items():
        yield _case(f"list of {name}", _asking(text))
    for name, text in UPDATES.items():
        yield _case(f"list of {name}", _updating(text))
    yield from (_word(*each) for each in WORDS.items())


def _grouped(before: str, text: Text) -> Text:
    return lambda length: before + text(length) + " }"


def _asking(text: Text) -> Callable[[Target, int], Answer]:
    return lambda target, length: target.ask(text(length), **_patience(length))


def _updating(text: Text) -> Callable[[Target, int], Answer]:
    return lambda target, length: target.update(text(length), **_patience(length))


def _patience(length: int) -> dict[str, str]:
    """Return how long a list may take: what may well take for ever is given a second."""
    return {"timeout": "1"} if length > LENGTHS[0] else {}


def _case(name: str, send: Callable[[Target, int], Answer]) -> Case:
    def attack(target: Target) -> Iterable[Answer]:
        return (send(target, length) for length in LENGTHS)

    sent = f"{LENGTHS[0]} to {LENGTHS[-1]:,} members"
    return Case(f"long {name}", sent, attack, LIMITED, ANSWERED)


def _word(name: str, template: str) -> Case:
    character = {"number": "0", "run of blanks": " "}.get(name, "a")

    def attack(target: Target) -> Iterable[Answer]:
        return (target.ask(template.format(character * length)) for length in (90_000, 900_000))

    return Case(f"long {name}", "90,000 and 900,000 characters", attack, LIMITED)
