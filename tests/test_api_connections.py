"""Connections that dawdle are ended, and too many of them starve nobody."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_network

import httpx
import pytest
from raw_http import connected, guarded, read_all, talk
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.client_limits import ClientLimits, Pace
from api.connection_limits import ConnectionLimits
from api.connections import Connections
from api.request_head import WellFormed

PACE = Pace(seconds=0.4, bytes_per_second=100_000)
QUICK = ConnectionLimits(head_seconds=0.4, pace=PACE, tick=0.1)
LOCAL = (ip_network("127.0.0.0/8"),)
_CUT_OFF = (b"", b"(reset)")
BIG = b"x" * 20_000_000


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def health(request: Request) -> Response:
    return PlainTextResponse("alive")


async def big(request: Request) -> Response:
    return Response(BIG)


async def slow(request: Request) -> Response:
    await asyncio.sleep(0.5)
    return PlainTextResponse("late")


APP = Starlette(
    routes=[
        Route("/", echo, methods=["GET", "POST"]),
        Route("/healthz", health),
        Route("/big", big),
        Route("/slow", slow),
    ],
    middleware=[Middleware(WellFormed), Middleware(ClientLimits, pace=PACE)],
)


@pytest.fixture(scope="module")
def quick() -> Iterator[tuple[str, Connections]]:
    """A server that soon loses patience."""
    with guarded(APP, QUICK) as (address, connections):
        yield address, connections


@pytest.fixture
def address(quick: tuple[str, Connections]) -> str:
    return quick[0]


@pytest.fixture
def connections(quick: tuple[str, Connections]) -> Connections:
    """Its connections, and none of them cut off yet."""
    quick[1].cut.clear()
    return quick[1]


def wait_until(is_true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def drip(connection: socket.socket, drop: bytes, *, times: int, pause: float = 0) -> None:
    """Send the same again and again, until the server has cut the connection off."""
    for _ in range(times):
        try:
            connection.sendall(drop)
        except OSError:
            return
        time.sleep(pause)
    raise AssertionError("the connection is still open")


def test_who_sends_no_request_is_cut_off(address: str, connections: Connections) -> None:
    start = time.monotonic()
    assert talk(address, b"") in _CUT_OFF
    assert talk(address, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow") in _CUT_OFF
    assert time.monotonic() - start < 3
    assert connections.cut["slow-head"] == 2
    assert len(connections) == 0


def test_who_sends_a_head_byte_by_byte_is_cut_off(address: str) -> None:
    with connected(address) as connection:
        start = time.monotonic()
        connection.sendall(b"GET / HTTP/1.1\r\n")
        drip(connection, b"X-Drop: 1\r\n", times=100, pause=0.1)
        assert time.monotonic() - start < 3


def test_a_head_without_end_is_refused(address: str, connections: Connections) -> None:
    with connected(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        drip(connection, b"X-Pad: 1\r\n" * 500, times=10_000)
        assert connections.cut["long-head"] == 1
    with connected(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"X-Pad: 1\r\n" * 15_000)
        assert b" 431 " in read_all(connection)


def test_a_body_that_does_not_come_is_a_problem(address: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n"
    start = time.monotonic()
    answered = talk(address, head + b"half")
    assert time.monotonic() - start < 4
    assert b" 500 " in answered, "without the handler of problems it is a fault"


def test_a_body_that_nobody_waits_for_is_cut_off(
    address: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.connection._UNREAD_SECONDS", 0.2)
    with connected(address) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nx")
        assert b"alive" in connection.recv(4096)
        drip(connection, b"x", times=40, pause=0.1)
        assert connections.cut["unread-body"] == 1


def test_who_does_not_take_an_answer_is_cut_off(address: str, connections: Connections) -> None:
    with connected(address, receive_buffer=4096) as connection:
        connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: connections.cut["slow-reader"] == 1)
        assert len(connections) == 0
        assert len(read_all(connection)) < len(BIG)


def test_who_takes_it_slowly_but_steadily_gets_it(address: str, connections: Connections) -> None:
    with connected(address, receive_buffer=65536) as connection:
        connection.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received, start = 0, time.monotonic()
        while piece := connection.recv(500_000):
            received += len(piece)
            if time.monotonic() - start < 1.5:
                time.sleep(0.05)
        assert received > len(BIG)
        assert not connections.cut


def test_an_answer_may_take_longer_than_any_pause_of_a_client(
    address: str, connections: Connections
) -> None:
    with httpx.Client(base_url=address) as client:
        assert client.get("/slow").text == "late"
        assert client.get("/").text == "0"
        assert not connections.cut


def test_requests_sent_one_after_the_other_are_answered_in_turn(address: str) -> None:
    request = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\n"
    answered = talk(address, request + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc")
    assert answered.index(b"late") < answered.rindex(b"3")
    assert answered.count(b"HTTP/1.1 200") == 2


def test_idle_connections_make_room_for_new_ones() -> None:
    limits = ConnectionLimits(most=10, spare=2, trusted_proxies=LOCAL)
    with guarded(APP, limits) as (address, connections), ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connected(address))
        assert httpx.get(f"{address}/").text == "0"
        assert len(connections) <= 12
        assert connections.cut["too-many"] >= 18


def test_idle_connections_of_one_address_make_room_for_its_next() -> None:
    limits = ConnectionLimits(most=10, spare=2)
    with guarded(APP, limits) as (address, connections), ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connected(address))
        assert httpx.get(f"{address}/").text == "0"
        assert len(connections) <= limits.most_of_one + 1


def test_health_is_answered_while_all_connections_are_busy() -> None:
    limits = ConnectionLimits(most=4, spare=4, trusted_proxies=LOCAL)
    with guarded(APP, limits) as (address, _), ExitStack() as stack:
        busy = [stack.enter_context(connected(address)) for _ in range(4)]
        for each in busy:
            each.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(0.2)
        start = time.monotonic()
        assert httpx.get(f"{address}/healthz").text == "alive"
        refused = httpx.get(f"{address}/")
        assert time.monotonic() - start < 1
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert all(b"late" in read_all(each) for each in busy)
        assert httpx.get(f"{address}/").text == "0"


def test_one_address_does_not_get_all_connections_unless_it_is_a_trusted_proxy() -> None:
    limits = ConnectionLimits(most=8, spare=8)
    for trusted, status in (((), 503), (LOCAL, 200)):
        each = ConnectionLimits(limits.most, limits.spare, trusted_proxies=trusted)
        with guarded(APP, each) as (address, _), ExitStack() as stack:
            for _ in range(4):
                busy = stack.enter_context(connected(address))
                busy.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.2)
            assert httpx.get(f"{address}/").status_code == status
            assert httpx.get(f"{address}/healthz").status_code == 200


@pytest.mark.parametrize(
    "request_line", [b"GET * HTTP/1.1", b"CONNECT x:80 HTTP/1.1", b"\x00\xff", b"GET  HTTP/9.9"]
)
def test_what_is_no_request_is_refused(address: str, request_line: bytes) -> None:
    answered = talk(address, request_line + b"\r\nHost: x\r\n\r\n")
    assert answered.startswith(b"HTTP/1.1 4")
    assert httpx.get(f"{address}/healthz").text == "alive"
