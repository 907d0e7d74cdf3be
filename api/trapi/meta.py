"""The meta knowledge graph: which kinds of nodes and edges the snapshot has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from api.trapi.attributes import Attribute
from api.trapi.biolink import PREFIX
from api.trapi.edges import Edge
from api.trapi.graph import Graph
from api.trapi.versions import INFORES

__all__ = ["meta_knowledge_graph"]

Json = dict[str, Any]


def meta_knowledge_graph(graph: Graph) -> Json:
    """Return the categories of nodes, and the kinds of edges between them, of one snapshot."""
    used = {iri for edge in graph.edges for iri in (edge.subject, edge.object)}
    nodes = [node for iri, node in graph.nodes.by_iri.items() if iri in used]
    names = sorted({name for node in nodes for name in node.categories})
    return {
        "nodes": {
            PREFIX + name: {
                "id_prefixes": sorted(
                    {
                        curie.partition(":")[0]
                        for node in nodes
                        if name in node.categories
                        for curie in node.identifiers
                    }
                ),
                "attributes": list(
                    _attributes(
                        each
                        for node in nodes
                        if name in node.categories
                        for each in node.attributes
                    )
                ),
            }
            for name in names
        },
        "edges": list(_edges(graph)),
    }


def _edges(graph: Graph) -> Iterator[Json]:
    grouped: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        for subject in graph.node(edge.subject).categories:
            for thing in graph.node(edge.object).categories:
                grouped[subject, edge.predicate, thing].append(edge)
    for subject, predicate, thing in sorted(grouped):
        edges = grouped[subject, predicate, thing]
        found: Json = {
            "subject": PREFIX + subject,
            "predicate": PREFIX + predicate,
            "object": PREFIX + thing,
            "knowledge_types": ["lookup"],
        }
        held = list(_attributes(each for edge in edges for each in graph.attributes(edge)))
        if held:
            found["attributes"] = held
        if qualifiers := list(_qualifiers(graph, edges)):
            found["qualifiers"] = qualifiers
        yield found


def _qualifiers(graph: Graph, edges: Iterable[Edge]) -> Iterator[Json]:
    found: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        for name, value in edge.qualifiers:
            found[name].add(graph.qualifier(name, value))
    for name in sorted(found):
        yield {"qualifier_type_id": PREFIX + name, "applicable_values": sorted(found[name])}


def _attributes(attributes: Iterable[Attribute]) -> Iterator[Json]:
    names: dict[str, set[str]] = defaultdict(set)
    for each in attributes:
        kind = each["attribute_type_id"]
        original = each.get("original_attribute_name")
        names[kind] |= {original} if original else set()
    for kind in sorted(names):
        yield {
            "attribute_type_id": kind,
            "attribute_source": INFORES,
            **({"original_attribute_names": sorted(names[kind])} if names[kind] else {}),
            "constraint_use": True,
            "constraint_name": kind.partition(":")[2].replace("_", " "),
        }
