"""A whole graph of a store, as the Graph Store Protocol hands it out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from kg.formats import Choice, GraphFormat, TableFormat, get_graph_choice
from kg.html_page import PLAIN, Frame
from kg.html_results import write_html
from kg.query_error import QueryError, QueryFailedError, QueryRefusedError
from kg.query_text import Form
from kg.serialisation import PREFIXED, OrderedPrefixes
from kg.xml_output import XmlOutput

__all__ = ["GraphAnswer", "GraphNotFoundError", "read_graph"]

_NO_PREFIXES: Mapping[str, str] = MappingProxyType({})


class GraphNotFoundError(QueryError):
    """There is no graph of this name."""


@dataclass(frozen=True)
class GraphAnswer:
    """A graph that is not written yet, with what is known of it, as of the answer to a query."""

    store: Store
    graph: NamedNode | DefaultGraph
    choice: Choice[GraphFormat | TableFormat]
    prefixes: Mapping[str, str]
    frame: Frame = PLAIN

    form = Form.CONSTRUCT
    is_volatile = False

    @property
    def media_type(self) -> str:
        """The media type that the client asked for."""
        return self.choice.media_type

    def write(self, output: IO[bytes]) -> None:
        """Write the graph, in pieces of some KiB; raises QueryFailedError half-way."""
        try:
            self._write(output)
        except (RuntimeError, OSError) as error:
            raise QueryFailedError(f"the engine gave up: {error}") from None

    def body(self) -> bytes:
        """Return the whole graph; raises as ``write`` does."""
        output = io.BytesIO()
        self.write(output)
        return output.getvalue()

    def _write(self, output: IO[bytes]) -> None:
        form = self.choice.format
        if isinstance(form, TableFormat):
            write_html(self._triples(), output, prefixes=self.prefixes, frame=self.frame)
            return
        if form is GraphFormat.RDF_XML:
            with XmlOutput(output) as xml:
                self.store.dump(xml, form.engine, from_graph=self.graph)
            return
        if form not in PREFIXED or not self.prefixes:
            self.store.dump(output, form.engine, from_graph=self.graph)
            return
        with OrderedPrefixes(output) as ordered:
            prefixes = dict(self.prefixes)
            self.store.dump(ordered, form.engine, from_graph=self.graph, prefixes=prefixes)  # type: ignore[arg-type]

    def _triples(self) -> Iterator[Triple]:
        return (quad.triple for quad in self.store.quads_for_pattern(None, None, None, self.graph))


def read_graph(
    store: Store,
    graph: str | None,
    *,
    accept: str | None = None,
    prefixes: Mapping[str, str] = _NO_PREFIXES,
    frame: Frame = PLAIN,
) -> GraphAnswer:
    """Return a graph of a store, ready to be written in the best fitting format.

    ``graph`` is an IRI, or None for the default graph, which is always there. ``prefixes``
    shorten what is written as Turtle, as TriG and as a page, which has a ``frame``. Raises
    GraphNotFoundError, FormatNotOfferedError, and QueryRefusedError for what is no IRI.

    >>> read_graph(Store(), None, accept="application/n-triples").body()
    b''
    """
    choice = get_graph_choice(accept, "a graph")
    return GraphAnswer(store, _get_graph(store, graph), choice, prefixes, frame)


def _get_graph(store: Store, graph: str | None) -> NamedNode | DefaultGraph:
    if graph is None:
        return DefaultGraph()
    try:
        name = NamedNode(graph)
    except ValueError as error:
        raise QueryRefusedError(f"the name of the graph is no absolute IRI: {error}") from None
    if not store.contains_named_graph(name):
        raise GraphNotFoundError(f"there is no graph {name}")
    return name
