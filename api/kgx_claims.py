"""The claims of a snapshot for KGX: the very nodes and edges that answer reasoners."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from api.answered_request import answer_request, head_of
from api.directory import load_directory
from api.engine import Engine
from api.histologies import load_histologies
from api.messages import QueryRequest
from api.path_loading import load_paths
from api.reply import Reply
from api.trapi.attributes import Attribute
from api.trapi.biolink import PREFIX
from api.trapi.edges import Edge
from api.trapi.graph import Graph, load_graph
from api.trapi.nodes import Node
from api.trapi.versions import INFORES
from kg.kgx import KgxClaims, Record, Value
from kg.namespaces import read_namespaces
from kg.shipped import Shipped
from kg.snapshot import Snapshot, open_database

__all__ = ["read_claims"]

_HUMAN = "NCBITaxon:9606"
_HUMAN_ALONE = "HGNC:"
"""The system that names genes of no other species."""

_LEFT_OUT = frozenset({"negated", "support_graphs"})


def read_claims(snapshot: Snapshot, shipped: Shipped) -> KgxClaims:
    """Return the nodes and edges of a snapshot on disk, in the order of their ids."""
    graph = asyncio.run(_load(snapshot, shipped))
    nodes = sorted(graph.nodes.by_iri.values(), key=lambda node: node.curie)
    return KgxClaims(
        nodes=(_node(node) for node in nodes),
        edges=_edges(graph),
        identifiers={node.iri: node.curie for node in nodes},
    )


@dataclass(frozen=True)
class _Reader:
    """What of an engine loading takes: it asks the database of a snapshot in this process."""

    snapshot: Snapshot

    @asynccontextmanager
    async def ask_for_server(self, request: QueryRequest) -> AsyncIterator[Reply]:
        """Yield the answer to a query of the package's own."""
        answer = answer_request(open_database(self.snapshot), request)
        yield Reply(head_of(answer), _once(answer.body()), self.snapshot.id)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _load(snapshot: Snapshot, shipped: Shipped) -> Graph:
    engine = cast(Engine, _Reader(snapshot))
    directory = await load_directory(engine, read_namespaces(shipped.context))
    paths = await load_paths(engine, directory, await load_histologies(engine))
    return await load_graph(engine, directory, paths)


def _node(node: Node) -> Record:
    made: dict[str, Value] = {
        "id": node.curie,
        "category": [PREFIX + each for each in node.categories],
        "name": node.name,
        "iri": node.iri,
        "provided_by": [INFORES],
    }
    if others := [each for each in node.identifiers if each != node.curie]:
        made["xref"] = others
    if node.synonyms:
        made["synonym"] = list(node.synonyms)
    if any(each.startswith(_HUMAN_ALONE) for each in node.identifiers):
        made["in_taxon"] = [_HUMAN]
    return made


def _edges(graph: Graph) -> Iterator[Record]:
    for edge in sorted(graph.edges, key=graph.identifier):
        yield _edge(graph, edge)


def _edge(graph: Graph, edge: Edge) -> Record:
    written = graph.written(edge)
    (source,) = written["sources"]
    made: dict[str, Value] = {
        "id": _identifier(graph, edge),
        **{name: written[name] for name in ("subject", "predicate", "object")},
        "category": [f"{PREFIX}Association"],
        "primary_knowledge_source": source["resource_id"],
        **{name: written[name] for name in ("knowledge_level", "agent_type")},
    }
    for each in written.get("qualifiers", ()):
        made[each["qualifier_type_id"].removeprefix(PREFIX)] = each["qualifier_value"]
    if edge.is_negated:
        made["negated"] = True
    if urls := source.get("source_record_urls"):
        made["source_record_urls"] = urls
    if edge.supports:
        made["supporting_edges"] = [_identifier(graph, graph.by_key[k]) for k in edge.supports]
    return {**made, **_fields(written.get("attributes", ()))}


def _identifier(graph: Graph, edge: Edge) -> str:
    """Return the id of an edge; that of answers to reasoners has separators of lists in it."""
    return graph.identifier(edge).replace("|", ";")


def _fields(attributes: Iterable[Attribute]) -> Mapping[str, Value]:
    """Return attributes as columns: named as they are, those within others among them."""
    found: dict[str, list[Any]] = {}
    for each in _flat(attributes):
        name = each["attribute_type_id"].partition(":")[2]
        if name not in _LEFT_OUT:
            value = each["value"]
            held = found.setdefault(name, [])
            held += [v for v in (value if isinstance(value, list) else [value]) if v not in held]
    return {name: _value(values) for name, values in sorted(found.items())}


def _flat(attributes: Iterable[Attribute]) -> Iterator[Attribute]:
    for each in attributes:
        yield each
        yield from _flat(each.get("attributes", ()))


def _value(values: list[Any]) -> Value:
    """Return one value, or a list of texts; a range of characters is two numbers."""
    shown = ["-".join(map(str, each)) if isinstance(each, list) else each for each in values]
    if len(shown) == 1:
        return cast(Value, shown[0])
    return [str(each) for each in shown]
