"""RDF of others as it is: every statement kept, in the graph of its import alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kg.formats import GraphFormat
from kg.importing.rdf_checking import check_rdf, read_rdf
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.statement import IMPORTED, ONTOLOGY, imported_iri

__all__ = ["MOST_BLANK_NODES", "read_statements"]

MOST_BLANK_NODES = 2_000_000
"""In one file: each has a name that is remembered while the file is read."""

_MOST_TRIPLES = 500
_OURS = "https://w3id.org/sarcoma-kg/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class _TooManyBlankNodesError(ValueError):
    """A file has more blank nodes than are named."""


def read_statements(name: str, file: Path, form: GraphFormat) -> Iterator[Item]:
    """Yield the statements of an RDF file, one record for those in a row on one subject.

    Blank nodes get IRIs after the file's content and the order in which they are met. A quad's
    triple goes into the import's graph, and a reification names the graph that the file put it
    in. What is said of things of this graph, outside the import's own, is not wanted.
    """
    problem = check_rdf(file, form)
    if problem:
        yield problem
        return
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    naming = _Naming(name, digest[:12])
    try:
        for _ in naming.rename(read_rdf(file, form)):
            pass  # the limit is known before the first record is given
    except _TooManyBlankNodesError:
        message = f"it has more than {MOST_BLANK_NODES:,} blank nodes; split the file"
        yield Reject(file.name, RejectRule.UNREADABLE, message)
        return
    yield from _records(naming, file, form)


def _records(naming: _Naming, file: Path, form: GraphFormat) -> Iterator[Item]:
    number = 1
    quads = naming.rename(read_rdf(file, form))
    for subject, found in groupby(quads, key=lambda quad: quad.subject):
        while part := tuple(islice(found, _MOST_TRIPLES)):
            place = f"{file.name}#statement-{number}"
            yield _record(naming, place, subject, part)
            number += len(part)


def _record(naming: _Naming, place: str, subject: Any, quads: tuple[Quad, ...]) -> Item:
    iri = subject.value if isinstance(subject, NamedNode) else ""
    if iri.startswith(_OURS) and not iri.startswith(f"{IMPORTED}{naming.name}/"):
        message = f"{len(quads)} statements on {iri} are not taken: an import describes no other's"
        return Reject(place, RejectRule.NOT_WANTED, message, place)
    triples = [quad.triple for quad in quads]
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            triples += naming.reify(quad, quad.graph_name)
    values = (triple.object for triple in triples)
    refers = {value.value for value in values if isinstance(value, NamedNode)}
    return Record(
        id=place,
        place=place,
        triples=tuple(dict.fromkeys(triples)),
        refers=frozenset(each for each in refers if _is_curated(each)),
    )


def _is_curated(iri: str) -> bool:
    return iri.startswith(_OURS) and not iri.startswith((IMPORTED, ONTOLOGY, f"{_OURS}graph/"))


@dataclass
class _Naming:
    """Names the blank nodes of one file, the same ones whenever it is read."""

    name: str
    digest: str
    names: dict[str, NamedNode] = field(default_factory=dict)

    def rename(self, quads: Iterator[Quad]) -> Iterator[Quad]:
        """Yield quads with IRIs in place of their blank nodes."""
        # Labels of anonymous nodes differ whenever a file is read.
        self.names.clear()
        for quad in quads:
            yield Quad(
                self._term(quad.subject),
                quad.predicate,
                self._term(quad.object),
                self._term(quad.graph_name),
            )

    def reify(self, quad: Quad, graph: NamedNode) -> list[Triple]:
        """Return the statements that say which graph a file put a statement in."""
        digest = hashlib.sha256(str(quad).encode()).hexdigest()[:16]
        node = NamedNode(imported_iri(self.name, f"statement-{digest}"))
        return [
            Triple(node, NamedNode(f"{_RDF}type"), NamedNode(f"{_RDF}Statement")),
            Triple(node, NamedNode(f"{_RDF}subject"), quad.subject),
            Triple(node, NamedNode(f"{_RDF}predicate"), quad.predicate),
            Triple(node, NamedNode(f"{_RDF}object"), quad.object),
            Triple(node, NamedNode(f"{ONTOLOGY}statedInGraph"), graph),
        ]

    def _term(self, term: Any) -> Any:
        if isinstance(term, BlankNode):
            return self._named(term.value)
        if isinstance(term, Triple):
            return Triple(self._term(term.subject), term.predicate, self._term(term.object))
        return term

    def _named(self, label: str) -> NamedNode:
        found = self.names.get(label)
        if found is None:
            if len(self.names) >= MOST_BLANK_NODES:
                raise _TooManyBlankNodesError
            number = len(self.names)
            found = NamedNode(imported_iri(self.name, f"blank-{self.digest}-{number}"))
            self.names[label] = found
        return found
