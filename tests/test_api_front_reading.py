"""Answers ahead of the application keep to the rules of a connection: order, pace and end."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fronted import Line, head_of
from raw_http import connected, guarded, read_all, talk
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.client_limits import ClientLimits, Pace
from api.connection_limits import ConnectionLimits
from api.connections import Connections
from api.front import Front
from api.observation import MatchedRoute, Observation
from api.request_head import WellFormed

SNAPSHOT = "0" * 64
TAGGED = {"ETag": f'"{SNAPSHOT}.1"', "Sarcoma-KG-Snapshot": SNAPSHOT}
LARGE = b"x" * 600_000


async def small(request: Request) -> Response:
    request.app.state.asked.append(request.url.path)
    return PlainTextResponse("small", headers=TAGGED)


async def large(request: Request) -> Response:
    request.app.state.asked.append(request.url.path)
    return Response(LARGE, headers=TAGGED)


async def too_large(request: Request) -> Response:
    return Response(LARGE * 2, headers=TAGGED)


async def slow(request: Request) -> Response:
    await asyncio.sleep(0.2)
    return PlainTextResponse("slow")


def make_app() -> Starlette:
    app = Starlette(
        routes=[
            Route("/api/v1/small", small),
            Route("/api/v1/large", large),
            Route("/api/v1/too-large", too_large),
            Route("/slow", slow, methods=["GET", "POST"]),
        ],
        middleware=[
            Middleware(Observation, observers=()),
            Middleware(WellFormed),
            Middleware(ClientLimits),
            Middleware(Named),
            Middleware(MatchedRoute),
        ],
    )
    app.state.asked = []
    return app


class Named:
    """Names the route as FastAPI does."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["route"] = SimpleNamespace(path=scope["path"])
        await self._app(scope, receive, send)


class Served:
    def __init__(self, address: str, connections: Connections, front: Front, app: Any) -> None:
        self.address, self.connections, self.front, self.app = address, connections, front, app

    @property
    def hits(self) -> int:
        return self.front.figures().hits

    def warm(self, head: bytes) -> None:
        with Line(self.address) as line:
            line.ask(head)


@pytest.fixture
def served() -> Iterator[Served]:
    snapshot = SimpleNamespace(id=SNAPSHOT)
    front, app = Front(lambda: snapshot, 4_000_000), make_app()
    limits = ConnectionLimits(
        head_seconds=1.0, pace=Pace(seconds=0.5, bytes_per_second=100_000), tick=0.1
    )
    with guarded(app, limits, front) as (address, connections):
        yield Served(address, connections, front, app)


SMALL = head_of("/api/v1/small")


def test_requests_in_a_row_are_answered_in_their_order(served: Served) -> None:
    served.warm(SMALL)
    closing = head_of("/api/v1/small", Connection="close")
    received = talk(served.address, SMALL * 40 + head_of("/slow") + SMALL * 2 + closing)
    bodies = [part.partition(b"HTTP/1.1")[0] for part in received.split(b"\r\n\r\n")[1:]]
    assert bodies == [b"small"] * 40 + [b"slow"] + [b"small"] * 3
    assert served.hits == 42
    assert served.app.state.asked == ["/api/v1/small"] * 2


def test_a_request_in_parts_is_read_to_its_end(served: Served) -> None:
    served.warm(SMALL)
    for cut in (1, 10, len(SMALL) - 3, len(SMALL) - 1):
        with Line(served.address) as line:
            line.socket.sendall(SMALL[:cut])
            time.sleep(0.05)
            assert line.ask(SMALL[cut:] + SMALL).body == b"small"
            assert line.read().body == b"small"
    assert served.hits == 8


def test_what_looks_like_a_known_request_within_another_is_none(served: Served) -> None:
    served.warm(SMALL)
    body = b"POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(SMALL)
    with Line(served.address) as line:
        line.socket.sendall(body)
        time.sleep(0.05)
        assert line.ask(SMALL).body == b"slow"
        assert line.ask(SMALL).body == b"small"
    assert served.hits == 1
    with Line(served.address) as line:
        line.socket.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\nX-Long: ")
        time.sleep(0.05)
        line.socket.sendall(SMALL)
        seen = line.read()
    assert (seen.status, seen.body) == (200, b"slow") or seen.status == 400
    assert served.hits == 1


@pytest.mark.parametrize("closing", [b"HTTP/1.0\r\n", b"HTTP/1.1\r\nConnection: close\r\n"])
def test_the_connection_ends_where_it_would_end(served: Served, closing: bytes) -> None:
    head = b"GET /api/v1/small " + closing + b"Host: kg.example\r\n\r\n"
    first, second = talk(served.address, head), talk(served.address, head + SMALL)
    assert first.endswith(b"\r\n\r\nsmall")
    assert b"\r\nconnection: close\r\n" in first
    assert second.partition(b"x-request-id")[0] == first.partition(b"x-request-id")[0]
    assert second.count(b"HTTP/1.1 200") == 1
    assert served.hits == 1


def test_a_connection_that_is_at_rest_is_closed_in_time(served: Served) -> None:
    served.warm(SMALL)
    with Line(served.address) as line:
        for _ in range(3):
            line.ask(SMALL)
            time.sleep(0.3)
        started = time.monotonic()
        assert read_all(line.socket) in (b"", b"(reset)")
        assert 0.3 < time.monotonic() - started < 6


def test_who_takes_nothing_is_sent_no_more(served: Served) -> None:
    head = head_of("/api/v1/large")
    served.warm(head)
    with connected(served.address, receive_buffer=4096) as connection:
        connection.sendall(head * 60)
        deadline = time.monotonic() + 10
        while "slow-reader" not in served.connections.cut:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert served.hits < 20
    assert served.connections.cut["slow-reader"] == 1


def test_a_large_answer_is_whole_and_one_that_is_larger_is_not_kept(served: Served) -> None:
    with Line(served.address) as line:
        for _ in range(3):
            assert line.ask(head_of("/api/v1/large")).body == LARGE
            assert len(line.ask(head_of("/api/v1/too-large")).body) == 2 * len(LARGE)
    assert served.hits == 2


def test_who_leaves_before_the_end_leaves_nothing_behind(served: Served) -> None:
    for _ in range(3):
        with connected(served.address, receive_buffer=4096) as connection:
            connection.sendall(head_of("/api/v1/large"))
            connection.recv(1000)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    with Line(served.address) as line:
        assert [line.ask(head_of("/api/v1/large")).body == LARGE for _ in range(2)] == [True] * 2


def test_spare_connections_have_no_part_in_it() -> None:
    snapshot = SimpleNamespace(id=SNAPSHOT)
    front, app = Front(lambda: snapshot, 4_000_000), make_app()
    with guarded(app, ConnectionLimits(most=1), front) as (address, _):
        with Line(address) as line:
            line.ask(SMALL)
            with connected(address) as busy:
                line.socket.sendall(head_of("/slow"))
                busy.sendall(SMALL)
                assert b"503" in busy.recv(1000)
        assert front.figures().hits == 0


def test_others_have_their_turn_while_one_asks_without_end(served: Served) -> None:
    served.warm(SMALL)
    with connected(served.address) as busy:
        busy.settimeout(0.2)
        busy.sendall(SMALL * 3000)
        started = time.monotonic()
        with Line(served.address) as line:
            assert line.ask(head_of("/slow")).body == b"slow"
        assert time.monotonic() - started < 2
