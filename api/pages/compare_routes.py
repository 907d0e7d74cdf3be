"""The page that sets drugs or arms side by side: ``/compare``."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services
from api.directory import AmbiguousName, UnknownName
from api.pages.answering import page_answer
from api.pages.compare_form import mistake_of
from api.pages.compare_page import compare_page
from api.pages.compare_question import Wanted
from api.problems import PROBLEMS

__all__ = ["compare_router", "refused"]


def compare_router(services: Services) -> APIRouter:
    """Return the route of the page of comparisons."""
    router = APIRouter(include_in_schema=False)

    async def compare(request: Request) -> Response:
        wanted = _read(request)
        try:
            return await page_answer(request, services, partial(compare_page, wanted=wanted))
        except (UnknownName, AmbiguousName) as error:
            mistake = mistake_of(wanted, error)
            make = partial(compare_page, wanted=wanted, mistake=mistake)
            return refused(await page_answer(request, services, make), error)

    router.add_api_route("/compare", compare, response_class=Response)
    return router


def refused(answer: Response, error: Exception) -> Response:
    """Return a page that says what is wrong with the status of that: never kept by a client."""
    if answer.status_code == 200:
        answer.status_code = PROBLEMS[type(error)].status
        answer.headers["Cache-Control"] = "no-store"
        del answer.headers["ETag"]
    return answer


def _read(request: Request) -> Wanted:
    given = request.query_params
    return Wanted.of_parameters(
        given.getlist("drug"), given.getlist("arm"), given.getlist("histology")
    )
