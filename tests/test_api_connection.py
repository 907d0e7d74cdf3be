"""What comes over one connection: requests in their order, and what is none, byte by byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from raw_http import connected, guarded, read_all, talk
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.connection_limits import LONGEST_TARGET, ConnectionLimits
from api.connections import Connections
from api.request_head import WellFormed

CLOSING = b"Connection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
HEAD = b"Host: kg.example\r\n"
WISH = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"


async def echo(request: Request) -> Response:
    """Answer with the host, what follows the path, and the body."""
    parts = (request.headers["host"].encode(), request.scope["query_string"], await request.body())
    return Response(b" ".join(parts))


async def slow(request: Request) -> Response:
    await asyncio.sleep(0.2)
    return PlainTextResponse("late")


async def streamed(request: Request) -> Response:
    async def pieces() -> Any:
        yield b"begun"
        await asyncio.sleep(5)

    return StreamingResponse(pieces())


APP = Starlette(
    routes=[
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/slow", slow, methods=["GET", "POST"]),
        Route("/streamed", streamed, methods=["POST"]),
    ],
    middleware=[Middleware(WellFormed)],
)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Connections]]:
    with guarded(APP, ConnectionLimits(head_bytes=70_000)) as (address, connections):
        yield address, connections


@pytest.fixture
def address(served: tuple[str, Connections]) -> str:
    return served[0]


@pytest.fixture
def connections(served: tuple[str, Connections]) -> Connections:
    served[1].cut.clear()
    return served[1]


def answers(received: bytes) -> list[tuple[int, bytes]]:
    """Return the status and the body of each answer; each has a length."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        lengths = [line for line in lines if line.lower().startswith(b"content-length:")]
        length = int(lengths[0].partition(b":")[2])
        found.append((int(lines[0].split()[1]), rest[:length]))
        received = rest[length:]
    return found


def refusal(received: bytes) -> dict[str, Any]:
    """Return the problem that is the only answer."""
    ((status, body),) = answers(received)
    problem: dict[str, Any] = json.loads(body)
    assert problem["status"] == status
    assert b"content-type: application/problem+json" in received
    assert b"connection: close" in received
    return problem


def test_an_address_that_is_too_long_is_414(address: str, connections: Connections) -> None:
    path = b"/echo?"
    longest = path + b"a" * (LONGEST_TARGET - len(path))
    ((status, body),) = answers(talk(address, b"GET %b HTTP/1.1\r\n" % longest + HEAD + CLOSING))
    assert (status, len(body)) == (200, len("kg.example  ") + LONGEST_TARGET - len(path))
    problem = refusal(talk(address, b"GET %ba HTTP/1.1\r\n" % longest + HEAD + CLOSING))
    assert problem["status"] == 414
    assert "65,535 bytes; send a long query in the body of a POST" in problem["detail"]
    assert connections.cut == {"long-target": 1}


def test_an_address_without_end_is_refused_before_it_ends(
    address: str, connections: Connections
) -> None:
    with connected(address) as connection:
        connection.sendall(b"GET /echo?" + b"a" * LONGEST_TARGET)
        assert refusal(read_all(connection))["status"] == 414


def test_a_head_that_is_too_long_is_431_and_the_refusal_arrives(
    address: str, connections: Connections
) -> None:
    lines = b"X-Pad: 1\r\n" * 300_000
    with connected(address) as connection:
        connection.sendall(b"GET /echo HTTP/1.1\r\n" + lines)
        problem = refusal(read_all(connection))
    assert problem["status"] == 431
    assert "at most 70,000 bytes" in problem["detail"]
    assert connections.cut == {"long-head": 1}


@pytest.mark.parametrize(
    "sent",
    [
        b"GARB AGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "GET /echo?ö HTTP/1.1\r\n\r\n".encode(),
        b"GET /echo HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n" + CHUNKED,
        b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET http://[/echo HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_is_no_request_is_a_problem(
    address: str, connections: Connections, sent: bytes
) -> None:
    problem = refusal(talk(address, sent))
    assert problem["status"] == 400
    assert problem["detail"].startswith("what came is no request in HTTP/1.1 (")
    assert connections.cut == {"no-request": 1}


def test_a_broken_body_is_a_problem_whether_it_is_read_or_not(
    address: str, connections: Connections
) -> None:
    chunked = CHUNKED + b"3\r\nabc\r\nzz\r\n"
    for path in (b"/echo", b"/slow"):
        sent = b"POST %b HTTP/1.1\r\n" % path + HEAD + chunked
        assert refusal(talk(address, sent))["status"] == 400
    assert connections.cut == {"no-request": 2}


def test_a_broken_body_of_an_answer_under_way_cuts_it_off(address: str) -> None:
    with connected(address) as connection:
        connection.sendall(b"POST /streamed HTTP/1.1\r\n" + HEAD + CHUNKED)
        received = connection.recv(1000)
        assert received.startswith(b"HTTP/1.1 200")
        connection.sendall(b"zz\r\n")
        rest = read_all(connection)
    assert b"400" not in rest
    assert not rest.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    "second",
    [
        b"GARB AGE\r\n\r\n",
        b"GET /echo?" + b"a" * 66_000,
        b"POST /echo HTTP/1.1\r\nHost: x\r\n" + CHUNKED + b"zz\r\n",
    ],
)
def test_what_was_asked_before_is_answered_first(address: str, second: bytes) -> None:
    asked = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    first, last = answers(talk(address, asked + second))
    assert first == (200, b"late")
    assert last[0] in (400, 414)


def test_the_next_head_may_not_be_endless_while_an_answer_is_made(
    address: str, connections: Connections
) -> None:
    with connected(address) as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\n")
        connection.sendall(b"X-Pad: 1\r\n" * 20_000)
        first, last = answers(read_all(connection))
    assert (first[0], last[0]) == (200, 431)


def test_nothing_after_a_refusal_is_heard(address: str) -> None:
    sent = b"GARB AGE\r\n\r\nGET /echo HTTP/1.1\r\n" + HEAD + CLOSING
    assert refusal(talk(address, sent))["status"] == 400


@pytest.mark.parametrize("wish", [WISH, b"Connection: upgrade\r\nUpgrade: websocket\r\n"])
def test_the_wish_for_another_protocol_is_ignored_and_costs_no_body(
    address: str, wish: bytes
) -> None:
    post = b"POST /echo?a HTTP/1.1\r\n" + HEAD + wish
    bodies = (b"Content-Length: 6\r\n\r\nASK {}", CHUNKED + b"1\r\nA\r\n0\r\n\r\n")
    last = b"GET /echo?last HTTP/1.1\r\n" + HEAD + CLOSING
    received = talk(address, b"".join(post + body for body in bodies) + last)
    assert answers(received) == [
        (200, b"kg.example a ASK {}"),
        (200, b"kg.example a A"),
        (200, b"kg.example last "),
    ]


def test_a_body_after_such_a_wish_may_come_later(address: str) -> None:
    with connected(address) as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\n" + HEAD + WISH)
        connection.sendall(b"Content-Length: 6\r\nConnection: close\r\n\r\nAS")
        connection.sendall(b"K {}")
        assert answers(read_all(connection)) == [(200, b"kg.example  ASK {}")]


@pytest.mark.parametrize(
    ("target", "host"),
    [
        (b"http://other.example:81/echo?a", b"other.example:81"),
        (b"http://me@other.example/echo?a", b"other.example"),
        (b"/echo?a", b"kg.example"),
    ],
)
def test_the_host_of_a_whole_address_counts(address: str, target: bytes, host: bytes) -> None:
    sent = b"GET %b HTTP/1.1\r\n" % target + HEAD + CLOSING
    assert answers(talk(address, sent)) == [(200, host + b" a ")]
