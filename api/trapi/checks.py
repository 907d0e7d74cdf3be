"""What a query may not ask, though its form is right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from api.quotation import clipped, quoted
from api.trapi.biolink import PREFIX, Terms, categories, predicates
from api.trapi.errors import TrapiProblem
from api.trapi.limits import LARGEST_BATCH, MOST_QUERY_EDGES, MOST_QUERY_NODES, check_limit
from api.trapi.question import AttributeConstraint, QEdge, QNode, QPath, Query, QueryGraph
from kg.near import suggest

__all__ = ["check_query"]

_UNITS: Mapping[str, tuple[str, ...]] = {
    "sarcoma:percent": ("UO:0000187",),
    "sarcoma:percentLow": ("UO:0000187",),
    "sarcoma:percentHigh": ("UO:0000187",),
    "sarcoma:months": ("UO:0000035",),
}
_OF_NODES = frozenset({f"{PREFIX}xref", f"{PREFIX}synonym"})
_OLDER = frozenset({"attribute_constraints", "qualifier_constraints"})
_LOOKUP = "lookup"


def check_query(query: Query, attributes_of_edges: Collection[str]) -> None:
    """Raise TrapiProblem for what cannot be answered; the status tells whose limit it is."""
    for step in query.workflow:
        _check_step(step)
    graph = query.graph
    check_limit("nodes of the query graph", len(graph.nodes), MOST_QUERY_NODES)
    check_limit("edges of the query graph", len(graph.edges), MOST_QUERY_EDGES)
    if graph.paths and graph.edges:
        raise TrapiProblem("the query graph has edges and a path; ask for one of both")
    for name, node in graph.nodes.items():
        _check_node(name, node)
    for name, edge in graph.edges.items():
        _check_edge(graph, name, edge, attributes_of_edges)
    for name, path in graph.paths.items():
        _check_path(graph, name, path)
    _check_whole(graph)


def _check_lengths(part: object, place: str) -> None:
    """Raise TrapiProblem for a list, or an object, with more items than a batch may have."""
    if isinstance(part, BaseModel):
        for field in type(part).model_fields:
            _check_lengths(getattr(part, field), f"{field} of {place}")
    elif isinstance(part, list | dict):
        check_limit(place, len(part), LARGEST_BATCH)
        items = part.items() if isinstance(part, dict) else enumerate(part)
        for name, each in items:
            _check_lengths(each, f"{clipped(str(name))} of {place}")


def _check_step(step: Any) -> None:
    name = step.get("id") if isinstance(step, Mapping) else None
    if not isinstance(name, str):
        raise TrapiProblem(f"a step of workflow is an object with an id, and not {quoted(step)}")
    if name != _LOOKUP:
        message = f"the operation {quoted(name)} is not implemented; implemented: {_LOOKUP}"
        raise TrapiProblem(message, 501)


def _check_node(name: str, node: QNode) -> None:
    _check_lengths(node, f"the node {name}")
    _check_terms(name, node.categories, categories(), "category")
    kind = node.set_interpretation
    if kind in ("ALL", "MANY") and (len(node.ids) != 1 or not node.member_ids):
        raise TrapiProblem(
            f"the node {name} is a set by {kind}: it needs one id, of the set, and its member_ids"
        )
    if kind in ("BATCH", "COLLATE") and node.member_ids:
        raise TrapiProblem(f"the node {name} has member_ids, which {kind} does not allow")
    if kind == "COLLATE" and node.ids:
        raise TrapiProblem(f"the node {name} has ids, which COLLATE does not allow")
    _check_constraints(name, node.constraints, _OF_NODES)


def _check_edge(graph: QueryGraph, name: str, edge: QEdge, known: Collection[str]) -> None:
    _check_ends(graph, name, edge)
    _check_lengths(edge, f"the edge {name}")
    _check_terms(name, edge.predicates, predicates(), "predicate")
    if edge.knowledge_type == "inferred":
        message = (
            f"the edge {name} asks for inferred knowledge, which is not implemented: lookup is"
        )
        raise TrapiProblem(message, 501)
    if edge.knowledge_type != _LOOKUP:
        wrong = quoted(edge.knowledge_type)
        raise TrapiProblem(f"the knowledge_type of the edge {name} is lookup, and not {wrong}")
    _check_constraints(name, edge.constraints.attributes, known)
    _check_extras(name, edge)
    if edge.constraints.qualifiers:
        ends = [graph.nodes[each] for each in (edge.subject, edge.object)]
        several = len(edge.predicates) > 1 or any(
            len(node.asked) > 1 or len(node.categories) > 1 for node in ends
        )
        if several:
            raise TrapiProblem(
                f"the edge {name} constrains qualifiers: then it may have one predicate, and its "
                "nodes one id and one category each"
            )


def _check_extras(name: str, edge: QEdge) -> None:
    """Raise TrapiProblem for constraints that would be passed over, and too much be found."""
    for extra, value in (edge.model_extra or {}).items():
        if extra in _OLDER and value:
            message = f"{extra} of the edge {name} is of TRAPI 1.5: 2.0 has it in constraints"
            raise TrapiProblem(message)
    for extra in edge.constraints.model_extra or {}:
        message = f"the edge {name} has the constraint {quoted(extra)}, which is not implemented"
        raise TrapiProblem(message, 501)


def _check_path(graph: QueryGraph, name: str, path: QPath) -> None:
    _check_ends(graph, name, path)
    _check_lengths(path, f"the path {name}")
    _check_terms(name, path.predicates, predicates(), "predicate")
    for each in (path.subject, path.object):
        if len(graph.nodes[each].ids) != 1 or graph.nodes[each].is_set:
            raise TrapiProblem(f"the path {name} needs one id at its node {each}")
    for constraint in path.constraints:
        _check_terms(name, constraint.intermediate_categories, categories(), "category")


def _check_ends(graph: QueryGraph, name: str, edge: QEdge | QPath) -> None:
    for each in (edge.subject, edge.object):
        if each not in graph.nodes:
            raise TrapiProblem(f"{name} goes to the node {quoted(each)}, which the query lacks")


def _check_terms(name: str, terms: Iterable[str], known: Terms, what: str) -> None:
    for term in (each.removeprefix(PREFIX) for each in terms):
        if not known.knows(term):
            near = suggest(term, known.content)
            raise TrapiProblem(f"{name}: {PREFIX}{term} is no {what} of Biolink{near}")


def _check_constraints(
    name: str, constraints: Iterable[AttributeConstraint], known: Collection[str]
) -> None:
    for each in constraints:
        if each.id not in known:
            near = suggest(each.id, known)
            message = f"{name}: no answer has the attribute {each.id} to be constrained{near}"
            raise TrapiProblem(message, 501)
        if each.unit_id is not None and each.unit_id not in _UNITS.get(each.id, ()):
            units = ", ".join(_UNITS.get(each.id, ())) or "none"
            message = f"{name}: {each.id} has the unit {units}, and not {quoted(each.unit_id)}"
            raise TrapiProblem(message, 501)


def _check_whole(graph: QueryGraph) -> None:
    """Raise TrapiProblem for a graph in parts, whose answers would be all pairs of answers."""
    links: list[QEdge | QPath] = [*graph.edges.values(), *graph.paths.values()]
    reached = {next(iter(graph.nodes))}
    for _ in graph.nodes:
        for link in links:
            if reached & {link.subject, link.object}:
                reached |= {link.subject, link.object}
    if apart := sorted(graph.nodes.keys() - reached):
        raise TrapiProblem(f"the query graph is in parts: {', '.join(apart)} is apart; join them")
