"""Pathfinder: the ways from one thing to another, over genes, families and biomarkers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.trapi.biolink import PREFIX, categories
from api.trapi.edges import Edge
from api.trapi.errors import TrapiProblem
from api.trapi.graph import Graph
from api.trapi.limits import LONGEST_PATH, MOST_RESULTS
from api.trapi.question import QPath

__all__ = ["Way", "find_ways"]

_OVER = ("Gene", "Protein", "MolecularEntity", "GeneFamily", "SequenceVariant")
_SUBCLASS, _MEMBER = "subclass_of", "member_of"
_ACTIONS = frozenset({"affects", "directly_physically_interacts_with"})


@dataclass(frozen=True)
class Way:
    """A path of edges one after another, each in either direction, and the things on it."""

    edges: tuple[Edge, ...]
    things: tuple[str, ...]

    @property
    def order(self) -> tuple[int, tuple[str, ...]]:
        """What ways are sorted by: short ones first."""
        return len(self.edges), tuple(edge.key for edge in self.edges)


def find_ways(graph: Graph, path: QPath, start: str, goal: str) -> list[Way]:
    """Return the ways between two things that a query asks for, short ones first.

    In between are genes, their products and families, and biomarkers; other categories where the
    query names them. Of several edges of one kind between two things the first stands for all.
    Where start or goal is a tumour, ways may start or end at a kind of it.
    """
    wanted = [
        [_below(name) for name in each.intermediate_categories] for each in path.constraints
    ] or [[]]
    named = frozenset(name for each in wanted for found in each for name in found)
    found = {}
    for way in _Finder(graph, frozenset(_OVER) | named, start, goal).ways():
        if not _descends(way) and any(_holds(graph, way, each) for each in wanted):
            found[way.order] = way
        if len(found) > MOST_RESULTS:
            message = f"there are more than {MOST_RESULTS} paths, which is the limit"
            raise TrapiProblem(f"{message}: name fewer intermediate_categories", 413)
    return [found[order] for order in sorted(found)]


@dataclass(frozen=True)
class _Finder:
    graph: Graph
    over: frozenset[str]
    start: str
    goal: str

    def ways(self) -> Iterator[Way]:
        """Yield the ways, those over what is narrower than start or goal too."""
        goals = self._kinds(self.goal)
        for first in sorted(self._kinds(self.start)):
            for way in self._to_any(first, goals):
                yield self._with_ends(way, first, way.things[-1])

    def _kinds(self, thing: str) -> set[str]:
        return {thing, *self.graph.narrower.get(thing, ())}

    def _with_ends(self, way: Way, first: str, last: str) -> Way:
        below = self.graph.chain(first, self.start) if first != self.start else ()
        above = self.graph.chain(last, self.goal) if last != self.goal else ()
        return Way(
            (*reversed(below), *way.edges, *above),
            (
                *(edge.object for edge in reversed(below)),
                *way.things,
                *(edge.object for edge in above),
            ),
        )

    def _to_any(self, first: str, goals: set[str]) -> Iterator[Way]:
        pending: list[Way] = [Way((), (first,))]
        while pending:
            way = pending.pop()
            for edge, thing in self._next.get(way.things[-1], ()):
                longer = Way((*way.edges, edge), (*way.things, thing))
                if thing in way.things:
                    continue
                if thing in goals:
                    yield longer
                if len(longer.edges) < LONGEST_PATH and self._may_pass(thing):
                    pending.append(longer)

    def _may_pass(self, thing: str) -> bool:
        is_end = thing in (self.start, self.goal)
        return not is_end and self.graph.node(thing).is_of(self.over)

    @cached_property
    def _next(self) -> Mapping[str, list[tuple[Edge, str]]]:
        """The steps from each thing: one edge for each predicate to each other thing."""
        first: dict[tuple[str, str, str], Edge] = {}
        for edge in self.graph.edges:
            if edge.predicate != _SUBCLASS and not edge.is_negated:
                first.setdefault((edge.subject, edge.predicate, edge.object), edge)
        found: dict[str, list[tuple[Edge, str]]] = defaultdict(list)
        for edge in first.values():
            found[edge.subject].append((edge, edge.object))
            found[edge.object].append((edge, edge.subject))
        return found


def _descends(way: Way) -> bool:
    """Tell whether a way takes what is said of a family for something said of a member."""
    return any(
        {first.predicate, second.predicate} & _ACTIONS
        and any(each.predicate == _MEMBER and each.object == thing for each in (first, second))
        for first, second, thing in zip(way.edges, way.edges[1:], way.things[1:], strict=False)
    )


def _holds(graph: Graph, way: Way, wanted: Iterable[frozenset[str]]) -> bool:
    """Tell whether a way has a thing of each category in between."""
    between = [graph.node(iri) for iri in way.things[1:-1]]
    return all(any(node.is_of(names) for node in between) for names in wanted)


def _below(name: str) -> frozenset[str]:
    return categories().below(name.removeprefix(PREFIX))
