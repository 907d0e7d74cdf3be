"""The layers around every request, as plain ASGI."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import find_address
from api.problems import STOPPING, problem_of, show_problem
from api.raw_headers import add_missing, find_headers, put_header
from api.request_record import Outcome, record_of

__all__ = ["CrossOrigin", "Faults", "HeadAsGet", "Options", "SlashRedirect", "StandardHeaders"]

_LOG = logging.getLogger(__name__)
_READING = "GET, HEAD, OPTIONS"
_ALL = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_WHOLE_SERVER = "*"
_SNAPSHOT = b"sarcoma-kg-snapshot"
_EXPOSED = (
    "Content-Disposition, Content-Range, ETag, Link, Location, Repr-Digest, Retry-After, "
    "Sarcoma-KG-Snapshot, X-Request-Id"
)
_ACCEPTED = (
    "Accept, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Request-Id"
)


_ANY_ORIGIN = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
)


class CrossOrigin:
    """Lets pages of any origin read every answer, errors too; never with credentials."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""
        await self._app(scope, receive, _allowing(send) if scope["type"] == "http" else send)


class StandardHeaders:
    """Names the snapshot in every answer, and says what answers depend on.

    An answer that names its own keeps it: the server may serve another one by now.
    """

    def __init__(self, app: ASGIApp, snapshot: Callable[[], str]) -> None:
        self._app = app
        self._snapshot = snapshot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = [*message["headers"]]
                add_missing(headers, _SNAPSHOT, self._snapshot().encode())
                put_header(headers, b"x-content-type-options", b"nosniff")
                varies = find_headers(headers, b"vary") or [b"Accept"]
                put_header(headers, b"vary", b", ".join((*varies, b"Accept-Encoding")))
            await send(message)

        await self._app(scope, receive, adding)


class Options:
    """Answers OPTIONS: by the methods of an address, or with ``*`` by those of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand the request on."""
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await _options(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class SlashRedirect:
    """Redirects from an address with a slash too many to the one without.

    The redirect is relative: no proxy in between changes the scheme, the host or the folders.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, or hand the request on."""
        place = _find_redirect(scope) if scope["type"] == "http" else None
        if place is None:
            await self._app(scope, receive, send)
        else:
            await Response(status_code=307, headers={"Location": place})(scope, receive, send)


class HeadAsGet:
    """Answers HEAD as GET; the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change the method for what lies inside, not for the server outside."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


class Faults:
    """Turns what nobody foresaw into a problem with status 500, and logs it.

    A request that the end of the server interrupts is a problem with status 503.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the application where it fails before its answer starts."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            _LOG.exception("%s %s", scope["method"], scope["path"])
            await problem_of(Request(scope), error)(scope, receive, send)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            record_of(scope).noted = Outcome.STOPPING
            if not started:
                await show_problem(STOPPING, "ask again in a moment")(scope, receive, send)


def _allowing(send: Send) -> Send:
    async def allowing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_ANY_ORIGIN]
        await send(message)

    return allowing


def _options(request: Request) -> Response:
    """Return the methods of an address; a browser's question beforehand is always answered.

    Otherwise no page could read that there is nothing at an address.
    """
    address = find_address(request)
    is_known = address or request.scope["path"] == _WHOLE_SERVER
    if not is_known and "access-control-request-method" not in request.headers:
        return problem_of(request, HTTPException(404))
    methods = address.allow if address else _ALL if is_known else _READING
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": _ACCEPTED,
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers)


def _find_redirect(scope: Scope) -> str | None:
    """Return where the address without its last slash is, as seen from the one with it."""
    path = scope["path"]
    bare = path.removesuffix("/")
    if bare == path or not bare or bare.endswith("/") or find_address(Request(scope)):
        return None
    if find_address(Request({**scope, "path": bare})) is None:
        return None
    query = scope["query_string"].decode("latin-1")
    return f"../{quote(bare.rpartition('/')[2])}{'?' if query else ''}{query}"
