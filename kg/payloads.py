"""RDF documents that a client sends: their triples in one graph, with blank nodes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from kg.query_error import DocumentError
from kg.upload import read_upload

__all__ = ["Payload", "read_payload"]


@dataclass(frozen=True)
class Payload:
    """An RDF document as it was sent."""

    media_type: str
    body: bytes


def read_payload(
    payload: Payload, base: str | None, graph: NamedNode | DefaultGraph
) -> Iterator[Quad]:
    """Yield the triples of a document as quads of a graph; relative IRIs start from ``base``.

    No blank node is one of another document or of the store, whatever its label. Raises
    DocumentError, also for a document that names graphs itself.
    """
    fresh: dict[BlankNode, BlankNode] = {}
    for quad in read_upload(payload.body, payload.media_type, base=base):
        if quad.graph_name != DefaultGraph():
            raise DocumentError(
                f"the document names the graph {quad.graph_name}, but is sent to one graph",
                hint="send each graph by itself, or as a format without graphs",
            )
        yield Quad(
            _renamed(quad.subject, fresh), quad.predicate, _renamed(quad.object, fresh), graph
        )


def _renamed(term: Any, fresh: dict[BlankNode, BlankNode]) -> Any:
    """Return a term with a new blank node for each old one, within quoted triples too."""
    if isinstance(term, BlankNode):
        return fresh.setdefault(term, BlankNode())
    if isinstance(term, Triple):
        ends = (_renamed(each, fresh) for each in (term.subject, term.object))
        return Triple(next(ends), term.predicate, next(ends))
    return term
