"""The application: the routes, and the layers around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Lifespan

from api.answers import Services
from api.asset_routes import asset_router
from api.authorization import read_authority
from api.client_limits import ClientLimits
from api.compression import Compression
from api.contradiction_routes import contradiction_router
from api.described_parameters import operations_of
from api.description_routes import description_router
from api.descriptions import DescriptionKeeper
from api.direct_routes import DirectRoutes, find_direct
from api.download_routes import download_router
from api.engine import Engine
from api.entity_routes import entity_router
from api.graph_store_routes import graph_store_router
from api.hierarchy_routes import hierarchy_router
from api.layered import LayeredApp
from api.library_keeper import LibraryKeeper
from api.mapping_routes import mapping_router
from api.memory_return import returning_memory
from api.metrics import Metrics
from api.middleware import (
    CrossOrigin,
    Faults,
    HeadAsGet,
    Options,
    SlashRedirect,
    StandardHeaders,
)
from api.observation import MatchedRoute, Observation
from api.operation_routes import operation_router
from api.page_routes import page_router
from api.pages.compare_routes import compare_router
from api.pages.contradictions_routes import contradictions_page_router
from api.pages.explore_routes import explore_router
from api.pages.home_routes import home_router
from api.pages.snapshots_routes import snapshots_router
from api.path_routes import path_router
from api.precondition import ReadIfMatch
from api.prefix import Prefix, check_root_path, first_parts
from api.prefix_links import PrefixedLinks
from api.problem_pages import ProblemPages
from api.problems import PROBLEM_RESPONSES, PROBLEMS, problem_of
from api.query_string import KnownParameters
from api.reconcile.routes import reconcile_router
from api.record_contract import complete_contract
from api.record_routes import record_router
from api.remote_engine import RemoteEngine
from api.remote_watch import RemoteWatch
from api.request_head import WellFormed
from api.request_log import RequestLog
from api.request_record import note_error
from api.ruling_routes import ruling_router
from api.search_routes import search_router
from api.served_base import choose_base
from api.snapshot_routes import snapshot_router
from api.snapshot_watch import SnapshotWatch
from api.sparql_routes import sparql_router
from api.surroundings import Surroundings
from api.trapi.errors import TrapiErrors
from api.trapi.routes import trapi_router
from api.version import find_version
from api.warming import Warming
from api.workshop import Workshop
from api.writer import Writer
from kg.building import Base
from kg.export import known_prefixes
from kg.namespaces import Namespaces, read_namespaces
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


_EXPLAINED = (*PROBLEMS, HTTPException, RequestValidationError)


def create_app(
    settings: Settings,
    engine: Engine,
    *,
    shipped: Shipped | None = None,
    base: Base | None = None,
    surroundings: Surroundings | None = None,
) -> FastAPI:
    """Return the application that serves what an engine answers.

    The engine is started when the application starts, and closed when it ends. ``shipped`` are
    the ontology and shapes beside the graph: those of this installation where none are given.
    ``base`` is what writes are made to: what the settings name, where none is given.
    ``surroundings`` tell of the server that the application runs in.
    """
    around = surroundings or Surroundings()
    metrics = Metrics(engine, find_version(), around)
    services = _services(settings, engine, shipped or find_shipped(), base, metrics)
    routers = _routers(services, metrics, around)
    app = LayeredApp(
        title="sarcoma-kg",
        description=_DESCRIPTION,
        version=services.version,
        lifespan=_lifespan(services, _watch(services, metrics), around),
        openapi_url=None,  # api.page_routes serves it, written once
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=PROBLEM_RESPONSES,
        middleware=_layers(services, metrics, routers),
        exception_handlers=dict.fromkeys(_EXPLAINED, _handle_problem),
    )
    for router in routers:
        app.include_router(router)
    app.state.operations = operations_of(routers)
    complete_contract(app)
    if settings.root_path:
        check_root_path(settings.root_path, first_parts(app, services.names))
    return app


def _layers(services: Services, metrics: Metrics, routers: Sequence[APIRouter]) -> list[Middleware]:
    """Return what lies around every request; the first one is the outermost."""
    observers = (metrics, RequestLog(with_queries=services.settings.log_queries))
    trusted = services.settings.trusted_proxy
    return [
        Middleware(
            Prefix,
            names=services.names,
            root_path=services.settings.root_path,
            trusted_proxies=trusted,
        ),
        Middleware(Observation, observers=observers, trusted_proxies=trusted),
        Middleware(CrossOrigin),
        Middleware(StandardHeaders, snapshot=lambda: services.engine.snapshot.id),
        Middleware(Compression),
        Middleware(PrefixedLinks, names=services.names),
        Middleware(ProblemPages),
        Middleware(TrapiErrors),
        Middleware(HeadAsGet),
        Middleware(ReadIfMatch),
        Middleware(Faults),
        Middleware(WellFormed),
        Middleware(ClientLimits),
        Middleware(Options),
        Middleware(SlashRedirect),
        Middleware(KnownParameters),
        Middleware(
            DirectRoutes,
            endpoints=find_direct(routers),
            explain=_handle_problem,
            explained=_EXPLAINED,
        ),
        Middleware(MatchedRoute),
    ]


def _routers(services: Services, metrics: Metrics, around: Surroundings) -> tuple[APIRouter, ...]:
    """Return the routes in the order in which they are tried: what is asked most stands first."""
    return (
        sparql_router(services),
        graph_store_router(services),
        operation_router(services, metrics, around),
        path_router(services),
        contradiction_router(services),
        ruling_router(services),
        mapping_router(services),
        search_router(services),
        trapi_router(services),
        reconcile_router(services),
        hierarchy_router(services),
        home_router(services),
        explore_router(services),
        page_router(services),
        asset_router(services),
        contradictions_page_router(services),
        compare_router(services),
        description_router(services),
        download_router(services),
        snapshot_router(services),
        snapshots_router(services),
        record_router(services),
        entity_router(services),
    )


def _watch(services: Services, metrics: Metrics) -> SnapshotWatch | RemoteWatch:
    if isinstance(services.engine, RemoteEngine):
        return RemoteWatch(services.engine, services.keeper.prepare, metrics.swapped)
    return SnapshotWatch(
        services.engine,
        services.keeper.prepare,
        metrics.swapped,
        is_writing=lambda: services.writer.is_committing,
    )


def _lifespan(
    services: Services, watch: SnapshotWatch | RemoteWatch, around: Surroundings
) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        write = partial(services.contract.get, app)
        warming = Warming(services.engine, services.keeper, services.workshop, write)
        await services.engine.start()
        try:
            if around.warms:
                services.keeper.begin()  # /sparql answers meanwhile
            else:
                await services.keeper.prepare()
            ahead = warming.running() if around.warms else nullcontext()
            async with watch.running(), services.descriptions.running(), ahead, returning_memory():
                yield
        finally:
            await services.writer.finish()
            await services.maker.close()
            await services.keeper.close()
            await services.engine.close()
            services.workshop.close()

    return lifespan


def _services(
    settings: Settings, engine: Engine, shipped: Shipped, base: Base | None, metrics: Metrics
) -> Services:
    names = read_namespaces(shipped.context)
    written = base or choose_base(settings, shipped)
    workshop = Workshop()
    return Services(
        settings=settings,
        engine=engine,
        workshop=workshop,
        keeper=LibraryKeeper(engine, shipped, workshop),
        descriptions=DescriptionKeeper(engine, names, settings),
        version=find_version(),
        authority=read_authority(settings),
        names=Namespaces(known_prefixes(names), names.ontology),
        writer=Writer(
            engine,
            written,
            settings.home,
            gated=settings.gate,
            patience=settings.query_timeout,
            count=metrics.swapped,
        ),
        shipped=shipped,
    )


async def _handle_problem(request: Request, error: Exception) -> Response:
    note_error(request.scope, error)
    return problem_of(request, error)
