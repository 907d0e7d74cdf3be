"""The mappings to other systems: ``/api/v1/mappings``, as a list or as a set of SSSOM."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field, create_model
from starlette.responses import Response

from api.answers import Desk, Services
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.kinds import get_kind
from api.list_answers import list_answer
from api.list_choice import choose_rows
from api.list_parameters import filter_of
from api.list_question import read_question
from api.mapping_set import mapping_set
from api.parameters import ListFilter, ListFormat
from api.problems import ParameterError
from api.record_contract import describe_list
from api.workshop import engine_from_afar
from kg.sssom_export import CONTENT_TYPE

__all__ = ["mapping_router"]

_KIND = "mappings"
_WHOLE = ("limit", "cursor", "sort", "fields", "facets")
"""What a set of SSSOM has no use for: it is whole, in the order of its identifiers."""


class MappingFormat(StrEnum):
    """How mappings are written."""

    JSON = "json"
    JSON_LD = "jsonld"
    CSV = "csv"
    TSV = "tsv"
    SSSOM = "sssom"


def mapping_router(services: Services) -> APIRouter:
    """Return the route of the list of mappings."""
    router = APIRouter(prefix="/api/v1")

    async def list_mappings(request: Request, wanted: ListFilter) -> Response:
        """List what is matched to things of other systems, with the relation and the grounds.

        `format=sssom` gives all that the filters leave, as a mapping set of SSSOM.
        """
        chosen = wanted.format and MappingFormat(wanted.format.value)
        if chosen is not MappingFormat.SSSOM:
            form = ListFormat(chosen.value) if chosen else None
            return await list_answer(request, services, _KIND, _with_format(wanted, form))
        return await _sssom_answer(request, services, _with_format(wanted, None))

    list_mappings.__annotations__["wanted"] = Annotated[_filter(), Query()]
    router.add_api_route(
        f"/{_KIND}",
        list_mappings,
        tags=["records"],
        name=f"list {_KIND}",
        operation_id=f"list_{_KIND}",
        summary="List mappings to other systems",
        openapi_extra={"x-example": "/api/v1/mappings?subject=imatinib&limit=5"},
        response_class=Response,
        responses=describe_list(get_kind(_KIND)),
    )
    return router


def _filter() -> type[ListFilter]:
    says = (
        "json, jsonld, csv, tsv or sssom; without it the header Accept decides. CSV and TSV hold "
        "the whole list unless `limit` is given, SSSOM always does."
    )
    field: Any = (MappingFormat | None, Field(None, description=says, examples=["csv"]))
    made: type[ListFilter] = create_model("MappingsFilter", __base__=filter_of(_KIND), format=field)
    return made


def _with_format(wanted: ListFilter, form: ListFormat | None) -> ListFilter:
    """Return the parameters with the format that other lists know."""
    names = wanted.model_fields_set - {"format"}
    given: dict[str, Any] = {name: getattr(wanted, name) for name in names}
    if form is not None:
        given["format"] = form
    return filter_of(_KIND)(**given)


async def _sssom_answer(request: Request, services: Services, wanted: ListFilter) -> Response:
    for name in _WHOLE:
        if name in wanted.model_fields_set:
            raise ParameterError(name, f"{name} is for other formats: a mapping set is whole")
    while True:
        library = await services.keeper.get()
        tag = entity_tag(request, library.snapshot, services.version, CONTENT_TYPE)
        if knows(request, tag):
            return not_modified(tag)
        desk = Desk(library, library.writer, engine_from_afar(services.engine))
        async with services.gate.enter(services.client_of(request)):
            body = await services.workshop.make(_write(desk, wanted))
        # Asked from two snapshots it would be a mixture: after a swap it is made anew.
        if services.engine.snapshot.id == library.snapshot:
            break
    if asks_for_none(request):
        return not_modified(tag)
    return Response(body, media_type=CONTENT_TYPE, headers=_headers(library.snapshot, tag))


async def _write(desk: Desk, wanted: ListFilter) -> bytes:
    lists = desk.library.lists
    table = await lists.table(desk.engine, _KIND)
    chosen = choose_rows(desk.library.directory, table, read_question(lists, table, wanted))
    names = desk.library.context.namespaces
    return await mapping_set(desk.engine, names, only={each.row.iri for each in chosen})


def _headers(snapshot: str, tag: str) -> Mapping[str, str]:
    name = f"sarcoma-kg-{_KIND}-{snapshot[:12]}.sssom.tsv"
    return {
        **tagged(tag),
        "Sarcoma-KG-Snapshot": snapshot,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
