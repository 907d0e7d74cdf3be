"""The explorer: ``/explore``."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services
from api.directory import AmbiguousName, UnknownName
from api.pages.answering import page_answer
from api.pages.explore import explore_page, refused_page
from api.pages.explore_view import ADDRESS, View, read_view
from api.problems import ParameterError, problem_of

__all__ = ["explore_router"]


def explore_router(services: Services) -> APIRouter:
    """Return the route of the explorer."""
    router = APIRouter(include_in_schema=False)

    async def explore(request: Request) -> Response:
        view = View()
        try:
            view = read_view(request.query_params)
            return await page_answer(request, services, partial(explore_page, view=view))
        except (UnknownName, AmbiguousName, ParameterError) as error:
            if "text/html" not in request.headers.get("accept", ""):
                raise
            return await _refused(request, services, view, error)

    router.add_api_route(ADDRESS, explore, response_class=Response)
    return router


async def _refused(
    request: Request,
    services: Services,
    view: View,
    error: UnknownName | AmbiguousName | ParameterError,
) -> Response:
    """Return the page with the reason, and with the form to ask otherwise."""
    near = error.near if isinstance(error, UnknownName) else ()
    near = error.candidates if isinstance(error, AmbiguousName) else near
    make = partial(refused_page, view=view, refusal=str(error), near=near)
    answer = await page_answer(request, services, make)
    answer.status_code = problem_of(request, error).status_code
    answer.headers["Cache-Control"] = "no-store"
    del answer.headers["ETag"]
    return answer
