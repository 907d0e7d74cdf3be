"""The page of findings that disagree: ``/contradictions``."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import Response

from api.answers import Services
from api.contradiction_routes import ContradictionFilter
from api.pages.answering import page_answer
from api.pages.contradictions_page import contradictions_page

__all__ = ["contradictions_page_router"]


def contradictions_page_router(services: Services) -> APIRouter:
    """Return the route of the page of contradictions."""
    router = APIRouter(include_in_schema=False)

    async def contradictions(request: Request) -> Response:
        wanted = _read(request)
        return await page_answer(request, services, partial(contradictions_page, wanted=wanted))

    router.add_api_route("/contradictions", contradictions, response_class=Response)
    return router


def _read(request: Request) -> ContradictionFilter:
    """Return the filters of an address: a blank one, which forms send, asks for nothing."""
    given = {name: value for name, value in request.query_params.items() if value.strip()}
    try:
        return ContradictionFilter.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
