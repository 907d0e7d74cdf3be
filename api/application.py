"""The application: the routes, and the layers around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Services
from api.engine import Engine
from api.library import LibraryKeeper
from api.middleware import CrossOrigin, Faults, HeadAsGet, StandardHeaders
from api.operation_routes import operation_router
from api.page_routes import page_router
from api.path_routes import path_router
from api.problems import PROBLEM_RESPONSES, PROBLEMS, problem_of
from api.query_string import KnownParameters
from api.record_routes import record_router
from api.sparql_routes import sparql_router
from api.version import find_version
from kg.settings import Settings
from kg.shipped import Shipped, find_shipped

__all__ = ["create_app"]

_DESCRIPTION = (
    "A knowledge graph of soft-tissue sarcoma treatment, as SPARQL, records and paths. Wherever an "
    "id is asked for, an IRI, a CURIE, a slug, or an unambiguous label or synonym will do. Filters "
    "by histology take narrower histologies along, and say direct or inherited. Every answer names "
    "its snapshot in the header Sarcoma-KG-Snapshot. This is no medical advice: it reports what "
    "documents of 2007 to 2021 state."
)


def create_app(settings: Settings, engine: Engine, *, shipped: Shipped | None = None) -> FastAPI:
    """Return the application that serves what an engine answers.

    The engine is started when the application starts, and closed when it ends. ``shipped`` are
    the ontology and shapes beside the graph: those of this installation where none are given.
    """
    keeper = LibraryKeeper(engine, shipped or find_shipped())
    services = Services(settings, engine, keeper, find_version())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        try:
            await keeper.get()
            yield
        finally:
            await engine.close()

    app = FastAPI(
        title="sarcoma-kg",
        description=_DESCRIPTION,
        version=services.version,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
        # The first one is the outermost.
        middleware=[
            Middleware(CrossOrigin),
            Middleware(StandardHeaders, snapshot=lambda: engine.snapshot.id),
            Middleware(HeadAsGet),
            Middleware(Faults),
            Middleware(KnownParameters),
        ],
        exception_handlers=dict.fromkeys(
            (*PROBLEMS, HTTPException, RequestValidationError), _handle_problem
        ),
    )
    # Routes are tried in this order: what is asked most stands first.
    for router in (
        sparql_router(services),
        operation_router(services),
        path_router(services),
        page_router(services),
        record_router(services),
    ):
        app.include_router(router)
    return app


async def _handle_problem(request: Request, error: Exception) -> Response:
    return problem_of(request, error)
