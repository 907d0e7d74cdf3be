"""TRAPI 1.5: its queries as those of 2.0, and answers of 2.0 as its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.trapi.biolink import PREFIX
from api.trapi.errors import TrapiProblem
from api.trapi.graph import Graph
from api.trapi.versions import INFORES, OLDER

__all__ = ["older_response", "upgraded"]

Json = dict[str, Any]
_LISTS = ("constraints", "member_ids", "attribute_constraints", "qualifier_constraints")
_PARAMETERS = ("log_level", "bypass_cache")


def upgraded(body: Mapping[str, Any]) -> Json:
    """Return a query of 1.5 as 2.0 words it: without nulls, constraints and parameters moved.

    >>> upgraded({"message": {"query_graph": None}, "log_level": "DEBUG"})
    {'message': {}, 'parameters': {'log_level': 'DEBUG'}}
    """
    found: Json = _without_nulls(body)
    message = found.get("message")
    if isinstance(message, dict) and isinstance(graph := message.get("query_graph"), dict):
        message["query_graph"] = _upgraded_graph(graph)
    given = {name: found.pop(name) for name in _PARAMETERS if name in found}
    if given:
        found["parameters"] = given
    return found


def older_response(graph: Graph, response: Json, given: Mapping[str, Any]) -> Json:
    """Return an answer of 2.0 as one of 1.5; ``given`` is the query as its client sent it."""
    message = response["message"]
    knowledge, asked = message["knowledge_graph"], message["query_graph"]
    edges = {name: _edge(edge) for name, edge in knowledge["edges"].items()}
    auxiliary = {
        name: {**each, "attributes": []}
        for name, each in message.get("auxiliary_graphs", {}).items()
    }
    ids = {name: _query_ids(graph, node) for name, node in asked["nodes"].items()}
    changed: Json = {
        "query_graph": given["message"]["query_graph"],
        "knowledge_graph": {"nodes": knowledge["nodes"], "edges": edges},
        "results": [_result(result, ids) for result in message["results"]],
        **({"auxiliary_graphs": auxiliary} if auxiliary else {}),
    }
    kept = {name: each for name, each in response.items() if name != "parameters"}
    return {**kept, "message": changed, "schema_version": OLDER.schema}


def _upgraded_graph(graph: Json) -> Json:
    if "paths" in graph:
        raise TrapiProblem("paths are asked for in TRAPI 2.0, and not in 1.5", 501)
    if "edges" not in graph:
        raise TrapiProblem("message.query_graph.edges is missing")
    for node in _parts(graph, "nodes"):
        if node.get("set_interpretation") == "COLLATE":
            raise TrapiProblem("COLLATE is a set_interpretation of TRAPI 2.0, and not of 1.5")
        _drop_empty(node)
    for edge in _parts(graph, "edges"):
        _drop_empty(edge)
        constraints = {
            name: moved
            for name, moved in (
                ("attributes", edge.pop("attribute_constraints", None)),
                ("qualifiers", _qualifiers(edge.pop("qualifier_constraints", None))),
            )
            if moved
        }
        if constraints:
            edge["constraints"] = constraints
    if not graph["edges"]:
        del graph["edges"]
    return graph


def _parts(graph: Json, name: str) -> list[Json]:
    found = graph.get(name, {})
    values = found.values() if isinstance(found, dict) else ()
    return [each for each in values if isinstance(each, dict)]


def _drop_empty(part: Json) -> None:
    """Drop the lists that may be empty in 1.5."""
    for name in _LISTS:
        if part.get(name) == []:
            del part[name]


def _qualifiers(constraints: Any) -> list[Json] | None:
    if constraints is None:
        return None
    try:
        return [
            {each["qualifier_type_id"]: each["qualifier_value"] for each in one["qualifier_set"]}
            for one in constraints
        ]
    except (TypeError, KeyError):
        raise TrapiProblem(
            "a qualifier constraint is an object with a qualifier_set, a list of objects with "
            "qualifier_type_id and qualifier_value"
        ) from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value if each is not None]
    return value


def _edge(edge: Json) -> Json:
    found = dict(edge)
    made = [
        {
            "attribute_type_id": PREFIX + name,
            "value": found.pop(name),
            "attribute_source": INFORES,
        }
        for name in ("knowledge_level", "agent_type")
    ]
    return {**found, "attributes": [*made, *found.get("attributes", ())]}


def _query_ids(graph: Graph, node: Mapping[str, Any]) -> dict[str, str]:
    """Return the id of the query that each node stands for which has another one of its own."""
    asked = node.get("member_ids") or node.get("ids") or []
    found: dict[str, str] = {}
    for curie in asked:
        for each in graph.nodes.find(curie):
            if each.curie not in asked:
                found.setdefault(each.curie, curie)
    return found


def _result(result: Json, query_ids: Mapping[str, Mapping[str, str]]) -> Json:
    nodes = {
        name: [_node_binding(each, query_ids[name]) for each in binding["ids"]]
        for name, binding in result["node_bindings"].items()
    }
    analyses = [
        {
            **analysis,
            "edge_bindings": {
                name: [{"id": each, "attributes": []} for each in binding["ids"]]
                for name, binding in analysis["edge_bindings"].items()
            },
        }
        for analysis in result.get("analyses", ())
    ]
    return {"node_bindings": nodes, "analyses": analyses}


def _node_binding(curie: str, query_ids: Mapping[str, str]) -> Json:
    found: Json = {"id": curie, "attributes": []}
    if curie in query_ids:
        found["query_id"] = query_ids[curie]
    return found
