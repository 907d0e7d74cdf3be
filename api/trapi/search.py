"""The search for what a query graph asks: edges for each of its edges, joined at its nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from api.trapi.attributes import attribute
from api.trapi.biolink import PREFIX, categories, predicates, values
from api.trapi.compare import Comparer
from api.trapi.edges import Edge, Level
from api.trapi.errors import TrapiProblem
from api.trapi.graph import Graph
from api.trapi.limits import MOST_RESULTS
from api.trapi.nodes import Node
from api.trapi.question import QEdge, QNode, QueryGraph
from api.trapi.versions import INFORES

__all__ = ["Bound", "Row", "Search"]

Row = Mapping[str, str]
"""The thing that each node of the query is bound to."""

_ALL = f"{PREFIX}NamedThing"
_ANY = f"{PREFIX}related_to"
_NEGATED = f"{PREFIX}negated"
_SUBCLASS = "subclass_of"
_MOST_ROWS = 10 * MOST_RESULTS


@dataclass(frozen=True, order=True)
class Bound:
    """An edge, and the things that its ends count for: wider ones that the query asks for."""

    key: str
    subject: str
    object: str
    edge: Edge = field(compare=False)

    @property
    def is_lifted(self) -> bool:
        """Whether the edge is about something narrower than what is asked for."""
        return (self.subject, self.object) != (self.edge.subject, self.edge.object)


Pairs = dict[tuple[str, str], list[Bound]]
"""What binds an edge of the query, by what is bound to its subject and its object."""


@dataclass(frozen=True)
class Search:
    """A search in one graph."""

    graph: Graph
    query: QueryGraph
    comparer: Comparer = field(default_factory=Comparer)
    _domains: dict[str, Mapping[str, tuple[str, ...]] | None] = field(default_factory=dict)
    _pairs: dict[str, Pairs] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Return what the nodes may be bound to together; raises TrapiProblem for too many."""
        if not self.query.edges:
            name = next(iter(self.query.nodes))
            return [{name: each} for each in sorted(self.things(name))]
        rows: list[dict[str, str]] = [{}]
        for name in self._order():
            edge, pairs = self.query.edges[name], self.pairs(name)
            rows = list(islice(self._join(rows, edge, pairs), _MOST_ROWS + 1))
            if len(rows) > _MOST_ROWS:
                raise TrapiProblem(
                    f"there are more than {_MOST_ROWS} combinations, which is the limit: name "
                    "more ids, categories or predicates",
                    413,
                )
        return list(rows)

    def pairs(self, name: str) -> Pairs:
        """Return what an edge of the query may be bound to."""
        if name not in self._pairs:
            found: Pairs = defaultdict(list)
            for ends, bound in self._bindings(self.query.edges[name]):
                found[ends].append(bound)
            self._pairs[name] = {ends: sorted(set(bound)) for ends, bound in found.items()}
        return self._pairs[name]

    def things(self, name: str) -> set[str]:
        """Return what a node of the query may be bound to by itself."""
        domain = self._domain(name)
        if domain is not None:
            return {asked for found in domain.values() for asked in found}
        node = self.query.nodes[name]
        return {iri for iri in self.graph.nodes.by_iri if self._fits(node, iri)}

    def unknown(self, name: str) -> list[str]:
        """Return the ids of a node that mean nothing here."""
        asked = self.query.nodes[name].asked
        return [curie for curie in asked if not self.graph.nodes.find(curie)]

    def misplaced(self, name: str) -> Mapping[str, Node]:
        """Return the ids of a node whose things are of none of the categories asked for."""
        node = self.query.nodes[name]
        wanted = _below_any(node.categories or [_ALL])
        found = {each: one for each in node.asked for one in self.graph.nodes.find(each)}
        return {each: one for each, one in found.items() if not one.is_of(wanted)}

    def unknown_qualifiers(self, name: str) -> list[str]:
        """Return the qualifiers asked for that no edge of the graph has."""
        held = {PREFIX + each for edge in self.graph.edges for each, _ in edge.qualifiers}
        asked = {each for one in self.query.edges[name].constraints.qualifiers for each in one}
        return sorted(asked - held)

    def _order(self) -> Iterator[str]:
        """Yield the edges, each after one that it meets, and those with few bindings first."""
        left = sorted(self.query.edges, key=lambda name: len(self.pairs(name)))
        reached: set[str] = set()
        while left:
            name = next((each for each in left if reached & self._ends(each)), left[0])
            left.remove(name)
            reached |= self._ends(name)
            yield name

    def _ends(self, name: str) -> set[str]:
        edge = self.query.edges[name]
        return {edge.subject, edge.object}

    def _join(
        self, rows: list[dict[str, str]], edge: QEdge, pairs: Pairs
    ) -> Iterator[dict[str, str]]:
        by_end: tuple[dict[str, list[str]], dict[str, list[str]]] = (
            defaultdict(list),
            defaultdict(list),
        )
        for first, second in pairs:
            by_end[0][first].append(second)
            by_end[1][second].append(first)
        for row in rows:
            first, second = row.get(edge.subject, ""), row.get(edge.object, "")
            if first and second:
                found = [(first, second)] if (first, second) in pairs else []
            elif first:
                found = [(first, each) for each in by_end[0][first]]
            elif second:
                found = [(each, second) for each in by_end[1][second]]
            else:
                found = list(pairs)
            for one, other in found:
                if edge.subject != edge.object or one == other:
                    yield {**row, edge.subject: one, edge.object: other}

    def _bindings(self, edge: QEdge) -> Iterator[tuple[tuple[str, str], Bound]]:
        forward, backward = self._wanted(edge, is_negated=False)
        denied, denied_back = self._wanted(edge, is_negated=True)
        for each in self._candidates(edge):
            there, back = (denied, denied_back) if each.is_negated else (forward, backward)
            if each.predicate in there:
                yield from self._placed(edge, each, is_turned=False)
            if each.predicate in back:
                yield from self._placed(edge, each, is_turned=True)

    def _candidates(self, edge: QEdge) -> Iterable[Edge]:
        """Return the edges at the things asked for at one end, or all where none are."""
        ends = [self._domain(name) for name in (edge.subject, edge.object)]
        fixed = min((each for each in ends if each is not None), key=len, default=None)
        if fixed is None:
            return self.graph.edges
        found = {each.key: each for iri in fixed for each in self.graph.by_node.get(iri, ())}
        return [found[key] for key in sorted(found)]

    def _placed(
        self, query: QEdge, edge: Edge, *, is_turned: bool
    ) -> Iterator[tuple[tuple[str, str], Bound]]:
        ends = (query.object, query.subject) if is_turned else (query.subject, query.object)
        for subject in self._takes(ends[0], edge.subject):
            for thing in self._takes(ends[1], edge.object):
                bound = Bound(edge.key, subject, thing, edge)
                if self._may_lift(bound) and self._passes(query, bound):
                    yield (thing, subject) if is_turned else (subject, thing), bound

    def _may_lift(self, bound: Bound) -> bool:
        """Tell whether what holds of something narrower holds of what is asked for.

        That something does not help in one tumour says nothing of a wider group of tumours.
        """
        if not bound.is_lifted:
            return True
        is_tree = bound.edge.predicate == _SUBCLASS and bound.subject != bound.edge.subject
        return not bound.edge.is_negated and not is_tree and bound.subject != bound.object

    def _takes(self, name: str, iri: str) -> tuple[str, ...]:
        """Return what a node of the query is bound to by a thing: itself, or a wider one asked."""
        domain = self._domain(name)
        if domain is not None:
            return domain.get(iri, ())
        return (iri,) if self._fits(self.query.nodes[name], iri) else ()

    def _domain(self, name: str) -> Mapping[str, tuple[str, ...]] | None:
        """Return what each thing counts for at a node with ids: narrower ones for those asked."""
        if name not in self._domains:
            node = self.query.nodes[name]
            found: dict[str, list[str]] = defaultdict(list)
            for curie in node.asked:
                for each in self.graph.nodes.find(curie):
                    if self._fits(node, each.iri):
                        below = self.graph.narrower.get(each.iri, frozenset())
                        for iri in {each.iri, *below}:
                            found[iri].append(each.iri)
            domain = {iri: tuple(dict.fromkeys(asked)) for iri, asked in found.items()}
            self._domains[name] = domain if node.asked else None
        return self._domains[name]

    def _fits(self, node: QNode, iri: str) -> bool:
        known = self.graph.node(iri)
        if node.categories and not known.is_of(_below_any(node.categories)):
            return False
        return not node.constraints or self.comparer.passes(known.attributes, node.constraints)

    def _wanted(self, edge: QEdge, *, is_negated: bool) -> tuple[frozenset[str], frozenset[str]]:
        """Return the predicates that answer an edge of the query, as it goes and turned round.

        An edge that denies its predicate answers for what lies above that by ``is_a`` alone, so
        that nobody who asks what treats a tumour is told what does not; by a constraint on
        ``biolink:negated`` all of them are asked for.
        """
        terms = predicates()
        asks = any(each.id == _NEGATED for each in edge.constraints.attributes)
        below = terms.below_strictly if is_negated and not asks else terms.below
        forward: set[str] = set()
        backward: set[str] = set()
        for name in (each.removeprefix(PREFIX) for each in edge.predicates or [_ANY]):
            forward |= below(name)
            if terms.is_symmetric(name):
                backward |= below(name)
            for inverse in terms.inverses(name):
                backward |= below(inverse)
        return frozenset(forward), frozenset(backward)

    def _passes(self, query: QEdge, bound: Bound) -> bool:
        wanted = query.constraints
        edge = bound.edge
        level = Level.ENTAILMENT if bound.is_lifted else edge.level
        is_made = bound.is_lifted or edge.is_inferred
        agent = "automated_agent" if is_made else "manual_agent"
        found = {"knowledge_level": level.value, "agent_type": agent}
        for name, value in found.items():
            choice = getattr(wanted, name)
            if choice is not None and not choice.takes({value}):
                return False
        if wanted.sources is not None and not wanted.sources.takes({INFORES}):
            return False
        if wanted.qualifiers and not any(self._has(edge, each) for each in wanted.qualifiers):
            return False
        if not wanted.attributes:
            return True
        held = [] if bound.is_lifted else list(self.graph.attributes(edge))
        if not edge.is_negated:
            held.append(attribute(_NEGATED, value=False))
        return self.comparer.passes(held, wanted.attributes)

    def _has(self, edge: Edge, wanted: Mapping[str, str]) -> bool:
        held = {PREFIX + name: (name, value) for name, value in edge.qualifiers}
        return all(name in held and self._is_so(*held[name], each) for name, each in wanted.items())

    def _is_so(self, name: str, found: str, wanted: str) -> bool:
        """Tell whether a qualifier has a value: that thing, or a kind of it, where it is one."""
        things = {each.iri for each in self.graph.nodes.find(wanted)}
        if things:
            return any(found in {iri, *self.graph.narrower.get(iri, ())} for iri in things)
        return _is_below(self.graph.qualifier(name, found), wanted)


def _is_below(found: str, wanted: str) -> bool:
    """Tell whether a qualifier has a value, or one below it.

    >>> _is_below("activity", "activity_or_abundance"), _is_below("activity", "abundance")
    (True, False)
    """
    if wanted.startswith(PREFIX):
        return found.removeprefix(PREFIX) in predicates().below(wanted.removeprefix(PREFIX))
    return found in values().below(wanted)


def _below_any(names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        found |= categories().below(name.removeprefix(PREFIX))
    return frozenset(found)
