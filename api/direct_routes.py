"""Endpoints that are asked without the router, as it costs more than most of them do."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.request_record import record_of

__all__ = ["DirectRoutes", "Endpoint", "find_direct"]

Endpoint = Callable[[Request], Awaitable[Response]]
Explain = Callable[[Request, Exception], Awaitable[Response]]


class DirectRoutes:
    """Asks the ``endpoints`` of methods and paths at once, and leaves all else to the router.

    What they raise of the kinds that are ``explained`` becomes an answer by ``explain``, as it
    does inside of the router.
    """

    def __init__(
        self,
        app: ASGIApp,
        endpoints: Mapping[tuple[str, str], Endpoint],
        explain: Explain,
        explained: tuple[type[Exception], ...],
    ) -> None:
        self._app = app
        self._endpoints = endpoints
        self._explain = explain
        self._explained = explained

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand the request on."""
        endpoint = None
        if scope["type"] == "http":
            endpoint = self._endpoints.get((scope["method"], scope["path"]))
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        record_of(scope).route = scope["path"]
        request, started = Request(scope, receive), False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            response = await endpoint(request)
            await response(scope, receive, watched)
        except self._explained as error:
            if started:
                raise
            response = await self._explain(request, error)
            await response(scope, receive, send)


def find_direct(routers: Iterable[APIRouter]) -> dict[tuple[str, str], Endpoint]:
    """Return the endpoints by method and path that take a request, or nothing, and no parameter.

    Routers and their routes are tried in order: an address that a pattern before takes is not
    among them.
    """
    found: dict[tuple[str, str], Endpoint] = {}
    patterns: list[APIRoute] = []
    for route in _routes(routers):
        if "{" in route.path:
            patterns.append(route)
            continue
        endpoint = _plain(route.endpoint)
        if endpoint is None or any(each.path_regex.match(route.path) for each in patterns):
            continue
        for method in route.methods or ():
            found.setdefault((method, route.path), endpoint)
    return found


def _routes(routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route


def _plain(endpoint: Callable[..., Any]) -> Endpoint | None:
    """Return an endpoint that is to be given a request; None where it takes more than that."""
    names = [*inspect.signature(endpoint).parameters]
    if names == ["request"]:
        return endpoint
    return (lambda _: endpoint()) if not names else None
