"""Lists of records and single records: ``/api/v1/<kind>`` and ``/api/v1/<kind>/<id>``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.answers import JSON_RESPONSES, Desk, Services, json_answer, write_json
from api.comparisons import compare, read_beside
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.json_context import context_document
from api.kinds import KINDS, Kind
from api.list_answers import list_answer
from api.list_parameters import filter_of
from api.list_records import links_of, surroundings_of
from api.parameters import ID, LONGEST_NAME, ListFilter
from api.record_contract import describe_list, describe_record
from api.records import Json
from api.statements import describe

__all__ = ["record_router"]

_LISTED_ELSEWHERE = frozenset({"contraindications", "mappings"})
"""Kinds whose list has a route of its own."""

Route = Callable[..., Awaitable[Response]]


def record_router(services: Services) -> APIRouter:
    """Return the routes of all kinds of records, and of their context."""
    router, routes = APIRouter(prefix="/api/v1"), _RecordRoutes(services)
    for kind in KINDS:
        if kind.path not in _LISTED_ELSEWHERE:
            router.add_api_route(
                f"/{kind.path}",
                routes.listing(kind),
                tags=["records"],
                name=f"list {kind.path}",
                operation_id=f"list_{kind.path.replace('-', '_')}",
                summary=f"List {kind.path.replace('-', ' ')}",
                openapi_extra={"x-example": _example(kind)},
                response_class=Response,
                responses=describe_list(kind),
            )
        router.add_api_route(
            f"/{kind.path}/{{id:path}}",
            routes.single(kind),
            tags=["records"],
            name=f"get {kind.path}",
            operation_id=f"get_{kind.path.replace('-', '_')}",
            summary=f"One {kind.singular}, by id, slug, label or synonym",
            openapi_extra={"x-example": f"/api/v1/{kind.path}/{kind.example}"}
            if kind.example
            else None,
            response_class=Response,
            responses=describe_record(kind),
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

    def listing(self, kind: Kind) -> Route:
        async def list_records(request: Request, wanted: ListFilter) -> Response:
            return await list_answer(request, self._services, kind.path, wanted)

        # What may be asked differs from kind to kind.
        list_records.__annotations__["wanted"] = Annotated[filter_of(kind.path), Query()]
        return list_records

    def single(self, kind: Kind) -> Route:
        async def get_record(
            request: Request,
            id: Annotated[  # noqa: A002 - public
                str, Path(description=f"Which one: {ID}.", max_length=LONGEST_NAME)
            ],
        ) -> Response:
            return await json_answer(request, self._services, partial(_one, kind=kind, name=id))

        return get_record

    async def context(self, request: Request) -> Response:
        """Return the context that turns the JSON answers into RDF."""
        tag = entity_tag(request, self._services.engine.snapshot.id, self._services.version)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        library = await self._services.keeper.get()
        body = await self._services.kept.get(
            ("context", library.snapshot), lambda: write_json(context_document(library.context))
        )
        return Response(body, media_type="application/ld+json", headers=tagged(tag))


async def _one(desk: Desk, *, kind: Kind, name: str) -> Json:
    entry = desk.library.directory.get(name, [kind.path])
    reverse = desk.writer.reverse_predicates
    statements = await describe(desk.engine, [entry.iri], root=desk.root, reverse=reverse)
    record = desk.writer.write(entry.iri, statements)
    table = await desk.library.lists.rows_of(desk.engine, kind.path, [entry.iri])
    record |= surroundings_of(desk, table, table.by_iri[entry.iri])
    if kind.path == "comparisons":
        row = table.by_iri[entry.iri]
        record["comparison"] = compare(desk, await read_beside(desk, row), row, record)
    links = links_of(desk, kind.path, entry.iri)
    return {**record, "links": links, "snapshot": desk.library.snapshot}
