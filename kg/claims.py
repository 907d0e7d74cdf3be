"""The claims of a graph: their passages, and the numbers that they state."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.passages import Passage, Range

__all__ = [
    "AS_PRINTED",
    "NOT_PRINTED",
    "ONTOLOGY",
    "Claim",
    "Statement",
    "find_text_digests",
    "read_claims",
]

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBER_TYPES = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "date", "gYearMonth", "gYear")
)

NOT_PRINTED: Mapping[str, str] = MappingProxyType(
    {
        "order": "places a record among its siblings",
        "start": "belongs to a passage, not to a statement",
        "end": "belongs to a passage, not to a statement",
        "textLength": "describes the text of a document as a file",
        "months": "is computed from the value and its unit",
        "asOf": "is the date of the document, which stands outside the passage",
    }
)
"""The predicates whose numbers no passage need hold, each with the reason."""

AS_PRINTED = frozenset(
    {
        *("asPrinted", "conditionAsPrinted", "nameAsPrinted", "pAsPrinted", "phaseAsPrinted"),
        *("keyword", "meshTerm"),
    }
)
"""The predicates whose strings the passage must hold word for word."""


@dataclass(frozen=True, order=True)
class Statement:
    """A number or date in its XML Schema form, or words as printed, and what states them."""

    subject: str
    predicate: str
    value: str


@dataclass(frozen=True)
class Claim:
    """A node with a passage, and the numbers and words that it and what is nested in it state."""

    iri: str
    passage: Passage
    numbers: tuple[Statement, ...]
    words: tuple[Statement, ...] = ()


Properties = Mapping[str, list[NamedNode | Literal]]


def read_claims(statements: Iterable[Triple | Quad]) -> tuple[Claim, ...]:
    """Return every node with a passage, in the order of the IRIs.

    A node nested in it (its IRI goes on after a slash) that has no passage of its own counts
    to it. Numbers are the values typed as numbers or dates, but for the predicates of
    ``NOT_PRINTED``; words are the values of the predicates of ``AS_PRINTED``.
    """
    nodes = _by_subject(statements)
    numbers: dict[str, list[Statement]] = {
        subject: [] for subject, properties in nodes.items() if properties.get("passage")
    }
    words: dict[str, list[Statement]] = {claim: [] for claim in numbers}
    for subject, properties in nodes.items():
        holder = _holder(subject, numbers)
        if holder is not None:
            numbers[holder] += _numbers(subject, properties)
            words[holder] += _words(subject, properties)
    return tuple(
        Claim(iri, _passage(nodes, iri), tuple(sorted(numbers[iri])), tuple(sorted(words[iri])))
        for iri in sorted(numbers)
    )


def find_text_digests(statements: Iterable[Triple | Quad]) -> dict[str, str]:
    """Return the SHA-256 of each document's text file, by the IRI of the document."""
    return _literals(statements, ONTOLOGY + "textSha256")


def find_text_lengths(statements: Iterable[Triple | Quad]) -> dict[str, int]:
    """Return the length of each document's text in Unicode characters, by the document's IRI."""
    found = _literals(statements, ONTOLOGY + "textLength")
    return {document: int(value) for document, value in found.items() if value.isdecimal()}


def _literals(statements: Iterable[Triple | Quad], predicate: str) -> dict[str, str]:
    return {
        one.subject.value: one.object.value
        for one in statements
        if one.predicate.value == predicate
        and isinstance(one.subject, NamedNode)
        and isinstance(one.object, Literal)
    }


def _by_subject(statements: Iterable[Triple | Quad]) -> dict[str, Properties]:
    nodes: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for one in statements:
        if isinstance(one.subject, NamedNode) and isinstance(one.object, NamedNode | Literal):
            name = one.predicate.value.removeprefix(ONTOLOGY)
            nodes[one.subject.value][name].append(one.object)
    return {subject: dict(properties) for subject, properties in nodes.items()}


def _holder(subject: str, claims: Mapping[str, object]) -> str | None:
    """Return the nearest node with a passage: the subject or the closest that it is nested in."""
    while subject not in claims:
        subject, slash, _ = subject.rpartition("/")
        if not slash:
            return None
    return subject


def _numbers(subject: str, properties: Properties) -> Iterator[Statement]:
    for predicate, objects in properties.items():
        for one in objects if predicate not in NOT_PRINTED else ():
            if isinstance(one, Literal) and one.datatype.value in NUMBER_TYPES:
                yield Statement(subject, predicate, one.value)


def _words(subject: str, properties: Properties) -> Iterator[Statement]:
    for predicate in AS_PRINTED.intersection(properties):
        for one in properties[predicate]:
            yield Statement(subject, predicate, one.value)


def _passage(nodes: Mapping[str, Properties], claim: str) -> Passage:
    node = nodes.get(min(one.value for one in nodes[claim]["passage"]), {})
    ranges = [nodes.get(one.value, {}) for one in node.get("range", [])]
    ranges.sort(key=lambda properties: _integer(properties, "order"))
    return Passage(
        _first(node, "inDocument") or "",
        _first(node, "sha256") or "",
        tuple(Range(_integer(one, "start"), _integer(one, "end")) for one in ranges),
        _first(node, "section"),
        tuple(sorted(one.value for one in node.get("citationNumber", []))),
    )


def _first(properties: Properties, name: str) -> str | None:
    return min((one.value for one in properties.get(name, [])), default=None)


def _integer(properties: Properties, name: str) -> int:
    value = _first(properties, name) or ""
    return int(value) if re.fullmatch(r"[+-]?\d{1,18}", value) else -1
