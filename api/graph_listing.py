"""The graphs of a snapshot that are listed: all, or of very many the largest."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nlargest

from kg.manifest import GraphCounts

__all__ = ["MOST_GRAPHS", "largest_graphs"]

MOST_GRAPHS = 500
"""Nobody reads more of them, and to write more keeps the server from other answers."""


def largest_graphs(
    graphs: Mapping[str, GraphCounts], most: int = MOST_GRAPHS
) -> Mapping[str, GraphCounts]:
    """Return the largest graphs in the order of all, with the default graph if there is one.

    >>> graphs = {"": GraphCounts(1, 0), "e:a": GraphCounts(2, 0), "e:b": GraphCounts(3, 0)}
    >>> [*largest_graphs(graphs, 2)]
    ['', 'e:b']
    """
    if len(graphs) <= most:
        return graphs
    first = {*nlargest(most, graphs, key=lambda name: (not name, graphs[name].triples))}
    return {name: counts for name, counts in graphs.items() if name in first}
