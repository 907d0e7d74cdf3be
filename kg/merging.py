"""Graphs merged as the standard says: what stands in several of them is one triple, not several.

An engine that takes the union of graphs one after the other finds such a triple in each. So the
merge becomes a graph of its own, in a store beside, where there is such a triple, and only there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg.change import Graph, graph_of_line
from kg.data_set import DataSet

__all__ = [
    "NO_MERGES",
    "Merges",
    "Shared",
    "find_merges",
    "find_shared",
    "make_merges",
    "merge",
    "see_default",
    "see_graphs",
]

Shared = frozenset[frozenset[str]]
"""Names of graphs that have a triple in common, the default graph as ``""``."""

_END = b" .\n"


@dataclass(frozen=True)
class Merges:
    """What the graphs of a store share, and a store whose default graph is the union of them.

    The latter has the same named graphs. There is none where the graphs share nothing, nor where
    they are too large: in their union, such a triple counts once in each graph then.
    """

    shared: Shared = frozenset()
    union: Store | None = None

    def overlap(self, graphs: Iterable[NamedNode]) -> bool:
        """Tell whether a triple stands in several of these graphs.

        >>> Merges(frozenset({frozenset({"e:a", "e:b"})})).overlap([NamedNode("e:a")])
        False
        """
        names = {graph.value for graph in graphs}
        return any(len(group & names) > 1 for group in self.shared)


NO_MERGES = Merges()
"""For a store of which it is not known what its graphs share: nothing is merged there."""


def find_merges(store: Store | None, lines: Iterable[bytes]) -> Merges:
    """Return the merges of a store, by the lines of its canonical N-Quads.

    Without the store there is no union: it would need as much memory again as all the graphs.
    """
    return make_merges(store, find_shared(lines))


def make_merges(store: Store | None, shared: Shared) -> Merges:
    """Return the merges of a store whose graphs are known to share triples, or to share none."""
    if not shared:
        return NO_MERGES
    if store is None:
        return Merges(shared)
    # A store has another order of its graphs each time, and answers follow that of the union.
    named = sorted(store.named_graphs(), key=str)
    return Merges(shared, merge(store, [DefaultGraph(), *named], named))


def merge(store: Store, merged: Iterable[Graph], named: Collection[Graph]) -> Store:
    """Return a store in memory: its default graph is the merge of graphs, beside named ones."""
    made = Store()
    made.bulk_extend(
        chain(
            (Quad(each.subject, each.predicate, each.object) for each in _quads(store, merged)),
            _quads(store, named),
        )
    )
    for graph in named:
        if not isinstance(graph, DefaultGraph):
            made.add_graph(graph)
    return made


def see_graphs(store: Store, data_set: DataSet, merges: Merges) -> tuple[Store, dict[str, Any]]:
    """Return the store to ask about a data set, and the options of ``Store.query`` for it."""
    named = [*data_set.named]
    if merges.overlap(data_set.merged):
        merged = merge(store, data_set.merged, named)
        return merged, {"default_graph": [DefaultGraph()], "named_graphs": named}
    return store, {"default_graph": [*data_set.merged], "named_graphs": named}


def see_default(store: Store, merges: Merges, *, union: bool) -> tuple[Store, dict[str, Any]]:
    """Return the store to ask where no graph is named, and the options of ``Store.query``."""
    if union and merges.union is not None:
        return merges.union, {}
    return store, {"use_default_graph_as_union": union}


def find_shared(lines: Iterable[bytes]) -> Shared:
    r"""Return which graphs share triples, by the lines of canonical N-Quads.

    >>> lines = b"<e:a> <e:b> <e:c> .\n<e:a> <e:b> <e:c> <e:g> .\n<e:a> <e:b> <e:d> <e:g> .\n"
    >>> [sorted(group) for group in find_shared(lines.splitlines(keepends=True))]
    [['', 'e:g']]
    """
    found: set[frozenset[str]] = set()
    group: set[str] = set()
    before, start = b"", b"\n"
    for line in lines:
        # The lines of a triple stand together, and few others pass this.
        if line.startswith(start) and _triple(line) == _triple(before):
            group |= {graph_of_line(before[:-1]), graph_of_line(line[:-1])}
        elif group:
            found.add(frozenset(group))
            group = set()
        before, start = line, line[: line.rfind(b" ", 0, -len(_END)) + 1]
    return frozenset(found | {frozenset(group)} if group else found)


def _triple(line: bytes) -> bytes:
    """Return a line of N-Quads up to its graph."""
    triple = line.removesuffix(_END)
    return triple.rpartition(b" ")[0] if graph_of_line(line[:-1]) else triple


def _quads(store: Store, graphs: Iterable[Graph]) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, graph)
