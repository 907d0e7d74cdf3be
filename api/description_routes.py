"""The descriptions of the data set and of its example queries, at well-known addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import Services
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.description_pages import dataset_page, examples_page
from api.descriptions import Descriptions
from api.html import show_page, write_page
from api.own_address import own_address
from api.problems import ParameterError
from api.quotation import quoted
from api.sparql_contract import written_schema
from kg.formats import (
    Choice,
    GraphFormat,
    TableFormat,
    find_graph_format,
    find_table_format,
    get_graph_choice,
)
from kg.namespaces import Namespaces
from kg.snapshot import Snapshot

__all__ = ["description_router"]

_OFFERED = (*GraphFormat, *TableFormat)
_NAMES = ", ".join(each.extension for each in _OFFERED)
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The description",
        "content": {
            each.media_type: {"schema": written_schema(each.media_type)} for each in _OFFERED
        },
    }
}

Write = Callable[[Descriptions, str, Choice[GraphFormat]], Awaitable[bytes]]


@dataclass(frozen=True)
class _Description:
    """One description: its address, what it is, how it is written, and its page."""

    path: str
    what: str
    summary: str
    write: Write
    show: Callable[[Descriptions, Callable[[str], str]], Iterable[str]]


_DESCRIPTIONS = (
    _Description(
        "/.well-known/void",
        "the description of the data set",
        "What the data set holds (VoID): graphs, classes, properties, with their counts",
        Descriptions.dataset,
        dataset_page,
    ),
    _Description(
        "/.well-known/sparql-examples",
        "the list of example queries",
        "Example queries, as SHACL executables; also in the graph graph:examples",
        Descriptions.example_queries,
        lambda kept, _: examples_page(kept),
    ),
)


def description_router(services: Services) -> APIRouter:
    """Return the routes of the descriptions."""
    router = APIRouter(tags=["description"])

    def route(described: _Description) -> Callable[..., Awaitable[Response]]:
        async def answer(
            request: Request,
            format: Annotated[  # noqa: A002 - public
                str | None, Query(description=f"{_NAMES}: instead of Accept.")
            ] = None,
        ) -> Response:
            choice = get_graph_choice(_accept(request, format), described.what)
            address = own_address(request, services.settings.trusted_proxy)

            def tag(snapshot: Snapshot) -> str:
                parts = (snapshot.id, services.version, choice.media_type, address)
                return entity_tag(request, *parts)

            if knows(request, tag(services.engine.snapshot)):
                return not_modified(tag(services.engine.snapshot))
            kept = await services.descriptions.get()
            answered = await _answer(described, kept, services.names, address, choice)
            if asks_for_none(request):
                return not_modified(tag(kept.snapshot))
            answered.headers.update(tagged(tag(kept.snapshot)))
            return answered

        return answer

    for described in _DESCRIPTIONS:
        router.add_api_route(
            described.path,
            route(described),
            name=described.what,
            summary=described.summary,
            openapi_extra={"x-example": f"{described.path}?format=ttl"},
            response_class=Response,
            responses=_RESPONSES,
        )
    return router


async def _answer(
    described: _Description,
    kept: Descriptions,
    names: Namespaces,
    address: str,
    choice: Choice[GraphFormat | TableFormat],
) -> Response:
    form = choice.format
    if isinstance(form, TableFormat):
        title = f"sarcoma-kg: {described.what}"
        return show_page(
            await kept.page(
                described.path, lambda: write_page(title, described.show(kept, names.shorten))
            )
        )
    body = await described.write(kept, address, Choice(form, choice.media_type))
    return Response(body, media_type=choice.content_type)


def _accept(request: Request, given: str | None) -> str | None:
    if given is None:
        return ", ".join(request.headers.getlist("accept")) or None
    found = find_graph_format(given) or find_table_format(given)
    if found is None:
        raise ParameterError("format", f"format is one of {_NAMES}, and not {quoted(given)}")
    return found.media_type
