"""What a publication will be: where each graph stands, and how many triples belong there."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.publication import Publication, PublishedGraph
from kg.publish_blank import Component, components, skolemised
from kg.publish_lines import Group, Row, blank_labels, read_groups
from kg.snapshot import Snapshot
from kg.sources import graph_iri

__all__ = ["LARGEST_COMPONENT", "Plan", "make_plan", "standing_name"]

LARGEST_COMPONENT = 1000
"""Triples that hang together by blank nodes and still fit one update of every known engine."""


@dataclass(frozen=True)
class Plan:
    """A snapshot and its publication; ``expected`` counts the triples where graphs stand.

    ``blank`` are the triples with blank nodes that hang together in one graph, by the name under
    which that stands. Those of ``named`` are too many for one update, stand in several graphs, or
    are within triple terms: they get IRIs in place of blank nodes.
    """

    snapshot: Snapshot
    publication: Publication
    expected: Mapping[str, int]
    blank: Mapping[str, tuple[Component, ...]]
    named: tuple[Component, ...] = ()

    @cached_property
    def places(self) -> Mapping[str, PublishedGraph]:
        """Where each graph of the snapshot stands."""
        return self.publication.by_name

    @property
    def triples(self) -> int:
        """How many triples an endpoint gets, remainders and the union included."""
        return sum(self.expected.values())

    @cached_property
    def _named_labels(self) -> frozenset[bytes]:
        return frozenset(
            label for part in self.named for group in part for label in blank_labels(group.triple)
        )

    def rows(self, group: Group) -> Iterator[Row]:
        """Return the triple of a group, once for each graph that it is loaded into."""
        triple = group.triple
        if self.named and blank_labels(triple) & self._named_labels:
            triple = skolemised(triple, self.snapshot.id)
        for place, name in enumerate(group.graphs):
            graph = self.places[name]
            yield Row(graph.stands_as, triple)
            # A graph that shares this triple with an earlier one is without it in its remainder.
            if graph.remainder and not place:
                yield Row(graph.remainder, triple)
        if union := self.publication.union:
            yield Row(union, triple)


def standing_name(name: str, snapshot: str) -> str:
    """Return the name under which a graph of a snapshot stands at an endpoint.

    >>> standing_name("https://example.org/g", "1f02923e77aa00")
    'https://example.org/g.snapshot-1f02923e77aa'
    """
    if not name or name.startswith("_:"):
        name = graph_iri(f"blank-{name[2:]}" if name else "default")
    return f"{name}.snapshot-{snapshot[:12]}"


def make_plan(snapshot: Snapshot, *, union: bool = True) -> Plan:
    """Return the plan for a snapshot; reads its N-Quads once.

    With ``union``, there is a graph of all triples, where there is more than one graph.
    """
    shares: dict[str, set[str]] = defaultdict(set)
    repeated: Counter[str] = Counter()
    blank = []
    distinct = 0
    for group in read_groups(snapshot.nquads):
        distinct += 1
        if len(group.graphs) > 1:
            for place, name in enumerate(group.graphs[1:], 1):
                shares[name].update(group.graphs[:place])
                repeated[name] += 1
        if blank_labels(group.triple):
            blank.append(group)
    graphs = tuple(_graph(snapshot, name, shares.get(name, ())) for name in _names(snapshot))
    expected = {graph.stands_as: graph.triples for graph in graphs}
    expected |= {
        graph.remainder: graph.triples - repeated[graph.name] for graph in graphs if graph.remainder
    }
    merged = standing_name(graph_iri("union"), snapshot.id) if union and len(graphs) > 1 else None
    if merged:
        expected[merged] = distinct
    together, named = _sorted_out(components(blank), {graph.name: graph for graph in graphs})
    publication = Publication(snapshot.id, _digest(snapshot), graphs, merged)
    return Plan(snapshot, publication, expected, together, named)


def _sorted_out(
    parts: Iterable[Component], places: Mapping[str, PublishedGraph]
) -> tuple[Mapping[str, tuple[Component, ...]], tuple[Component, ...]]:
    """Return what keeps its blank nodes, by the name of its graph, and what does not."""
    together: dict[str, list[Component]] = defaultdict(list)
    named = []
    for part in parts:
        found = {places[name] for group in part for name in group.graphs}
        graph = next(iter(found))
        is_nested = any(b" <<" in group.triple for group in part)
        if len(found) > 1 or graph.remainder or is_nested or len(part) > LARGEST_COMPONENT:
            named.append(part)
        else:
            together[graph.stands_as].append(part)
    return {graph: tuple(each) for graph, each in together.items()}, tuple(named)


def _names(snapshot: Snapshot) -> list[str]:
    return sorted(snapshot.manifest.graphs)


def _graph(snapshot: Snapshot, name: str, shares: set[str] | tuple[()]) -> PublishedGraph:
    counts = snapshot.manifest.graphs[name]
    place = standing_name(name, snapshot.id)
    return PublishedGraph(
        name,
        place,
        counts.triples,
        counts.claims,
        f"{place}.remainder" if shares else None,
        tuple(sorted(shares)),
    )


def _digest(snapshot: Snapshot) -> str:
    return hashlib.sha256((snapshot.directory / "manifest.json").read_bytes()).hexdigest()
