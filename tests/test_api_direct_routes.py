"""Endpoints that are asked without the router answer as they do within it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from engine_at_hand import EngineAtHand
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import application
from api.direct_routes import DirectRoutes, Endpoint, find_direct
from api.problems import ParameterError
from kg.base import EmptyBase
from kg.settings import Settings

ASK = "/sparql?query=ASK%20%7B%7D"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
REQUESTS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("GET", ASK, {}),
    ("HEAD", ASK, {}),
    ("OPTIONS", ASK, {}),
    ("PUT", ASK, {}),
    ("GET", ASK, {"accept": "text/csv"}),
    ("GET", ASK, {"accept": "image/png"}),
    ("GET", ASK, {"accept": BROWSER, "accept-encoding": "gzip"}),
    ("GET", ASK, {"if-none-match": "*"}),
    ("GET", ASK, {"if-match": '"another"'}),
    ("GET", ASK, {"x-forwarded-prefix": "/kg"}),
    ("GET", ASK, {"host": "a/b"}),
    ("GET", "/sparql?query=ASK%20%7B", {}),
    ("GET", "/sparql?query=ASK%20%7B", {"accept": BROWSER}),
    ("GET", "/sparql?qery=ASK%20%7B%7D", {}),
    ("GET", f"{ASK}&query=ASK%20%7B%7D", {}),
    ("GET", f"{ASK}&timeout=never", {}),
    ("GET", "/sparql?query=SELECT%20(NOW()%20AS%20%3Fn)%20%7B%20FILTER(false)%20%7D", {}),
    ("GET", "/sparql?query=CONSTRUCT%20%7B%3Fs%20%3Fp%20%3Fo%7D%20%7B%3Fs%20%3Fp%20%3Fo%7D", {}),
    ("GET", "/sparql?format=ttl", {}),
    ("GET", "/sparql", {"accept": BROWSER}),
    ("GET", "/sparql/", {}),
    ("POST", "/sparql", {}),
    ("GET", "/healthz", {}),
    ("HEAD", "/healthz", {"x-request-id": "job-7"}),
    ("POST", "/healthz", {}),
    ("GET", "/healthz?deep=1", {"accept": BROWSER}),
    ("GET", "/readyz", {}),
    ("GET", "/version", {"accept-encoding": "gzip"}),
    ("GET", "/api/v1/context.jsonld", {}),
    ("GET", "/.well-known/void", {"accept": "text/turtle"}),
    ("GET", "/docs", {"accept": BROWSER}),
    ("GET", "/nowhere/at/all", {}),
    ("GET", "/api/v1/drugs/nothing", {}),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EngineAtHand:
    return EngineAtHand(EmptyBase(), tmp_path_factory.mktemp("direct"))


def app_of(engine: EngineAtHand, **settings: Any) -> ASGIApp:
    return application.create_app(
        Settings(home=engine.home, empty=True, **settings), engine, base=engine.base
    )


async def take(app: ASGIApp, method: str, target: str, headers: Mapping[str, str]) -> list[Message]:
    path, _, query = target.partition("?")
    given = {"host": "localhost", "x-request-id": "one", **headers}
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "extensions": {},
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize("settings", [{}, {"root_path": "/kg", "trusted_proxy": "127.0.0.1"}])
def test_the_direct_way_answers_as_the_router_does(
    engine: EngineAtHand, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    direct = app_of(engine, **settings)
    monkeypatch.setattr(application, "find_direct", lambda _: {})
    routed = app_of(engine, **settings)

    async def compare() -> None:
        for request in REQUESTS:
            assert await take(direct, *request) == await take(routed, *request), request

    asyncio.run(compare())


def test_what_is_asked_most_is_asked_directly(
    engine: EngineAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[tuple[str, str], Endpoint] = {}

    def find(routers: tuple[APIRouter, ...]) -> dict[tuple[str, str], Endpoint]:
        found.update(find_direct(routers))
        return found

    monkeypatch.setattr(application, "find_direct", find)
    app_of(engine)
    assert {("GET", "/sparql"), ("POST", "/sparql"), ("GET", "/healthz")} <= found.keys()
    assert not any(
        "{" in path or path == "/api/v1/paths" for method, path in found if method == "GET"
    )


def test_an_address_that_a_pattern_takes_first_is_left_to_the_router() -> None:
    async def endpoint(request: Request) -> Response:
        return PlainTextResponse(request.method)

    async def nothing() -> Response:
        return PlainTextResponse("nothing")

    async def more(request: Request, limit: int) -> Response:
        return PlainTextResponse(f"{request.method} {limit}")

    router = APIRouter()
    router.add_api_route("/before", endpoint)
    router.add_api_route("/nothing", nothing)
    router.add_api_route("/more", more)
    router.add_api_route("/{name}", endpoint)
    router.add_api_route("/after", endpoint)
    assert find_direct([router]).keys() == {("GET", "/before"), ("GET", "/nothing")}


async def _refuse(request: Request) -> Response:
    raise ParameterError("q", "no")


class _BreaksOff(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ParameterError("q", "too late")


async def _break_off(request: Request) -> Response:
    return _BreaksOff()


async def _break(request: Request) -> Response:
    raise ZeroDivisionError


async def _explain(request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 400)


@pytest.mark.parametrize(
    ("path", "raised"), [("/off", ParameterError), ("/fault", ZeroDivisionError)]
)
def test_what_cannot_be_explained_any_more_is_raised(path: str, raised: type[Exception]) -> None:
    endpoints = {("GET", "/off"): _break_off, ("GET", "/fault"): _break, ("GET", "/no"): _refuse}
    app = DirectRoutes(PlainTextResponse("routed"), endpoints, _explain, (ParameterError,))
    with pytest.raises(raised):
        asyncio.run(take(app, "GET", path, {}))
    assert asyncio.run(take(app, "GET", "/no", {}))[0]["status"] == 400
    assert asyncio.run(take(app, "GET", "/else", {}))[1]["body"] == b"routed"
