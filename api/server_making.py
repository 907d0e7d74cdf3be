"""The server with its application, its connections and what answers ahead of it."""

from __future__ import annotations

from collections.abc import Callable

from api.application import create_app
from api.asked_ahead import Ask, Asker
from api.connection_limits import ConnectionLimits, most_connections
from api.connections import Connections
from api.engine import EmbeddedEngine, Engine
from api.front import Front
from api.messages import QueryRequest
from api.request_body import MIB
from api.request_log import LineHandler
from api.server import Server, server_config
from api.surroundings import Surroundings
from kg.building import Base
from kg.settings import Settings

__all__ = ["make_server"]


def make_server(
    settings: Settings,
    base: Base,
    engine: Engine,
    log: LineHandler,
    on_start: Callable[[], None],
) -> Server:
    """Return a server of what an engine answers; ``on_start`` is called when it does."""
    limits = ConnectionLimits(most_connections(), trusted_proxies=settings.trusted_proxy)
    front = _front(settings, engine, log)
    connections = Connections(limits, front)
    around = Surroundings(
        lambda: connections.cut,
        lambda: log.dropped,
        None if front is None else front.figures,
        figures_keep=1.0,
        warms=True,
    )
    return Server(
        server_config(create_app(settings, engine, base=base, surroundings=around), connections),
        on_start=on_start,
        on_stop=around.stop,
        drain=settings.drain_seconds,
    )


def _front(settings: Settings, engine: Engine, log: LineHandler) -> Front | None:
    if not settings.answer_cache:
        return None
    take_line = log.take_line if settings.access_log else None

    def ask(query: QueryRequest, client: str) -> Ask:
        return engine.ask(query, client=client)

    asker = Asker(ask, engine.users if isinstance(engine, EmbeddedEngine) else None)
    return Front(lambda: engine.lasting, settings.answer_cache * MIB, take_line, asker)
