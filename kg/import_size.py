"""Which imports are too large to be known by heart: their names are asked for by SPARQL only."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.importing.statement import import_graph

__all__ = ["LARGEST_BY_HEART", "graphs_by_heart", "is_import", "is_large"]

LARGEST_BY_HEART = 1_000_000
"""How many triples an import may have whose names are kept for lists and searches."""

_COUNT = (
    "SELECT (COUNT(*) AS ?count) "
    "WHERE {{ SELECT ?s WHERE {{ GRAPH {0} {{ ?s ?p ?o }} }} LIMIT {1} }}"
)


def is_import(graph: str) -> bool:
    """Tell whether a graph is that of an import.

    >>> is_import("https://w3id.org/sarcoma-kg/graph/import-civic")
    True
    """
    return graph.startswith(import_graph(""))


def is_large(graph: str, triples: int) -> bool:
    """Tell whether a graph is that of an import that is too large to be known by heart.

    >>> is_large("https://w3id.org/sarcoma-kg/graph/import-civic", 3_000_000)
    True
    >>> is_large("https://w3id.org/sarcoma-kg/graph/ontology", 3_000_000)
    False
    """
    return is_import(graph) and triples > LARGEST_BY_HEART


def graphs_by_heart(store: Store) -> tuple[NamedNode, ...] | None:
    """Return the graphs of a store but for its large imports, or None where it has no such."""
    named = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    large = {graph for graph in named if is_import(graph.value) and _has_many(store, graph)}
    return tuple(graph for graph in named if graph not in large) if large else None


def _has_many(store: Store, graph: NamedNode) -> bool:
    rows = store.query(_COUNT.format(graph, LARGEST_BY_HEART + 1))
    return isinstance(rows, QuerySolutions) and any(_counts(rows))


def _counts(rows: QuerySolutions) -> Iterator[bool]:
    for row in rows:
        yield is_large(import_graph(""), int(str(getattr(row["count"], "value", "0"))))
