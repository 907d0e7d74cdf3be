"""Every request has an id, a record, and an outcome that observers are told."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from api.compression import Compression
from api.middleware import Faults, HeadAsGet
from api.observation import MatchedRoute, Observation
from api.request_record import RequestRecord, note_write, record_of


class Seen:
    def __init__(self) -> None:
        self.began_so_far = 0
        self.records: list[RequestRecord] = []

    def began(self) -> None:
        self.began_so_far += 1

    def ended(self, record: RequestRecord) -> None:
        self.records.append(record)


async def fine(request: Request) -> Response:
    return PlainTextResponse("fine" * 1000, headers={"Sarcoma-KG-Snapshot": "abc"})


async def broken(request: Request) -> Response:
    raise ZeroDivisionError


async def write(request: Request) -> Response:
    note_write(request.scope, "CLEAR ALL")
    return Response(status_code=204)


def app_of(seen: Seen) -> FastAPI:
    app = FastAPI(
        middleware=[
            Middleware(Observation, observers=[seen], trusted_proxies=[ip_network("127.0.0.1/32")]),
            Middleware(Compression),
            Middleware(HeadAsGet),
            Middleware(Faults),
            Middleware(MatchedRoute),
        ]
    )
    app.add_api_route("/things/{id:path}", fine, response_class=Response)
    app.add_api_route("/broken", broken, response_class=Response)
    app.add_api_route("/write", write, methods=["POST"], response_class=Response)
    return app


def ask(
    method: str, path: str, headers: dict[str, str] | None = None
) -> tuple[httpx.Response, RequestRecord]:
    seen = Seen()

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app_of(seen))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.request(method, path, headers=headers)

    answered = asyncio.run(request())
    (record,) = seen.records
    assert seen.began_so_far == 1
    return answered, record


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_record_tells_what_was_asked_and_answered(method: str) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7", "Accept-Encoding": "gzip"}
    answered, record = ask(method, "/things/a/b?secret=1", forwarded)
    assert (record.method, record.path, record.route) == (
        method,
        "/things/a/b",
        "/things/{id:path}",
    )
    assert (record.status, record.outcome, record.client) == (200, "ok", "192.0.2.7")
    assert record.snapshot == "abc"
    assert record.seconds > 0
    sent = int(answered.headers["content-length"]) if method == "GET" else 0
    assert record.sent == sent < 4000


def test_the_answer_names_the_request_as_its_client_does() -> None:
    answered, record = ask("GET", "/things/a", {"X-Request-Id": "job-7"})
    assert answered.headers["x-request-id"] == record.id == "job-7"
    answered, record = ask("GET", "/things/a", {"X-Request-Id": "a b"})
    assert answered.headers["x-request-id"] == record.id != "a b"


def test_an_address_with_nothing_has_no_route() -> None:
    answered, record = ask("GET", "/nowhere")
    assert (answered.status_code, record.status, record.route) == (404, 404, None)
    assert record.outcome == "client-error"


def test_a_fault_is_one() -> None:
    answered, record = ask("GET", "/broken")
    assert (answered.status_code, record.outcome, record.route) == (500, "fault", "/broken")


def test_a_write_is_marked_and_its_text_known() -> None:
    _, record = ask("POST", "/write")
    assert (record.is_write, record.form, record.query) == (True, "UPDATE", "CLEAR ALL")


def run_scope(app: Any, seen: Seen) -> RequestRecord:
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": None}

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        pass

    asyncio.run(Observation(app, [seen])(scope, receive, send))
    return seen.records[-1]


def test_who_gets_no_answer_has_left() -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    record = run_scope(silent, Seen())
    assert (record.status, record.outcome, record.client) == (None, "client-left", None)


def test_what_fails_after_its_start_is_told_all_the_same() -> None:
    seen = Seen()

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_scope(failing, seen)
    assert seen.records[0].outcome == "fault"


def test_without_an_observer_a_record_can_be_written_all_the_same() -> None:
    scope: Scope = {}
    record_of(scope).rows = 3
    assert record_of(scope).rows == 3


def test_other_scopes_pass() -> None:
    passed: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope)

    async def nothing(*_: Any) -> Any:
        return {}

    asyncio.run(Observation(app, [])({"type": "lifespan"}, nothing, nothing))
    assert passed == [{"type": "lifespan"}]
