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
from kg.example_queries import examples_with, read_examples
from kg.formats import (
    Choice,
    GraphFormat,
    TableFormat,
    find_graph_format,
    find_table_format,
    get_graph_choice,
)
from kg.namespaces import Namespaces
from kg.near import suggest
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

_Route = Callable[..., Awaitable[Response]]
_Format = Annotated[str | None, Query(description=f"{_NAMES}: instead of Accept.")]
_Keyword = Annotated[
    str | None,
    Query(
        max_length=100,
        description="Only examples with this keyword, in any case of letters.",
        examples=["needs the network"],
    ),
]
Write = Callable[[Descriptions, str, Choice[GraphFormat]], Awaitable[bytes]]


@dataclass(frozen=True)
class _Description:
    """One description: its address, what it is, how it is written, and its page."""

    path: str
    what: str
    summary: str
    write: Write
    show: Callable[[Descriptions, Callable[[str], str]], Iterable[str]]


_DATASET = _Description(
    "/.well-known/void",
    "the description of the data set",
    "What the data set holds (VoID): graphs, classes, properties, with their counts",
    Descriptions.dataset,
    dataset_page,
)
_EXAMPLES = _Description(
    "/.well-known/sparql-examples",
    "the list of example queries",
    "Example queries, as SHACL executables; also in the graph graph:examples",
    Descriptions.example_queries,
    lambda kept, _: examples_page(kept),
)


def description_router(services: Services) -> APIRouter:
    """Return the routes of the descriptions."""
    router = APIRouter(tags=["description"])

    async def dataset(request: Request, format: _Format = None) -> Response:  # noqa: A002 - public
        return await _describe(services, request, _DATASET, format)

    async def examples(
        request: Request,
        format: _Format = None,  # noqa: A002 - public
        keyword: _Keyword = None,
    ) -> Response:
        """Return the example queries.

        Those with the keyword `needs the network` ask other endpoints, which `spex:federatesWith`
        names; the server reaches those that its operator allows.
        """
        return await _describe(services, request, _EXAMPLES, format, keyword)

    routes: tuple[tuple[_Description, _Route], ...] = ((_DATASET, dataset), (_EXAMPLES, examples))
    for described, route in routes:
        router.add_api_route(
            described.path,
            route,
            name=described.what,
            summary=described.summary,
            openapi_extra={"x-example": f"{described.path}?format=ttl"},
            response_class=Response,
            responses=_RESPONSES,
        )
    return router


async def _describe(
    services: Services,
    request: Request,
    described: _Description,
    form: str | None,
    keyword: str | None = None,
) -> Response:
    choice = get_graph_choice(_accept(request, form), described.what)
    address = own_address(request, services.settings.trusted_proxy)

    def tag(snapshot: Snapshot) -> str:
        parts = (snapshot.id, services.version, choice.media_type, address)
        return entity_tag(request, *parts)

    if knows(request, tag(services.engine.snapshot)):
        return not_modified(tag(services.engine.snapshot))
    kept = await services.descriptions.get()
    if asks_for_none(request):
        return not_modified(tag(kept.snapshot))
    chosen = kept if keyword is None else _only(kept, keyword)
    answered = await _answer(described, chosen, services.names, address, choice)
    answered.headers.update(tagged(tag(kept.snapshot)))
    return answered


async def _answer(
    described: _Description,
    kept: Descriptions,
    names: Namespaces,
    address: str,
    choice: Choice[GraphFormat | TableFormat],
) -> Response:
    form = choice.format
    if isinstance(form, TableFormat):
        title = described.what.removeprefix("the ").capitalize()
        return show_page(
            await kept.page(
                described.path, lambda: write_page(title, described.show(kept, names.shorten))
            )
        )
    body = await described.write(kept, address, Choice(form, choice.media_type))
    return Response(body, media_type=choice.content_type)


def _only(kept: Descriptions, keyword: str) -> Descriptions:
    """Return the descriptions with the examples of a keyword alone; raises ParameterError."""
    known = {each for example in read_examples(kept.examples) for each in example.keywords}
    found = {each for each in known if each.casefold() == keyword.strip().casefold()}
    if not found:
        near = suggest(keyword, sorted(known))
        raise ParameterError("keyword", f"no example has the keyword {quoted(keyword)}{near}")
    return kept.with_examples(examples_with(kept.examples, found))


def _accept(request: Request, given: str | None) -> str | None:
    if given is None:
        return ", ".join(request.headers.getlist("accept")) or None
    found = find_graph_format(given) or find_table_format(given)
    if found is None:
        raise ParameterError("format", f"format is one of {_NAMES}, and not {quoted(given)}")
    return found.media_type
