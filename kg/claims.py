"""The claims of a graph: their passages, and the numbers that they state."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.passages import Passage, Range
from kg.printed_numbers import number_values

__all__ = ["NOT_PRINTED", "ONTOLOGY", "Claim", "Statement", "find_text_digests", "read_claims"]

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

AS_PRINTED = frozenset(["asPrinted", "pAsPrinted"])


@dataclass(frozen=True, order=True)
class Statement:
    """A number or date, in its XML Schema form, and the subject and predicate that state it."""

    subject: str
    predicate: str
    value: str


@dataclass(frozen=True)
class Claim:
    """A node with a passage, and what it and the nodes nested in it state."""

    iri: str
    passage: Passage
    statements: tuple[Statement, ...]


Properties = Mapping[str, list[NamedNode | Literal]]


def read_claims(statements: Iterable[Triple | Quad]) -> tuple[Claim, ...]:
    """Return every node with a passage, in the order of the IRIs.

    A node nested in it (its IRI goes on after a slash) that has no passage of its own counts
    to it. Values are those typed as numbers or dates and the numbers in the strings that are
    kept as printed; the predicates of ``NOT_PRINTED`` are left out.
    """
    nodes = _by_subject(statements)
    found: dict[str, list[Statement]] = {
        subject: [] for subject, properties in nodes.items() if properties.get("passage")
    }
    for subject, properties in nodes.items():
        holder = _holder(subject, found)
        if holder is not None:
            found[holder] += _values(subject, properties)
    return tuple(
        Claim(iri, _passage(nodes, iri), tuple(sorted(found[iri]))) for iri in sorted(found)
    )


def find_text_digests(statements: Iterable[Triple | Quad]) -> dict[str, str]:
    """Return the SHA-256 of each document's text file, by the IRI of the document."""
    return {
        str(one.subject.value): one.object.value
        for one in statements
        if isinstance(one.subject, NamedNode)
        and one.predicate.value == ONTOLOGY + "textSha256"
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


def _values(subject: str, properties: Properties) -> Iterator[Statement]:
    for predicate, objects in properties.items():
        if predicate in NOT_PRINTED:
            continue
        for one in objects:
            if not isinstance(one, Literal):
                continue
            if one.datatype.value in NUMBER_TYPES:
                yield Statement(subject, predicate, one.value)
            elif predicate in AS_PRINTED:
                for value in number_values(one.value):
                    yield Statement(subject, predicate, value)


def _passage(nodes: Mapping[str, Properties], claim: str) -> Passage:
    node = nodes.get(min(one.value for one in nodes[claim]["passage"]), {})
    ranges = [nodes.get(one.value, {}) for one in node.get("range", [])]
    ranges.sort(key=lambda properties: _integer(properties, "order"))
    return Passage(
        _first(node, "inDocument") or "",
        _first(node, "sha256") or "",
        tuple(Range(_integer(one, "start"), _integer(one, "end")) for one in ranges),
        _first(node, "section"),
        _first(node, "citationNumber"),
    )


def _first(properties: Properties, name: str) -> str | None:
    return min((one.value for one in properties.get(name, [])), default=None)


def _integer(properties: Properties, name: str) -> int:
    value = _first(properties, name) or ""
    return int(value) if re.fullmatch(r"[+-]?\d{1,18}", value) else -1
