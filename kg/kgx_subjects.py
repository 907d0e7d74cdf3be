"""What imports state, subject by subject, read out of a snapshot without holding it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.change import graph_of_line
from kg.difference import subject_of
from kg.import_catalogue import IMPORT_GRAPHS
from kg.importing.statement import ONTOLOGY

__all__ = ["Subject", "read_subjects"]

_MARK = IMPORT_GRAPHS.encode()
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NAMES = {_TYPE: "type", _LABEL: "label"}


@dataclass(frozen=True)
class Subject:
    """What one import states of a subject: IRIs and texts by the ontology's names of properties.

    Properties of other vocabularies go by their IRIs. Types are the ontology's names.
    """

    iri: str
    graph: str
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def types(self) -> frozenset[str]:
        """The names of its classes."""
        return frozenset(self.properties.get("type", ()))

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a property, in order."""
        return self.properties.get(name, ())

    def find(self, name: str) -> str:
        """Return the first value of a property, or nothing."""
        return next(iter(self.values(name)), "")


def read_subjects(nquads: Path) -> Iterator[Subject]:
    """Yield what each import states of each subject, in the order of the snapshot's lines."""
    with nquads.open("rb") as file:
        ours = (line for line in file if _MARK in line and not line.startswith(b"#"))
        for _, lines in groupby(ours, subject_of):
            yield from _subjects(lines)


def _subjects(lines: Iterable[bytes]) -> Iterator[Subject]:
    by_graph: dict[str, list[bytes]] = defaultdict(list)
    for line in lines:
        if (graph := graph_of_line(line[:-1])).startswith(IMPORT_GRAPHS):
            by_graph[graph].append(line)
    for graph in sorted(by_graph):
        found: dict[str, list[str]] = defaultdict(list)
        quads = list(parse(b"".join(by_graph[graph]), format=RdfFormat.N_QUADS))
        for quad in quads:
            iri = quad.predicate.value
            name = _NAMES.get(iri, iri.removeprefix(ONTOLOGY))
            if isinstance(quad.object, NamedNode | Literal):
                value = quad.object.value
                found[name].append(value.removeprefix(ONTOLOGY) if name == "type" else value)
        if isinstance(subject := quads[0].subject, NamedNode):
            values = {name: tuple(each) for name, each in found.items()}
            yield Subject(subject.value, graph, values)
