"""Lists of records and single records: ``/api/v1/<kind>`` and ``/api/v1/<kind>/<id>``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.answers import JSON_RESPONSES, Desk, Services, envelope, json_answer, write_json
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.directory import Entry, record_address
from api.evidence import Chosen
from api.json_context import context_document
from api.kinds import KINDS, Kind
from api.paging import page_of
from api.parameters import ID, LONGEST_NAME, EvidenceFilter, ListFilter
from api.records import Json
from api.statements import describe

__all__ = ["BULKY", "list_entries", "record_router"]

BULKY = ("relevantToHistology", "hasEvidence", "broaderHistologyTransitive")
"""Inferred predicates that lists leave out: they repeat what a filter finds."""

_LISTED_ELSEWHERE = frozenset({"contraindications"})
"""Kinds whose list has a route of its own."""

_FILTERED = (
    ("drug", "aboutDrug", ("drugs",)),
    ("endpoint", "endpoint", ("endpoints",)),
    ("study", "ofStudy", ("studies",)),
    ("document", "inDocument", ("documents",)),
    ("line", "line", ("lines",)),
    ("setting", "setting", ("settings",)),
    ("treatmentMode", "treatmentMode", ("treatment-modes",)),
    ("direction", "direction", ("directions",)),
)
"""The filters of evidence: parameter, predicate, kinds of its value."""

_LINKED = {"drugs": "drug", "targets": "target", "families": "target", "histologies": "histology"}


def record_router(services: Services) -> APIRouter:
    """Return the routes of all kinds of records, and of their context."""
    router, routes = APIRouter(prefix="/api/v1"), _RecordRoutes(services)
    for kind in KINDS:
        listing = routes.evidence if kind.path == "evidence" else routes.listing(kind)
        if kind.path not in _LISTED_ELSEWHERE:
            router.add_api_route(
                f"/{kind.path}",
                listing,
                tags=["records"],
                name=f"list {kind.path}",
                summary=f"List {kind.path.replace('-', ' ')}",
                openapi_extra={"x-example": _example(kind)},
                response_class=Response,
                responses=JSON_RESPONSES,
            )
        router.add_api_route(
            f"/{kind.path}/{{id:path}}",
            routes.single(kind),
            tags=["records"],
            name=f"get {kind.path}",
            summary=f"One {kind.singular}, by id, slug, label or synonym",
            openapi_extra={"x-example": f"/api/v1/{kind.path}/{kind.example}"}
            if kind.example
            else None,
            response_class=Response,
            responses=JSON_RESPONSES,
        )
    router.add_api_route(
        "/context.jsonld",
        routes.context,
        tags=["records"],
        summary="The JSON-LD context of the JSON answers",
        response_class=Response,
        responses=JSON_RESPONSES,
    )
    return router


def _example(kind: Kind) -> str:
    if kind.path == "evidence":
        return "/api/v1/evidence?histology=leiomyosarcoma&minEvaluable=10"
    return f"/api/v1/{kind.path}?limit=5"


class _RecordRoutes:
    def __init__(self, services: Services) -> None:
        self._services = services

    def listing(self, kind: Kind) -> Callable[..., Awaitable[Response]]:
        async def list_records(
            request: Request, wanted: Annotated[ListFilter, Query()]
        ) -> Response:
            build = partial(list_entries, kind=kind, wanted=wanted)
            return await json_answer(request, self._services, build)

        return list_records

    def single(self, kind: Kind) -> Callable[..., Awaitable[Response]]:
        async def get_record(
            request: Request,
            id: Annotated[  # noqa: A002 - public
                str, Path(description=f"Which one: {ID}.", max_length=LONGEST_NAME)
            ],
        ) -> Response:
            return await json_answer(request, self._services, partial(_one, kind=kind, name=id))

        return get_record

    async def evidence(
        self, request: Request, wanted: Annotated[EvidenceFilter, Query()]
    ) -> Response:
        build = partial(_list_evidence, wanted=wanted)
        return await json_answer(request, self._services, build)

    async def context(self, request: Request) -> Response:
        """Return the context that turns the JSON answers into RDF."""
        tag = entity_tag(request, self._services.engine.snapshot.id, self._services.version)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        library = await self._services.keeper.get()
        body = write_json(context_document(library.context))
        return Response(body, media_type="application/ld+json", headers=tagged(tag))


async def list_entries(desk: Desk, *, kind: Kind, wanted: ListFilter) -> Json:
    """Return a page of the records of a kind."""
    directory = desk.library.directory
    found = directory.search(kind.path, wanted.q) if wanted.q else directory.members(kind.path)
    mark = f"{desk.library.snapshot} {kind.path} {wanted.q}"
    page = page_of(found, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    items = await _records(desk, [entry.iri for entry in page.items])
    around = envelope(
        f"/api/v1/{kind.path}", {"q": wanted.q}, page, wanted.limit, desk.library.snapshot
    )
    for item, entry in zip(items, page.items, strict=True):
        item["links"] = _links(kind, entry)
    return {**around, "items": items}


async def _one(desk: Desk, *, kind: Kind, name: str) -> Json:
    entry = desk.library.directory.get(name, [kind.path])
    reverse = desk.writer.reverse_predicates
    statements = await describe(desk.engine, [entry.iri], root=desk.root, reverse=reverse)
    record = desk.writer.write(entry.iri, statements)
    return {**record, "links": _links(kind, entry), "snapshot": desk.library.snapshot}


async def _list_evidence(desk: Desk, *, wanted: EvidenceFilter) -> Json:
    given = wanted.model_dump(by_alias=True, exclude_none=True, exclude={"limit", "cursor"})
    chosen = _choose(desk, given)
    mark = f"{desk.library.snapshot} evidence {sorted(given.items())}"
    page = page_of(chosen, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    items = await _records(desk, [each.iri for each in page.items])
    for item, each in zip(items, page.items, strict=True):
        if each.match:
            item["match"] = each.match.value
        item["links"] = {"self": record_address("evidence", str(item["id"]))}
    around = envelope("/api/v1/evidence", given, page, wanted.limit, desk.library.snapshot)
    return {**around, "items": items}


def _choose(desk: Desk, given: dict[str, object]) -> list[Chosen]:
    directory = desk.library.directory
    about = {
        predicate: directory.get(str(given[parameter]), kinds, parameter=parameter).iri
        for parameter, predicate, kinds in _FILTERED
        if parameter in given
    }
    histology = given.get("histology")
    within = (
        directory.get(str(histology), ["histologies"], parameter="histology") if histology else None
    )
    least = given.get("minEvaluable")
    chosen = desk.library.evidence.choose(
        histology=within.iri if within else None,
        only_direct=bool(given.get("direct")),
        min_evaluable=least if isinstance(least, int) else None,
        **about,
    )
    return list(chosen)


async def _records(desk: Desk, iris: list[str]) -> list[Json]:
    if not iris:
        return []
    statements = await describe(desk.engine, iris, root=desk.root)
    bulky = [desk.library.context.namespaces.ontology + name for name in BULKY]
    return [desk.writer.write(iri, statements, without=bulky) for iri in iris]


def _links(kind: Kind, entry: Entry) -> Json:
    links = {"self": record_address(kind.path, entry.curie)}
    if parameter := _LINKED.get(kind.path):
        links["paths"] = f"/api/v1/paths?{parameter}={entry.curie}"
        if parameter != "target":
            links["evidence"] = f"/api/v1/evidence?{parameter}={entry.curie}"
    return links
