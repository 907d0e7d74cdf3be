"""Paths from drugs to histologies, with the claims behind each step: ``/api/v1/paths``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import JSON_RESPONSES, Desk, Services, envelope, json_answer
from api.evidence import Chosen
from api.paging import page_of
from api.parameters import PathFilter
from api.path_index import Edge, Path, PathKind
from api.problems import ParameterError
from api.record_routes import BULKY
from api.records import Json
from api.statements import INFERRED, describe

__all__ = ["path_router"]

_MEANINGS = {
    PathKind.MECHANISM: "a hypothesis: the drug acts on something that a source gives a part in "
    "the histology; never read it as 'treats'",
    PathKind.TESTED: "results of the drug in the histology are reported, whatever they say",
}
_DIRECTIONS = {
    "sarcoma:Supports": "supports",
    "sarcoma:Refutes": "refutes",
    "sarcoma:Inconclusive": "inconclusive",
}
_KINDS = {"drug": ("drugs",), "target": ("targets", "families"), "histology": ("histologies",)}


def path_router(services: Services) -> APIRouter:
    """Return the route of the paths."""
    router = APIRouter(prefix="/api/v1")

    async def find_paths(request: Request, wanted: Annotated[PathFilter, Query()]) -> Response:
        """Return the ways from a drug over targets to histologies, and the reasons of each.

        At least one of drug, target and histology must be given. The kinds of paths are kept
        apart: a mechanism is a hypothesis, a test is a reported result.
        """
        return await json_answer(request, services, partial(_answer, wanted=wanted))

    router.add_api_route(
        "/paths",
        find_paths,
        tags=["paths"],
        summary="Paths from drugs over targets to histologies",
        openapi_extra={"x-example": "/api/v1/paths?drug=imatinib&histology=GIST"},
        response_class=Response,
        responses=JSON_RESPONSES,
    )
    return router


async def _answer(desk: Desk, *, wanted: PathFilter) -> Json:
    given = wanted.model_dump(exclude_none=True, exclude={"limit", "cursor"}, mode="json")
    paths = _find(desk, wanted)
    mark = f"{desk.library.snapshot} paths {sorted(given.items())}"
    page = page_of(paths, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    records = await _describe(desk, page.items)
    around = envelope("/api/v1/paths", given, page, wanted.limit, desk.library.snapshot)
    meanings = {kind.value: meaning for kind, meaning in _MEANINGS.items()}
    shown = [_show(desk, path, records) for path in page.items]
    return {**around, "kinds": meanings, "paths": shown}


def _find(desk: Desk, wanted: PathFilter) -> list[Path]:
    iris: dict[str, str] = {}
    for parameter, kinds in _KINDS.items():
        name = getattr(wanted, parameter)
        if name is not None:
            iris[parameter] = desk.library.directory.get(name, kinds, parameter=parameter).iri
    if not iris:
        raise ParameterError("drug", "give at least one of drug, target and histology")
    paths = (
        path
        for path in desk.library.paths.find(**iris)
        if wanted.kind in (None, path.kind) and not (wanted.direct and path.match == "inherited")
    )
    return sorted(paths, key=lambda path: _order(desk, path))


def _order(desk: Desk, path: Path) -> tuple[str, ...]:
    label = desk.library.directory.label
    iris = (path.drug, path.histology, *path.targets)
    return (path.kind, *(label(iri) or iri for iri in iris))


async def _describe(desk: Desk, paths: Iterable[Path]) -> dict[str, Json]:
    """Return the records of all claims and results of some paths, each written once."""
    index = desk.library.paths
    iris = {claim for path in paths for edge in path.edges for claim in edge.claims}
    iris |= {each.iri for path in paths for each in index.results(path)}
    if not iris:
        return {}
    statements = await describe(desk.engine, iris, root=desk.root, siblings=False)
    bulky = [desk.library.context.namespaces.ontology + name for name in BULKY]
    return {iri: desk.writer.write(iri, statements, without=bulky) for iri in iris}


def _show(desk: Desk, path: Path, records: Mapping[str, Json]) -> Json:
    nodes = ((path.drug, "drug"), *((iri, "target") for iri in path.targets))
    nodes = (*nodes, (path.histology, "histology"))
    reference = desk.writer.reference
    return {
        "kind": path.kind.value,
        **({"match": path.match.value} if path.match else {}),
        "drug": reference(path.drug),
        "targets": [reference(iri) for iri in path.targets],
        "histology": reference(path.histology),
        "nodes": [{**reference(iri), "iri": iri, "kind": _kind(iri, kind)} for iri, kind in nodes],
        "edges": [_show_edge(desk, edge, records) for edge in path.edges],
        "evidence": _show_evidence(path.drug, desk.library.paths.results(path), records),
    }


def _kind(iri: str, kind: str) -> str:
    return "family" if "/family/" in iri else kind


def _show_edge(desk: Desk, edge: Edge, records: Mapping[str, Json]) -> Json:
    shorten, ontology = desk.library.directory.shorten, desk.library.context.namespaces.ontology
    predicate = ontology + edge.predicate
    return {
        "subject": shorten(edge.subject),
        "predicate": shorten(predicate),
        "label": desk.library.directory.label(predicate) or edge.predicate,
        "object": shorten(edge.object),
        "inferred": all(graph.startswith(INFERRED) for graph in edge.graphs),
        "graphs": [shorten(graph) for graph in edge.graphs],
        "claims": [records[claim] for claim in edge.claims],
    }


def _show_evidence(
    drug: str, results: Iterable[Chosen], records: Mapping[str, Json]
) -> dict[str, list[Json]]:
    groups: dict[str, list[Json]] = {name: [] for name in (*_DIRECTIONS.values(), "unstated")}
    for each in results:
        record = records[each.iri]
        group = "inconclusive" if _is_given_by_both_sides(drug, record) else _direction(record)
        groups[group].append({**record, **({"match": each.match.value} if each.match else {})})
    return groups


def _direction(record: Json) -> str:
    return _DIRECTIONS.get(record.get("direction", {}).get("id", ""), "unstated")


def _is_given_by_both_sides(drug: str, record: Json) -> bool:
    """Tell whether a comparison gives the drug on both sides.

    Such a comparison, of doses or of partners, speaks neither for nor against the drug itself.
    """
    slug = drug.rsplit("/", 1)[-1]
    return any(other["id"] == f"drug:{slug}" for other in record.get("comparatorDrug", ()))
