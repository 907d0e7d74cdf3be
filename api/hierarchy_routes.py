"""Hierarchies to browse and to roll up by: ``/api/v1/hierarchies``."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.answers import JSON_RESPONSES, Services, json_answer
from api.hierarchy_answers import ADDRESS, answer_hierarchies, answer_term, answer_tree
from api.parameters import LONGEST_NAME

__all__ = ["TreeFilter", "hierarchy_router"]

_DEEPEST = 20
_Name = Annotated[
    str, Path(description="The name of a hierarchy, such as oncotree.", max_length=LONGEST_NAME)
]
_Term = Annotated[
    str,
    Path(description="A code, CURIE, IRI, label or synonym of a term.", max_length=LONGEST_NAME),
]


class TreeFilter(BaseModel):
    """Which part of a tree."""

    model_config = ConfigDict(extra="forbid")

    root: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_NAME,
        description="The term to start from, by code, CURIE, IRI, label or synonym: all roots "
        "without.",
    )
    depth: int = Field(1, ge=0, le=_DEEPEST, description="How many steps down.")


def hierarchy_router(services: Services) -> APIRouter:
    """Return the routes of the hierarchies."""
    router, routes = APIRouter(prefix="/api/v1"), _Hierarchies(services)
    rows = (
        ("", routes.list, "The hierarchies: histologies, and imported ones", ADDRESS),
        ("/{name}", routes.tree, "The tree of a hierarchy", f"{ADDRESS}/histologies?depth=1"),
        (
            "/{name}/{term:path}",
            routes.term,
            "A term of a hierarchy, and what lies there",
            f"{ADDRESS}/histologies/liposarcoma",
        ),
    )
    for path, endpoint, summary, example in rows:
        router.add_api_route(
            f"/hierarchies{path}",
            endpoint,
            tags=["hierarchies"],
            summary=summary,
            openapi_extra={"x-example": example},
            response_class=Response,
            responses=JSON_RESPONSES,
        )
    return router


class _Hierarchies:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, request: Request) -> Response:
        """List the hierarchies of the snapshot: where each is from, its size, what is aligned."""
        return await json_answer(request, self._services, answer_hierarchies)

    async def tree(
        self, request: Request, name: _Name, wanted: Annotated[TreeFilter, Query()]
    ) -> Response:
        """Return the terms of a hierarchy from its roots, or from one term, down to a depth."""
        build = partial(answer_tree, name=name, root=wanted.root, depth=wanted.depth)
        return await json_answer(request, self._services, build)

    async def term(self, request: Request, name: _Name, term: _Term) -> Response:
        """Return a term: parents, children, ancestors, aligned histologies, and what lies there.

        Every list and the paths take the term as a histology: it stands for those it is aligned
        with, and for all that are aligned with a narrower term.
        """
        build = partial(answer_term, name=name, term=term)
        return await json_answer(request, self._services, build)
