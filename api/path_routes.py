"""Paths from drugs to histologies, with their reasons: ``/api/v1/paths``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import Build, Services, json_answer
from api.parameters import MOST_ITEMS
from api.path_batch import answer_all, read_batch
from api.path_contract import COMMAND, REQUEST_BODY, describe_batch, describe_paths
from api.path_page import answer_paths
from api.path_parameters import PathFilter
from api.path_room import LONG_FROM, PathGate, TurnedAnswer
from api.problems import ParameterError

__all__ = ["path_router"]


def path_router(services: Services) -> APIRouter:
    """Return the routes of the paths."""
    router = APIRouter(prefix="/api/v1")
    answer = _Answers(services, PathGate()).answer

    async def find_paths(request: Request, wanted: Annotated[PathFilter, Query()]) -> Response:
        """Return the ways from a drug over targets to histologies, and the reasons of each.

        At least one of drug, drugClass, target, family, biomarker and histology must be given;
        `*` is any. Each path has one kind, and the answer counts by kind. docs/paths.md says what
        a kind means, what `missing` lists, and how paths are sorted.
        """
        return await answer(request, partial(answer_paths, wanted=wanted), wanted.limit)

    async def post_paths(request: Request) -> Response:
        """Return paths for one query, or for several at once.

        The body has the parameters of GET as its keys, or the key `queries` with a list of such
        objects; each is answered, or has its own problem.
        """
        if request.query_params:
            raise ParameterError("query", "a POST has its parameters in the body")
        asked = await read_batch(request)
        if isinstance(asked, PathFilter):
            return await answer(request, partial(answer_paths, wanted=asked), asked.limit)
        return await answer(request, partial(answer_all, request=request, queries=asked))

    router.add_api_route(
        "/paths",
        find_paths,
        tags=["paths"],
        summary="Paths from drugs over targets to histologies",
        openapi_extra={"x-example": "/api/v1/paths?drug=imatinib&histology=GIST"},
        response_class=Response,
        responses=describe_paths(),
    )
    router.add_api_route(
        "/paths",
        post_paths,
        methods=["POST"],
        tags=["paths"],
        summary="Paths for one query, or for several at once",
        openapi_extra={"requestBody": REQUEST_BODY, "x-command": COMMAND},
        response_class=Response,
        responses=describe_batch(),
    )
    return router


@dataclass(frozen=True)
class _Answers:
    services: Services
    gate: PathGate

    async def answer(self, request: Request, build: Build, limit: int = MOST_ITEMS) -> Response:
        """Return an answer, or a long one that is made in the client's turn."""
        make = partial(json_answer, request, self.services, build)
        if limit <= LONG_FROM:
            return await make()
        return TurnedAnswer(self.gate, self.services.client_of(request), make)
