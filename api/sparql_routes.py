"""The SPARQL endpoint: ``/sparql``."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services
from api.asked_ahead import find_ahead
from api.compression import may_compress
from api.conditional import asks_for_none, digest_tag, entity_tag, knows, not_modified, tagged
from api.front_capture import show_query
from api.front_query import AskedQuery
from api.html import guard, show_page
from api.messages import Head, QueryRequest, WriteRequest
from api.own_address import own_address
from api.pages.answering import look
from api.precondition import Precondition
from api.prefix import prefix_of
from api.request_parameters import decode_parameters, read_accept
from api.sparql_contract import described
from api.sparql_page import sparql_page
from api.sparql_request import Clerk
from api.streaming import QueryAnswer
from api.write_answers import answer_write, written_answer
from kg.formats import (
    Choice,
    TableFormat,
    choose_graph_format,
    choose_result_format,
    get_graph_choice,
)

__all__ = ["sparql_router"]

_SUMMARIES = {"GET": "Ask a query", "POST": "Ask a query, or send an update"}
_NO_TAG = ""
_NOT_KEPT = {"Cache-Control": "no-store"}
_VOID = '</.well-known/void>; rel="describedby"'
_LINKS = f'</sparql?format=ttl>; rel="describedby"; type="text/turtle", {_VOID}'


def sparql_router(services: Services) -> APIRouter:
    """Return the routes of the SPARQL endpoint."""
    router = APIRouter()
    endpoint = _Endpoint(services)
    for method, summary in _SUMMARIES.items():
        router.add_api_route(
            "/sparql",
            endpoint.answer,
            methods=[method],
            tags=["SPARQL"],
            summary=summary,
            operation_id=f"sparql_{method.lower()}",
            response_class=Response,
            openapi_extra=described(method),
        )
    return router


class _Endpoint:
    """What the route does."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._clerk = Clerk(services.settings, services.authority, services.names)

    async def answer(self, request: Request) -> Response:
        """Answer a query or an update, as the SPARQL 1.1 Protocol says.

        A query without FROM sees the union of all graphs. Answers are complete, or problems;
        one longer than 32 MiB is cut off visibly when it fails. A GET that asks nothing is
        answered with the description of the service. Updates need the bearer token.
        """
        asked = await self._clerk.read(request)
        match asked:
            case QueryRequest():
                return self._ask(request, asked)
            case WriteRequest():
                # There is a service, and it has no tag that an update would change.
                Precondition.of_request(request).check([_NO_TAG])
                return await answer_write(request, self._services, asked, written_answer)
        return await self._describe(request)

    def _ask(self, request: Request, query: QueryRequest) -> Response:
        engine, asked = self._services.engine, self._services.engine.snapshot.id
        path, own_parameters = request.scope["path"], request.scope["query_string"]

        def tag_of(parameters: str, media_type: str) -> str:
            parts = (self._services.version, media_type, str(query.union))
            return digest_tag(asked, path, parameters, *parts)

        def tag(media_type: str) -> str:
            return tag_of(own_parameters.decode("latin-1"), media_type)

        if "if-none-match" in request.headers and request.method == "GET":
            # Which of the two it would be is known after parsing; the client knows one of them.
            for choice in (choose_result_format(query.accept), choose_graph_format(query.accept)):
                if choice and knows(request, tag(choice.media_type)):
                    return not_modified(tag(choice.media_type))

        condition = Precondition.of_request(request)

        def headers(head: Head) -> dict[str, str]:
            own = tag(head.media_type)
            condition.check_reading(own)
            # Meanwhile a newer snapshot than the tag names may have been asked.
            is_kept = request.method == "GET" and engine.snapshot.id == asked
            if head.is_volatile or not is_kept:
                return {**_NOT_KEPT, **guard(head.media_type)}
            if not prefix_of(request.scope):  # with one, pages are written anew further out
                how = AskedQuery(query, tag_of, may_compress(request.scope))
                show_query(request.scope, how, head)
            return {**tagged(own), **guard(head.media_type)}

        ahead, client = find_ahead(request.scope), self._services.client_of(request)
        if ahead is not None and ahead.snapshot not in (None, asked):
            ahead = None  # an older snapshot replied, to which the tag of this one does not belong
        return QueryAnswer(engine, query, headers, client=client, ahead=ahead)

    async def _describe(self, request: Request) -> Response:
        services = self._services
        accept = read_accept(request, decode_parameters(request.scope["query_string"]))
        choice = get_graph_choice(accept, "the description of the service")
        form = choice.format
        if isinstance(form, TableFormat):
            return await self._show_page(request)
        address = own_address(request, services.settings.trusted_proxy)
        parts = (services.engine.snapshot.id, services.version, choice.media_type, address)
        tag = entity_tag(request, *parts)
        Precondition.of_request(request).check_reading(tag)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        body = await services.descriptions.service(address, Choice(form, choice.media_type))
        about = {"Content-Type": choice.content_type, "Link": _VOID}
        return Response(body, headers={**tagged(tag), **about})

    async def _show_page(self, request: Request) -> Response:
        services = self._services
        kept = await services.descriptions.get()
        tag = entity_tag(request, kept.snapshot.id, services.version, "text/html", look())
        Precondition.of_request(request).check_reading(tag)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        write = partial(sparql_page, kept, services.names, is_writable=services.settings.writable)
        page = show_page(await kept.page("sparql", write))
        page.headers.update({**tagged(tag), "Link": _LINKS})
        return page
