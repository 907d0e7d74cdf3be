"""The answer to a query: results, the knowledge behind them, and what happened on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.engine import Engine
from api.quotation import clipped
from api.trapi.attributes import Attribute
from api.trapi.biolink import PREFIX
from api.trapi.checks import check_query
from api.trapi.compare import Comparer, find_matches
from api.trapi.graph import Graph
from api.trapi.knowledge import Knowledge
from api.trapi.limits import MOST_RESULTS, check_limit
from api.trapi.pathfinder import find_ways
from api.trapi.question import Query, QueryGraph
from api.trapi.search import Row, Search
from api.trapi.versions import BIOLINK, INFORES, NEWEST

__all__ = ["answer_query"]

_SEVERITY = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass
class _Logs:
    least: str
    entries: list[dict[str, str]] = field(default_factory=list)

    def add(self, level: str, code: str, message: str) -> None:
        if _SEVERITY.index(level) >= _SEVERITY.index(self.least):
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            entry = {"timestamp": now, "level": level, "code": code, "message": message}
            self.entries.append(entry)


async def answer_query(
    graph: Graph, query: Query, given: Mapping[str, Any], engine: Engine
) -> dict[str, Any]:
    """Return the response to a query; ``given`` is what the client sent.

    Raises TrapiProblem for what cannot be answered.
    """
    check_query(query, graph.constrainable)
    asked = query.graph
    logs = _Logs(query.parameters.log_level)
    knowledge = Knowledge(graph)
    comparer = Comparer(await _matches(graph, asked, engine))
    search = Search(graph, asked, comparer)
    _warn(logs, search)
    results = list(_paths(search, knowledge) if asked.paths else _results(search, knowledge))
    logs.add("INFO", "Success", f"{len(results)} results, {len(knowledge.edges)} edges")
    message: dict[str, Any] = {
        "query_graph": given["message"]["query_graph"],
        "knowledge_graph": {"nodes": knowledge.nodes, "edges": knowledge.edges},
        "results": results,
    }
    if knowledge.auxiliary:
        message["auxiliary_graphs"] = knowledge.auxiliary
    return {
        **({"parameters": given["parameters"]} if "parameters" in given else {}),
        "message": message,
        "status": "Success",
        "description": f"Success. {len(results)} results found.",
        **({"logs": logs.entries} if logs.entries else {}),
        "workflow": [{"id": "lookup"}],
        "schema_version": NEWEST.schema,
        "biolink_version": BIOLINK,
    }


def _warn(logs: _Logs, search: Search) -> None:
    """Tell of what the query names and the graph lacks: it is the reason for what is not found."""
    for name in search.query.nodes:
        for curie in search.unknown(name):
            logs.add("WARNING", "UnknownIdentifier", f"{name}: {clipped(curie)} means nothing here")
        for curie, node in search.misplaced(name).items():
            kinds = " and ".join(PREFIX + each for each in node.categories)
            message = f"{name}: {clipped(curie)} is {kinds}, and of no category asked for"
            logs.add("WARNING", "UnmatchedCategory", message)
    for name in search.query.edges:
        for kind in search.unknown_qualifiers(name):
            missing = f"{name}: no edge has the qualifier {clipped(kind)}"
            logs.add("WARNING", "UnknownQualifier", missing)


async def _matches(graph: Graph, asked: QueryGraph, engine: Engine) -> Any:
    of_nodes = [each for node in asked.nodes.values() for each in node.constraints]
    of_edges = [each for edge in asked.edges.values() for each in edge.constraints.attributes]
    if all(each.operator != "matches" for each in (*of_nodes, *of_edges)):
        return {}
    held: list[Attribute] = [
        *(each for edge in graph.edges for each in graph.attributes(edge)),
        *(each for node in graph.nodes.by_iri.values() for each in node.attributes),
    ]
    return await find_matches(engine, (*of_nodes, *of_edges), held)


def _results(search: Search, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """Yield the results in the order of what their nodes are bound to."""
    graph, asked = search.graph, search.query
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    single = [name for name in asked.nodes if not asked.nodes[name].is_set]
    for row in search.rows():
        grouped[tuple(row[name] for name in single)].append(row)
    whole = {key: rows for key, rows in grouped.items() if _is_whole(search, rows)}
    check_limit("results", len(whole), MOST_RESULTS)
    order = {key: [graph.node(iri).curie for iri in key] for key in whole}
    for key in sorted(whole, key=lambda each: order[each]):
        yield _result(search, knowledge, whole[key])


def _is_whole(search: Search, rows: list[Row]) -> bool:
    """Tell whether every member is there of each set of which ALL are asked for."""
    for name, node in search.query.nodes.items():
        if node.set_interpretation == "ALL":
            found = {row[name] for row in rows}
            for curie in node.asked:
                if found.isdisjoint(each.iri for each in search.graph.nodes.find(curie)):
                    return False
    return True


def _result(search: Search, knowledge: Knowledge, rows: list[Row]) -> dict[str, Any]:
    nodes = {
        name: {"ids": sorted({knowledge.add_node(row[name]) for row in rows})}
        for name in search.query.nodes
    }
    edges = {}
    for name, edge in search.query.edges.items():
        ends = {(row[edge.subject], row[edge.object]) for row in rows}
        bound = [each for pair in sorted(ends) for each in search.pairs(name)[pair]]
        edges[name] = {"ids": list(dict.fromkeys(knowledge.add_bound(bound)))}
    if not edges:
        return {"node_bindings": nodes}
    analysis = {"resource_id": INFORES, "edge_bindings": edges}
    return {"node_bindings": nodes, "analyses": [analysis]}


def _paths(search: Search, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """Yield one result for each pair of ends, with one analysis for each path between them."""
    graph = search.graph
    name, path = next(iter(search.query.paths.items()))
    starts, goals = (sorted(search.things(each)) for each in (path.subject, path.object))
    for start, goal in ((start, goal) for start in starts for goal in goals if start != goal):
        analyses = []
        for way in find_ways(graph, path, start, goal):
            edges = [knowledge.add_edge(edge) for edge in way.edges]
            key = knowledge.add_graph("|".join(("path", *edges)), edges)
            analyses.append({"resource_id": INFORES, "path_bindings": {name: {"ids": [key]}}})
        if analyses:
            ends = {path.subject: start, path.object: goal}
            yield {
                "node_bindings": {
                    each: {"ids": [knowledge.add_node(iri)]} for each, iri in ends.items()
                },
                "analyses": analyses,
            }
