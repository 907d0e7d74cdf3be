"""What a client sends beyond the request that is being answered waits, and costs little."""

from __future__ import annotations

import asyncio
import re
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from raw_http import connected, guarded, read_all, talk
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.connection_limits import ConnectionLimits
from api.connections import Connections
from api.request_head import WellFormed

SMALL = b"GET /count HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Desk:
    """Counts what it is asked, and how much of it at once."""

    def __init__(self) -> None:
        self.asked = self.at_once = self.most_at_once = self.left = 0

    async def count(self, request: Request) -> Response:
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return PlainTextResponse(f"<{self.asked}>")

    async def echo(self, request: Request) -> Response:
        return PlainTextResponse(f"<{len(await request.body())}>")

    async def refuse(self, request: Request) -> Response:
        return PlainTextResponse("no", status_code=403)

    async def wait(self, request: Request) -> Response:
        await request.body()
        while not await request.is_disconnected():
            await asyncio.sleep(0.02)
        self.left += 1
        return PlainTextResponse("nobody")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def server(desk: Desk) -> Iterator[tuple[str, Connections]]:
    """A server whose requests the desk answers."""
    routes = [
        Route("/count", desk.count),
        Route("/echo", desk.echo, methods=["POST"]),
        Route("/refuse", desk.refuse, methods=["GET", "POST", "PUT"]),
        Route("/wait", desk.wait, methods=["GET", "POST"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(WellFormed)])
    with guarded(app, ConnectionLimits(tick=0.1)) as (address, connections):
        yield address, connections


def answers(received: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"<(\d+)>", received)]


def send_on(connection: socket.socket, piece: bytes, *, seconds: float, pause: float = 0) -> int:
    """Send a piece again and again until the other side has enough; returns the bytes sent."""
    until, sent = time.monotonic() + seconds, 0
    with suppress(OSError):
        while time.monotonic() < until:
            connection.sendall(piece)
            sent += len(piece)
            time.sleep(pause)
    return sent


def wait_for_change(read: Desk, seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not read.left and time.monotonic() < until:
        time.sleep(0.02)


def test_thousands_of_requests_in_one_go_are_answered_one_after_the_other(
    server: tuple[str, Connections], desk: Desk
) -> None:
    last = SMALL.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert answers(talk(server[0], SMALL * 4000 + last)) == list(range(1, 4002))
    assert desk.most_at_once == 1


def test_requests_that_nobody_reads_the_answers_of_wait_in_the_system(
    server: tuple[str, Connections], desk: Desk
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ExitStack() as stack:
        for _ in range(60):
            connection = stack.enter_context(connected(server[0], receive_buffer=4096))
            connection.setblocking(False)
            with suppress(BlockingIOError):
                connection.send(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + SMALL * 8000)
        began = time.monotonic()
        assert answers(talk(server[0], SMALL.replace(b"Host", b"Connection: close\r\nHost"))) == [1]
        assert time.monotonic() - began < 1
    assert desk.asked == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024, "in KiB"


@pytest.mark.parametrize("behind", [b"", SMALL, SMALL * 5000, b"POST /count HTTP/1.1\r\nX: "])
def test_who_leaves_ends_the_request_that_runs_whatever_stands_behind_it(
    server: tuple[str, Connections], desk: Desk, behind: bytes
) -> None:
    with connected(server[0]) as connection:
        connection.sendall(
            b"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" + behind
        )
        time.sleep(0.3)
        assert desk.left == 0
    wait_for_change(desk)
    assert desk.left == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [SMALL + SMALL],
        [SMALL[:-1], SMALL[-1:] + SMALL],
        [SMALL[:-3], SMALL[-3:] + SMALL[:5], SMALL[5:]],
        [b"\r\n\r\n" + SMALL, b"\r\n" + SMALL],
        [bytes([byte]) for byte in SMALL + SMALL],
    ],
    ids=["whole", "last byte apart", "cut twice", "blank lines before", "byte by byte"],
)
def test_requests_are_told_apart_however_they_are_cut(
    server: tuple[str, Connections], pieces: list[bytes]
) -> None:
    with connected(server[0]) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.005)
        connection.sendall(SMALL.replace(b"Host", b"Connection: close\r\nHost"))
        assert answers(read_all(connection)) == [1, 2, 3]


@pytest.mark.parametrize("cut", [1, 7, 60, 63, 64, 65, 1000, 10**6])
@pytest.mark.parametrize(
    "posted",
    [
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n" + b"\n\r\n" * 1000,
        CHUNKED
        + b"3e8\r\n"
        + b"\n" * 1000
        + b"\r\n"
        + b"7D0\r\n"
        + b"\r\n" * 1000
        + b"\r\n0\r\n\r\n",
    ],
    ids=["length", "chunked"],
)
def test_a_body_ends_where_it_says(
    server: tuple[str, Connections], posted: bytes, cut: int
) -> None:
    close = SMALL.replace(b"Host", b"Connection: close\r\nHost")
    everything = posted + posted + SMALL + posted + close
    with connected(server[0]) as connection:
        for start in range(0, min(len(everything), 20 * cut), cut):
            connection.sendall(everything[start : start + cut])
            time.sleep(0.002)
        connection.sendall(everything[20 * cut :])
        assert answers(read_all(connection)) == [3000, 3000, 1, 3000, 2]


@pytest.mark.parametrize(
    "body",
    [
        b"1\r\na\r\n" * 20_000,
        b"6\r\nASK {}\r\n0\r\n" + b"a: b\r\n" * 20_000,
        b"1;" + b"x" * 100_000,
    ],
    ids=["one byte a chunk", "trailers", "extension"],
)
def test_a_body_that_is_all_framing_is_refused(
    server: tuple[str, Connections], body: bytes
) -> None:
    address, connections = server
    assert talk(address, CHUNKED + body).startswith(b"HTTP/1.1 400")
    assert connections.cut["small-chunks"] == 1


def test_small_chunks_of_a_small_body_are_taken(server: tuple[str, Connections]) -> None:
    sent = CHUNKED.replace(b"Host", b"Connection: close\r\nHost")
    assert answers(talk(server[0], sent + b"1\r\na\r\n" * 3000 + b"0\r\n\r\n")) == [3000]


def test_the_rest_of_a_refused_body_is_taken_if_it_is_small(
    server: tuple[str, Connections],
) -> None:
    put = b"PUT /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    with connected(server[0]) as connection:
        connection.sendall(put)
        assert b" 403 " in connection.recv(4096)
        connection.sendall(b"x" * 100_000 + SMALL.replace(b"Host", b"Connection: close\r\nHost"))
        assert answers(read_all(connection)) == [1]


@pytest.mark.parametrize("size", [10**13, None])
def test_the_rest_of_a_refused_body_is_not_taken_for_ever(
    server: tuple[str, Connections], size: int | None
) -> None:
    address, connections = server
    framing = b"Transfer-Encoding: chunked" if size is None else b"Content-Length: %d" % size
    piece = b"x" * 65536 if size else b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with connected(address) as connection:
        connection.sendall(b"PUT /refuse HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n")
        assert b" 403 " in connection.recv(4096)
        connection.settimeout(3)
        sent = send_on(connection, piece, seconds=20)
    assert connections.cut["unread-body"] == 1
    assert sent < 60_000_000, "the buffers of the system included"


def test_a_refused_body_that_drips_is_ended(server: tuple[str, Connections]) -> None:
    address, connections = server
    put = b"PUT /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
    with connected(address) as connection:
        connection.sendall(put)
        began = time.monotonic()
        send_on(connection, b"x", seconds=10, pause=0.2)
    assert time.monotonic() - began < 5
    assert connections.cut["unread-body"] == 1
