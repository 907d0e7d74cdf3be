"""Checked records as triples: JSON-LD does the reading, markers tell which part said what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kg.context import Context, Term
from kg.yaml_source import Mapping, Node, Scalar, Sequence

__all__ = ["Graph", "Part", "read_graph"]

MARKER: Final = "urn:sarcoma-kg:part"
Subject = NamedNode | BlankNode


@dataclass(frozen=True)
class Part:
    """A mapping of a record: its subject, and the part and key that it hangs on."""

    mapping: Mapping
    subject: Subject
    parent: int | None
    term: Term | None


@dataclass(frozen=True)
class Graph:
    """The triples of some records as parsed, repeated ones too, and the parts behind them."""

    triples: tuple[Triple, ...]
    parts: tuple[Part, ...]


def read_graph(records: Iterable[Mapping], context: Context) -> Graph:
    """Return the triples of top-level records whose ids and keys were checked.

    Each record is read against its own IRI and a slash as base. Raises SyntaxError where
    JSON-LD cannot read a record.
    """
    writer = _Writer(context)
    document = {
        "@context": dict(context.definitions),
        "@graph": [writer.record(record) for record in records],
    }
    data = json.dumps(document, ensure_ascii=False).encode()
    triples = []
    subjects: dict[int, Subject] = {}
    for quad in pyoxigraph.parse(data, format=RdfFormat.JSON_LD, base_iri=_NO_BASE):
        subject = quad.subject
        assert isinstance(subject, NamedNode | BlankNode)
        if quad.predicate.value == MARKER:
            assert isinstance(quad.object, Literal)
            subjects[int(quad.object.value)] = subject
        else:
            triples.append(quad.triple)
    parts = (
        Part(part.mapping, subjects[number], part.parent, part.term)
        for number, part in enumerate(writer.drafts)
    )
    return Graph(tuple(triples), tuple(parts))


_NO_BASE: Final = "https://base.invalid/"


@dataclass(frozen=True)
class _Draft:
    """A part whose subject is known only when JSON-LD has resolved its id."""

    mapping: Mapping
    parent: int | None
    term: Term | None


@dataclass
class _Writer:
    """Writes mappings as JSON, each with the number of its draft as a marker."""

    context: Context
    drafts: list[_Draft] = field(default_factory=list)

    def record(self, record: Mapping) -> dict[str, object]:
        entry = record.find(self.context.id_key)
        assert entry is not None
        assert isinstance(entry.value, Scalar)
        written = entry.value.text
        base = self.context.namespaces.expand(written) or written
        return {"@context": {"@base": f"{base}/"}, **self.mapping(record, None, None)}

    def mapping(self, mapping: Mapping, parent: int | None, term: Term | None) -> dict[str, object]:
        number = len(self.drafts)
        self.drafts.append(_Draft(mapping, parent, term))
        written: dict[str, object] = {MARKER: str(number)}
        for entry in mapping.entries:
            written[entry.key] = self.value(entry.value, number, self.context.terms.get(entry.key))
        return written

    def value(self, node: Node, parent: int, term: Term | None) -> object:
        if isinstance(node, Scalar):
            return node.text
        if isinstance(node, Sequence):
            return [self.value(item, parent, term) for item in node.items]
        return self.mapping(node, parent, term)
