"""The graph for reasoners of one snapshot: its nodes and edges, and edges as TRAPI has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from api.directory import Directory
from api.engine import Engine
from api.path_index import PathIndex
from api.trapi.attributes import OWN, Attribute, AttributeWriter, attribute
from api.trapi.biolink import PREFIX
from api.trapi.edges import Edge, Level, find_edges
from api.trapi.facts import load_facts
from api.trapi.nodes import Node, Nodes, find_nodes
from api.trapi.versions import INFORES

__all__ = ["Graph", "load_graph", "support_id"]

_PRIMARY = "primary_knowledge_source"
_DENIED = "the statement says that this does not hold"


@dataclass(frozen=True)
class Graph:
    """Nodes and edges; ``wider`` leads from each histology to the next wider ones."""

    nodes: Nodes
    edges: tuple[Edge, ...]
    wider: Mapping[str, tuple[str, ...]]
    writer: AttributeWriter
    _attributes: dict[str, list[Attribute]] = field(default_factory=dict)

    @cached_property
    def by_key(self) -> Mapping[str, Edge]:
        """The edges by their keys."""
        return {edge.key: edge for edge in self.edges}

    @cached_property
    def by_node(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges from or to each node, in order."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            for end in {edge.subject, edge.object}:
                found[end].append(edge)
        return {iri: tuple(edges) for iri, edges in found.items()}

    @cached_property
    def narrower(self) -> Mapping[str, frozenset[str]]:
        """All histologies below each one, at any distance."""
        found: dict[str, set[str]] = defaultdict(set)
        for iri in self.wider:
            for above in self._above(iri):
                found[above].add(iri)
        return {iri: frozenset(below) for iri, below in found.items()}

    @cached_property
    def constrainable(self) -> frozenset[str]:
        """The attributes that some edge has."""
        held = (each for edge in self.edges for each in self.attributes(edge))
        return frozenset({f"{PREFIX}negated", *(each["attribute_type_id"] for each in held)})

    def node(self, iri: str) -> Node:
        """Return a node that is known."""
        return self.nodes.by_iri[iri]

    def identifier(self, edge: Edge) -> str:
        """Return the identifier of an edge: readable, and the same in every answer."""
        return self._identifiers[edge.key]

    def attributes(self, edge: Edge) -> list[Attribute]:
        """Return the attributes of an edge of the graph."""
        if edge.key not in self._attributes:
            self._attributes[edge.key] = self._write_attributes(edge)
        return self._attributes[edge.key]

    def chain(self, narrow: str, wide: str) -> tuple[Edge, ...]:
        """Return the steps from a histology up to a wider one, by the shortest way."""
        ways: dict[str, tuple[str, ...]] = {narrow: (narrow,)}
        pending = [narrow]
        while wide not in ways:
            here = pending.pop(0)
            for above in self.wider.get(here, ()):
                if above not in ways:
                    ways[above] = (*ways[here], above)
                    pending.append(above)
        way = ways[wide]
        steps = pairwise(way)
        return tuple(self.by_key[Edge(low, "subclass_of", high).key] for low, high in steps)

    def written(self, edge: Edge, *, is_inferred: bool = False) -> dict[str, Any]:
        """Return an edge as TRAPI 2.0 has it; one of no statement is inferred by what asks."""
        claims = edge.claims
        urls = sorted({url for claim in claims for url in self.writer.urls(claim)})
        source: dict[str, Any] = {"resource_id": INFORES, "resource_role": _PRIMARY}
        if urls:
            source["source_record_urls"] = urls
        found: dict[str, Any] = {
            "subject": self.node(edge.subject).curie,
            "predicate": PREFIX + edge.predicate,
            "object": self.node(edge.object).curie,
            "sources": [source],
            "knowledge_level": edge.level.value,
            "agent_type": "automated_agent" if is_inferred or edge.is_inferred else "manual_agent",
        }
        if edge.qualifiers:
            found["qualifiers"] = [
                {"qualifier_type_id": PREFIX + name, "qualifier_value": self.qualifier(name, value)}
                for name, value in edge.qualifiers
            ]
        attributes = [] if is_inferred else self.attributes(edge)
        if attributes:
            found["attributes"] = attributes
        return found

    def qualifier(self, name: str, value: str) -> str:
        """Return the value of a qualifier as answers hold it."""
        if value in self.nodes.by_iri:
            return self.node(value).curie
        return PREFIX + value if name == "qualified_predicate" else value

    @cached_property
    def _identifiers(self) -> Mapping[str, str]:
        shorten = self.nodes.directory.shorten
        return {
            edge.key: "|".join(
                shorten(part) if "://" in part else part for part in edge.key.split("|")
            )
            for edge in self.edges
        }

    def _write_attributes(self, edge: Edge) -> list[Attribute]:
        found = [each for claim in edge.claims for each in self.writer.of_claim(claim)]
        if edge.is_negated:
            found.insert(0, attribute(f"{PREFIX}negated", value=True, description=_DENIED))
        if edge.predicate == "treats":
            found.insert(0, self._approval(edge.claims[0]))
        if edge.through:
            name = "usesRegimen" if edge.predicate == "applied_to_treat" else "throughTarget"
            shown = self.nodes.directory.shorten(edge.through)
            label = self.nodes.directory.label(edge.through)
            found.append(attribute(OWN + name, shown, description=label))
        if edge.level is Level.PREDICTION and edge.claims:
            found.append(attribute(f"{PREFIX}description", "worded as a possibility"))
        if edge.supports:
            found.append(attribute(f"{PREFIX}support_graphs", [support_id(self.identifier(edge))]))
        return found

    def _approval(self, claim: str) -> Attribute:
        """Return the status of approval: Biolink has one value for the FDA, one for all others."""
        is_fda = self.writer.facts.find(claim, "decidedBy").endswith("/fda")
        status = "fda_approved_for_condition" if is_fda else "approved_for_condition"
        return attribute(f"{PREFIX}clinical_approval_status", status)

    def _above(self, iri: str) -> set[str]:
        found: set[str] = set()
        pending = [iri]
        while pending:
            new = set(self.wider.get(pending.pop(), ())) - found - {iri}
            found |= new
            pending += new
        return found


def support_id(edge: str) -> str:
    """Return the name of the graph that an inferred edge rests on.

    >>> support_id("target_for|target:kit|histology:gist")
    'support|target_for|target:kit|histology:gist'
    """
    return f"support|{edge}"


async def load_graph(engine: Engine, directory: Directory, index: PathIndex) -> Graph:
    """Return the graph of the snapshot that an engine serves."""
    facts = await load_facts(engine, directory.namespaces.ontology)
    nodes = find_nodes(directory, facts)
    edges = find_edges(index, facts, nodes)
    writer = AttributeWriter(facts, directory, index.documents)
    return Graph(nodes, edges, _wider(edges), writer)


def _wider(edges: Iterable[Edge]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.predicate == "subclass_of":
            found[edge.subject].append(edge.object)
    return {narrow: tuple(sorted(wide)) for narrow, wide in found.items()}
