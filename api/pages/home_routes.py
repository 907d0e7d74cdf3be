"""The first page, and the search: ``/``, ``/search`` and what it suggests while typing."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import Services
from api.kinds import KINDS
from api.pages.answering import page_answer
from api.pages.desk import PageDesk
from api.pages.home import home_page
from api.pages.search import SearchQuestion, search_page, suggestions
from api.problems import ParameterError
from api.quotation import clipped
from api.search_routes import OTHER
from kg.near import suggest
from kg.text_search import LONGEST

__all__ = ["home_router"]

_LINKS = (
    '</.well-known/void>; rel="describedby", </sparql>; rel="service-desc", '
    '</openapi.json>; rel="service-desc", </docs>; rel="service-doc"'
)
"""What describes the data, and the services (RFC 8631)."""

_KINDS = (*(kind.path for kind in KINDS), OTHER)
_Text = Annotated[str, Query(max_length=LONGEST)]
_Kinds = Annotated[list[str], Query(max_length=len(_KINDS))]


def home_router(services: Services) -> APIRouter:
    """Return the routes of the first page and of the search."""
    router = APIRouter(include_in_schema=False)

    async def home(request: Request) -> Response:
        manifest = services.engine.snapshot.manifest
        answer = await page_answer(request, services, partial(home_page, manifest=manifest))
        answer.headers["Link"] = _LINKS
        return answer

    async def search(
        request: Request,
        q: _Text = "",
        kind: _Kinds = [],  # noqa: B006 - FastAPI copies it
        cursor: Annotated[str | None, Query(max_length=200)] = None,
    ) -> Response:
        question = SearchQuestion(q.strip(), tuple(_known(kind)), cursor)
        return await page_answer(request, services, partial(search_page, question=question))

    async def suggested(request: Request, q: _Text = "") -> Response:
        async def make(desk: PageDesk) -> bytes:
            return await suggestions(desk, q)

        return await page_answer(request, services, make)

    router.add_api_route("/", home, response_class=Response)
    router.add_api_route("/search", search, response_class=Response)
    router.add_api_route("/search/suggestions", suggested, response_class=Response)
    return router


def _known(kinds: list[str]) -> list[str]:
    """Return kinds without empty ones; raises ParameterError for one that is not known."""
    for kind in filter(None, kinds):
        if kind not in _KINDS:
            message = f"there is no kind '{clipped(kind)}', only {', '.join(_KINDS)}"
            raise ParameterError("kind", message + suggest(kind, _KINDS))
    return sorted({*filter(None, kinds)})
