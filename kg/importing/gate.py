"""What a record must pass before it is kept: the shapes of imported things, and our terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from kg.importing.record import Record, Reject, RejectRule
from kg.importing.vocabulary import Vocabulary, read_vocabulary
from kg.problem import Severity
from kg.shapes import Result, validate
from kg.shipped import Shipped
from kg.turtle import read_turtle

__all__ = ["ImportGate", "read_import_gate"]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_OWN = "https://w3id.org/sarcoma-kg/"


@dataclass(frozen=True)
class ImportGate:
    """The shapes of imported things, and the types of what records refer to."""

    shapes: tuple[Triple, ...]
    vocabulary: Vocabulary
    types: Mapping[str, tuple[str, ...]]

    def refusals(self, records: Sequence[Record]) -> dict[int, Reject]:
        """Return the refusal of each record that breaks a rule, by its place in the batch.

        What several records break together only, as each has a name for the same thing, is no
        fault of one of them.
        """
        found = {
            place: _refusal(record, fault)
            for place, record in enumerate(records)
            if (fault := self._fault_of_terms(record))
        }
        for place in self._suspects(records):
            if place not in found and (fault := self._fault_of_shapes(records[place])):
                found[place] = _refusal(records[place], fault)
        return found

    def _suspects(self, records: Sequence[Record]) -> list[int]:
        """Return which records have a focus of a violation, when all are validated at once."""
        focuses = {result.focus for result in self._violations(records)}
        if not focuses:
            return []
        return [
            place
            for place, record in enumerate(records)
            if any(str(triple.subject) in focuses for triple in record.triples)
        ]

    def _fault_of_shapes(self, record: Record) -> str | None:
        messages = [_sentence(result) for result in self._violations([record])]
        return "; ".join(dict.fromkeys(messages)) or None

    def _fault_of_terms(self, record: Record) -> str | None:
        for triple in record.triples:
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                return "a blank node has no name to be found by; give it an IRI"
            if fault := self.vocabulary.find_fault(triple):
                return fault
        return None

    def _violations(self, records: Sequence[Record]) -> list[Result]:
        triples = [triple for record in records for triple in record.triples]
        described = {str(triple.subject) for triple in triples}
        triples += self._context(triples)
        data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        return [
            result
            for result in validate(data, self.shapes)
            if result.severity.lower() == Severity.VIOLATION and result.focus in described
        ]

    def _context(self, triples: Iterable[Triple]) -> list[Triple]:
        """Return the types of what triples refer to, and the axioms that go with types."""
        values = (triple.object for triple in triples)
        referred = {value.value for value in values if isinstance(value, NamedNode)}
        types = (
            Triple(NamedNode(iri), _TYPE, NamedNode(of))
            for iri in sorted(referred)
            if iri.startswith(_OWN)
            for of in (*self.types.get(iri, ()), *self.vocabulary.types.get(iri, ()))
        )
        return [*types, *self.vocabulary.axioms]


def read_import_gate(shipped: Shipped, types: Mapping[str, tuple[str, ...]]) -> ImportGate:
    """Return the gate of the shapes ``imported-*.ttl``; raises Refused for what is not Turtle.

    ``types`` are the classes of the things of this graph that records may refer to.
    """
    vocabulary = read_vocabulary(shipped.ontology / "sarcoma.ttl")
    return ImportGate(tuple(_read_shapes(shipped.shapes)), vocabulary, types)


def _read_shapes(folder: Path) -> Iterator[Triple]:
    for path in sorted(folder.glob("imported-*.ttl")):
        yield from read_turtle(path, shown_as=f"shapes/{path.name}")


def _refusal(record: Record, message: str) -> Reject:
    return Reject(record.place, RejectRule.REFUSED, message, record.id)


def _sentence(result: Result) -> str:
    rule = result.message or f"{result.path} breaks sh:{result.component}"
    shown = f" (found {result.value})" if result.value and result.value != result.focus else ""
    return f"{result.focus}: {rule}{shown}"
