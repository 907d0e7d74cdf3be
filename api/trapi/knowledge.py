"""The knowledge graph of one answer: nodes, edges, and the graphs that inferred edges rest on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from api.trapi.attributes import attribute
from api.trapi.biolink import PREFIX
from api.trapi.edges import Edge, Level
from api.trapi.graph import Graph, support_id
from api.trapi.limits import MOST_EDGES, check_limit
from api.trapi.search import Bound

__all__ = ["Knowledge"]

_SUPPORT = f"{PREFIX}support_graphs"
_LIFTED = "it is stated of something narrower, which is a kind of what was asked for"


@dataclass
class Knowledge:
    """Collects what an answer refers to."""

    graph: Graph
    nodes: dict[str, Any] = field(default_factory=dict)
    edges: dict[str, Any] = field(default_factory=dict)
    auxiliary: dict[str, Any] = field(default_factory=dict)

    def add_node(self, iri: str) -> str:
        """Add a node, and return its identifier."""
        node = self.graph.node(iri)
        self.nodes[node.curie] = node.content
        return node.curie

    def add_bound(self, bound: Iterable[Bound]) -> list[str]:
        """Add the edges that one edge of the query is bound to, and return their identifiers.

        What is about something narrower than asked is put together to edges on what was asked:
        one for each statement in kind, which rests on as many graphs as there are statements.
        """
        found: list[str] = []
        lifted: dict[tuple[Any, ...], list[Bound]] = defaultdict(list)
        for each in bound:
            if each.is_lifted:
                kind = (each.subject, each.edge.predicate, each.object, each.edge.qualifiers)
                lifted[kind].append(each)
            else:
                found.append(self.add_edge(each.edge))
        found += [self._add_lifted(each) for each in lifted.values()]
        check_limit("edges of the answer", len(self.edges), MOST_EDGES)
        return sorted(found)

    def add_edge(self, edge: Edge) -> str:
        """Add an edge of the graph with its ends and what it rests on, and return its name."""
        name = self.graph.identifier(edge)
        if name not in self.edges:
            self.add_node(edge.subject)
            self.add_node(edge.object)
            self.edges[name] = self.graph.written(edge)
            if edge.supports:
                self.add_graph(
                    support_id(name),
                    [self.add_edge(self.graph.by_key[key]) for key in edge.supports],
                )
        return name

    def add_graph(self, name: str, edges: Iterable[str]) -> str:
        """Add an auxiliary graph, and return its name."""
        self.auxiliary[name] = {"edges": list(dict.fromkeys(edges))}
        return name

    def _add_lifted(self, bound: list[Bound]) -> str:
        first = bound[0]
        graphs = [self._add_reason(each) for each in bound]
        digest = hashlib.sha256("\n".join(graphs).encode()).hexdigest()[:12]
        ends = [self.add_node(first.subject), self.add_node(first.object)]
        name = "|".join((first.edge.predicate, *ends, "entailed", digest))
        made = Edge(
            first.subject,
            first.edge.predicate,
            first.object,
            qualifiers=first.edge.qualifiers,
            level=Level.ENTAILMENT,
        )
        self.edges[name] = {
            **self.graph.written(made, is_inferred=True),
            "attributes": [attribute(_SUPPORT, graphs, description=_LIFTED)],
        }
        return name

    def _add_reason(self, bound: Bound) -> str:
        """Add the graph of a statement, and of the steps up to what it counts for."""
        edge = bound.edge
        steps = [
            step
            for narrow, wide in ((edge.subject, bound.subject), (edge.object, bound.object))
            if narrow != wide
            for step in self.graph.chain(narrow, wide)
        ]
        names = [self.add_edge(each) for each in (edge, *steps)]
        asked = (self.graph.node(each).curie for each in (bound.subject, bound.object))
        return self.add_graph("|".join(("kind of", *asked, names[0])), names)
