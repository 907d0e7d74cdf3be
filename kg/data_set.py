"""The data set that a query names: graphs that are merged, and graphs that keep their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, QueryTriples, Store

from kg.query_text import QueryText
from kg.query_tokens import Kind, Token

__all__ = ["DataSet", "read_data_set"]

_MERGED, _NAMED = NamedNode("urn:x-from"), NamedNode("urn:x-from-named")
_GLUED = ("FROM", "NAMED")


@dataclass(frozen=True)
class DataSet:
    """The graphs of which a default graph is merged, and those that GRAPH finds; each once."""

    merged: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]

    @classmethod
    def of(cls, merged: Iterable[NamedNode], named: Iterable[NamedNode]) -> DataSet:
        """Return a data set without repetitions."""
        return cls(tuple(dict.fromkeys(merged)), tuple(dict.fromkeys(named)))


def read_data_set(
    query: QueryText, *, prefixes: Mapping[str, str], base_iri: str
) -> DataSet | None:
    """Return the data set of a query with several FROM clauses, in which graphs may be repeated.

    None where there is one clause at most, or where it cannot be read: the engine shall say why.

    >>> found = read_data_set(
    ...     QueryText("ASK FROM <a> FROM <e:b> FROM <a> {}"), prefixes={}, base_iri="e:"
    ... )
    >>> sorted(graph.value for graph in found.merged)
    ['e:a', 'e:b']
    """
    clauses = [*_clauses(query)] if query.names_dataset and query.form else []
    if len(clauses) < 2 or any(each.kind not in (Kind.IRI, Kind.NAME) for _, each in clauses):
        return None
    # A word that the engine may cut otherwise leaves the whole to it.
    if any(each.prefix.upper().startswith(_GLUED) for each in query.outermost()):
        return None
    start = next(each.start for each in query.tokens if each.word == query.form)
    template = " ".join(f"{clause} {clause} {graph.text} ." for clause, graph in clauses)
    text = f"{query.text[:start]} CONSTRUCT {{ {template} }} WHERE {{}}"
    try:
        found = Store().query(text, prefixes=dict(prefixes), base_iri=base_iri)
    except SyntaxError:
        return None
    assert isinstance(found, QueryTriples)
    graphs = [(each.predicate, each.object) for each in found]
    return DataSet.of(
        (graph for clause, graph in graphs if clause == _MERGED and isinstance(graph, NamedNode)),
        (graph for clause, graph in graphs if clause == _NAMED and isinstance(graph, NamedNode)),
    )


def _clauses(query: QueryText) -> Iterator[tuple[NamedNode, Token]]:
    """Yield the FROM clauses of a query, as what becomes of the graph, and its name."""
    tokens = query.outermost()
    for word in tokens:
        if word.word not in ("FROM", "FROMNAMED"):
            continue
        graph = next(tokens, word)
        if word.word == "FROM" and graph.word != "NAMED":
            yield _MERGED, graph
        else:
            yield _NAMED, next(tokens, graph) if graph.word == "NAMED" else graph
