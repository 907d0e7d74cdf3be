"""An answer is whole or seen not to be, over raw sockets, and takes bounded memory on its way."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest
from raw_http import connected, guarded, read_all, talk
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.client_limits import ClientLimits, Pace
from api.compression import Compression
from api.connection_limits import ConnectionLimits
from api.engine import Engine
from api.failures import QueryCrashed
from api.messages import Head, QueryRequest
from api.middleware import Faults, HeadAsGet, StandardHeaders
from api.observation import Observation
from api.reply import Reply
from api.request_record import RequestRecord
from api.streaming import QueryAnswer
from kg.formats import ResultFormat

ROW = b'"' + b"x" * 1020 + b'"\r\n'
BOUND = 64 * 1024
PACE = Pace(seconds=0.5, bytes_per_second=100_000)
LIMITS = ConnectionLimits(pace=PACE, tick=0.1)


@dataclass
class Rows:
    """An engine whose replies have so many rows of a KiB, or a fault after them."""

    given: int = 0
    left: int = 0
    clients: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def ask(self, request: QueryRequest, *, client: str = "") -> AsyncIterator[Reply]:
        self.clients.append(client)
        head = Head("SELECT", "text/csv; charset=utf-8", "text/csv", is_volatile=False)
        try:
            reply = Reply(head, self._rows(request.query), "5" * 64)
            reply.waited = 0.001
            yield reply
        finally:
            self.left += 1

    async def _rows(self, wish: str) -> AsyncIterator[bytes]:
        yield b"name\r\n"
        count, _, fault = wish.partition(" ")
        for _ in range(int(count)):
            await asyncio.sleep(0)
            self.given += 1
            yield ROW
        if fault:
            raise QueryCrashed("the query made the engine fail")


class Seen:
    """Remembers the records of requests."""

    def __init__(self) -> None:
        self.records: list[RequestRecord] = []

    def began(self) -> None:
        pass

    def ended(self, record: RequestRecord) -> None:
        self.records.append(record)


@dataclass
class Served:
    """A server of rows: its address, its engine, and what was seen of requests."""

    address: str
    engine: Rows
    seen: Seen

    def wait(self) -> RequestRecord:
        """Return the record of the next request that ended."""
        deadline = time.monotonic() + 10
        while not self.seen.records:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return self.seen.records.pop()


@contextmanager
def serving(held_back: int = 1024 * 1024) -> Iterator[Served]:
    engine, seen = Rows(), Seen()

    async def answer(request: Request) -> Response:
        query = QueryRequest(request.query_params["query"])
        headers: Callable[[Head], dict[str, str]] = lambda _: {"ETag": '"tag"'}  # noqa: E731
        return QueryAnswer(
            cast(Engine, engine), query, headers, client="somebody", longest_buffer=BOUND
        )

    app = Starlette(
        routes=[Route("/", answer)],
        middleware=[
            Middleware(Observation, observers=[seen]),
            Middleware(StandardHeaders, snapshot=lambda: "newer"),
            Middleware(Compression),
            Middleware(HeadAsGet),
            Middleware(Faults),
            Middleware(ClientLimits, pace=PACE, held_back=held_back),
        ],
    )
    with guarded(app, LIMITS) as (address, _):
        yield Served(address, engine, seen)


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    with serving() as found:
        yield found


@pytest.fixture
def served(shared: Served) -> Served:
    shared.seen.records.clear()
    shared.engine.given = shared.engine.left = 0
    return shared


def request(wish: str, *, version: str = "1.1", method: str = "GET", more: str = "") -> bytes:
    target = "/?query=" + wish.replace(" ", "+")
    return (
        f"{method} {target} HTTP/{version}\r\nHost: x\r\n{more}Connection: close\r\n\r\n".encode()
    )


def split(answered: bytes) -> tuple[bytes, bytes]:
    head, _, body = answered.partition(b"\r\n\r\n")
    return head.lower(), body


def test_a_short_answer_has_its_length_and_names_its_own_snapshot(served: Served) -> None:
    head, body = split(talk(served.address, request("10")))
    assert b"content-length: %d" % len(body) in head
    assert body == b"name\r\n" + 10 * ROW
    assert b"sarcoma-kg-snapshot: " + b"5" * 64 in head
    record = served.wait()
    assert (record.rows, record.sent, record.outcome) == (10, len(body), "ok")
    assert (record.query, record.form, record.snapshot) == ("10", "SELECT", "5" * 64)
    assert served.engine.clients[-1] == "somebody"


def test_a_long_answer_is_chunked_and_ends(served: Served) -> None:
    head, body = split(talk(served.address, request("500")))
    assert b"transfer-encoding: chunked" in head
    assert body.endswith(b"\r\n0\r\n\r\n")
    assert httpx.get(served.address, params={"query": "500"}).text.count('x"\r\n') == 500
    assert served.wait().rows == 500


def test_a_failure_before_the_bound_is_a_problem(served: Served) -> None:
    answered = httpx.get(served.address, params={"query": "10 broken"})
    assert answered.status_code == 500
    assert answered.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("more", ["", "Accept-Encoding: gzip\r\n"])
def test_a_failure_after_the_bound_never_ends_like_a_whole_answer(
    served: Served, more: str
) -> None:
    head, body = split(talk(served.address, request("500 broken", more=more)))
    assert head.startswith(b"http/1.1 200")
    assert b"transfer-encoding: chunked" in head
    assert not body.endswith(b"0\r\n\r\n")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(served.address, params={"query": "500 broken"})
    assert served.wait().outcome == "cut-off"


def test_in_http_1_0_a_long_answer_is_refused_since_its_failure_could_not_be_seen(
    served: Served,
) -> None:
    head, body = split(talk(served.address, request("10", version="1.0")))
    assert b"content-length: %d" % len(body) in head
    assert b"transfer-encoding" not in head
    for wish in ("500", "500 broken"):
        head, body = split(talk(served.address, request(wish, version="1.0")))
        assert b" 505 " in head
        assert b"ask in HTTP/1.1" in body
        assert b"chunked" not in head


@pytest.mark.parametrize(("wish", "length"), [("10", b"content-length"), ("500000", None)])
def test_head_asks_no_more_than_it_takes_to_answer(
    served: Served, wish: str, length: bytes | None
) -> None:
    head, body = split(talk(served.address, request(wish, method="HEAD")))
    assert head.startswith(b"http/1.1 200")
    assert b"content-type: text/csv" in head
    assert body == b""
    assert length is None or length in head
    assert served.engine.given < 200
    assert served.wait().sent == 0


def test_who_takes_nothing_holds_nothing(served: Served) -> None:
    with connected(served.address, receive_buffer=4096) as connection:
        connection.sendall(request("500000"))
        record = served.wait()
    assert record.outcome == "client-left"
    assert served.engine.left == 1
    assert served.engine.given < 10_000, "as much as the buffers on the way take, and no more"


def test_who_hangs_up_ends_the_query(served: Served) -> None:
    with connected(served.address) as connection:
        connection.sendall(request("500000"))
        connection.recv(1000)
    assert served.wait().outcome == "client-left"
    assert served.engine.left == 1


def test_the_worker_is_free_before_a_whole_answer_is_taken() -> None:
    with serving() as served, connected(served.address, receive_buffer=4096) as connection:
        connection.sendall(request("60"))
        connection.recv(100)
        deadline = time.monotonic() + 0.3
        while not served.engine.left:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_answers_held_back_share_a_room_and_stream_when_it_is_full() -> None:
    with serving(held_back=16 * 1024) as served:
        plain = {"Accept-Encoding": "identity"}
        answered = httpx.get(served.address, params={"query": "30"}, headers=plain)
        assert answered.headers["transfer-encoding"] == "chunked"
        again = httpx.get(served.address, params={"query": "10"}, headers=plain)
        assert int(again.headers["content-length"]) == len(again.content)


def test_if_none_match_any_is_answered_without_a_body(served: Served) -> None:
    answered = httpx.get(served.address, params={"query": "5"}, headers={"If-None-Match": "*"})
    assert (answered.status_code, answered.content) == (304, b"")


def test_a_record_of_a_failure_tells_its_query(served: Served) -> None:
    httpx.get(served.address, params={"query": "1 broken"})
    assert served.wait().query == "1 broken"


def test_json_rows_are_counted_while_they_pass() -> None:
    record = RequestRecord()
    body = json.dumps({"results": {"bindings": [{"a": {"value": "x"}}] * 3}}, separators=(",", ":"))

    async def pieces() -> AsyncIterator[bytes]:
        yield body.encode()

    async def run() -> None:
        form = ResultFormat.JSON
        head = Head("SELECT", form.media_type, form.media_type, is_volatile=False)
        engine: Any = Rows()

        @asynccontextmanager
        async def ask(*_: object, **__: object) -> AsyncIterator[Reply]:
            yield Reply(head, pieces(), "5" * 64)

        engine.ask = ask
        scope = {"type": "http", "method": "GET", "headers": [], "sarcoma_kg.record": record}

        async def nothing(_: Any) -> None:
            pass

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(60)
            return {}

        await QueryAnswer(engine, QueryRequest("q"), lambda _: {})(scope, receive, nothing)

    asyncio.run(run())
    assert record.rows == 3


def test_an_interrupted_read_leaves_a_reset_or_an_end_but_no_last_chunk(served: Served) -> None:
    with connected(served.address) as connection:
        connection.sendall(request("2000 broken"))
        assert not read_all(connection).endswith(b"0\r\n\r\n")
