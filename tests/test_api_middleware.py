from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.middleware import CrossOrigin, Faults, HeadAsGet, StandardHeaders


async def fine(request: Request) -> Response:
    return PlainTextResponse(request.method)


async def broken(request: Request) -> Response:
    raise ZeroDivisionError("a secret")


async def older(request: Request) -> Response:
    return PlainTextResponse("old", headers={"Sarcoma-KG-Snapshot": "before", "Vary": "Origin"})


async def broken_later(request: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    return StreamingResponse(body())


APP = Starlette(
    routes=[
        Route("/", fine),
        Route("/older", older),
        Route("/broken", broken),
        Route("/later", broken_later),
    ],
    middleware=[
        Middleware(CrossOrigin),
        Middleware(StandardHeaders, snapshot=lambda: "abc"),
        Middleware(HeadAsGet),
        Middleware(Faults),
    ],
)


def ask(method: str, path: str) -> httpx.Response:
    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(APP, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.request(method, path)

    return asyncio.run(request())


def test_an_answer_names_its_snapshot_and_any_origin_may_read_it() -> None:
    headers = ask("GET", "/").headers
    assert headers["sarcoma-kg-snapshot"] == "abc"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["vary"] == "Accept, Accept-Encoding"
    assert "Sarcoma-KG-Snapshot" in headers["access-control-expose-headers"]


def test_an_answer_of_an_older_snapshot_says_so() -> None:
    headers = ask("GET", "/older").headers
    assert headers["sarcoma-kg-snapshot"] == "before"
    assert headers["vary"] == "Origin, Accept-Encoding"


def test_pages_of_other_origins_may_name_their_requests_and_read_the_name() -> None:
    headers = ask("GET", "/").headers
    assert "X-Request-Id" in headers["access-control-expose-headers"]


def test_head_is_answered_as_get() -> None:
    assert ask("HEAD", "/").headers["content-length"] == str(len("GET"))


def test_a_fault_is_a_problem_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = ask("GET", "/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_in_an_answer_under_way_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        ask("GET", "/later")
