"""The contract: ``/docs`` for people, ``/openapi.json`` for programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services, write_json
from api.conditional import asks_for_none, digest_tag, knows, not_modified, tagged
from api.html import show_page
from api.kept_bytes import KeptAnswers, KeptBytes, digest_of_bytes
from api.own_address import own_address
from api.pages.docs_operations import ELSEWHERE
from api.pages.docs_page import docs_page

__all__ = ["page_router"]

_LONGEST_WISH = 100


def page_router(services: Services) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)

    async def docs(request: Request) -> Response:
        wanted = request.query_params.get("q", "")[:_LONGEST_WISH]
        schema = await services.contract.get(request.app)
        address = own_address(request, services.settings.trusted_proxy).encode()
        # What people look for is not worth the room that answers to others take.
        kept = services.kept if not wanted.strip() else KeptAnswers()
        text = await kept.get("docs", partial(docs_page, schema, wanted))
        shown = await text.derive(address, lambda page: page.replace(ELSEWHERE.encode(), address))
        return await _answer(request, services, shown, show_page)

    async def contract(request: Request) -> Response:
        schema = await services.contract.get(request.app)
        text = await services.kept.get("contract", lambda: write_json(schema))
        show = partial(Response, media_type="application/json")
        return await _answer(request, services, text, show)

    router.add_api_route("/docs", docs, response_class=Response)
    router.add_api_route("/openapi.json", contract, response_class=Response)
    return router


async def _answer(
    request: Request, services: Services, text: KeptBytes, show: Callable[[bytes], Response]
) -> Response:
    digest = (await text.derive("digest", digest_of_bytes)).decode()
    tag = digest_tag(services.engine.snapshot.id, services.version, digest)
    if knows(request, tag) or asks_for_none(request):
        return not_modified(tag)
    answer = show(text)
    answer.headers.update(tagged(tag))
    return answer
