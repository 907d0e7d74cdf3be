"""The outermost layer: it sees every request, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.asked_ahead import find_ahead
from api.client_identity import Network, find_client_address
from api.front_capture import show_record
from api.raw_headers import find_header, put_header
from api.request_record import (
    Observer,
    Outcome,
    RequestRecord,
    attach,
    conclude,
    record_of,
    request_id,
)

__all__ = ["MatchedRoute", "Observation"]


class Observation:
    """Keeps a record of each request, names it in the answer, and tells observers its end."""

    def __init__(
        self, app: ASGIApp, observers: Sequence[Observer], trusted_proxies: Sequence[Network] = ()
    ) -> None:
        self._app = app
        self._observers = observers
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and watch its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ahead = find_ahead(scope)
        record = self._record(scope) if ahead is None else ahead.record
        attach(scope, record)
        show_record(scope, record, self._observers)

        async def watched(message: Message) -> None:
            _watch(message, record)
            await send(message)

        if ahead is None:
            for observer in self._observers:
                observer.began()
        try:
            await self._app(scope, receive, watched)
            if record.status is None:
                record.noted = Outcome.CLIENT_LEFT
        except BaseException:
            record.noted = record.noted or Outcome.FAULT
            raise
        finally:
            conclude(record, self._observers)

    def _record(self, scope: Scope) -> RequestRecord:
        address = find_client_address(scope, self._trusted_proxies)
        given = find_header(scope["headers"], b"x-request-id")
        return RequestRecord(
            id=request_id(None if given is None else given.decode("latin-1")),
            method=scope["method"],
            path=scope["path"],
            client=None if address is None else str(address),
        )


class MatchedRoute:
    """The innermost layer: it writes down which route a request found."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; who routes it says so in the scope."""
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                record_of(scope).route = getattr(scope.get("route"), "path", None)


def _watch(message: Message, record: RequestRecord) -> None:
    if message["type"] == "http.response.start":
        record.status = message["status"]
        headers = message["headers"] = [*message["headers"]]
        put_header(headers, b"x-request-id", record.id.encode())
        snapshot = find_header(headers, b"sarcoma-kg-snapshot")
        record.snapshot = None if snapshot is None else snapshot.decode()
    elif message["type"] == "http.response.body" and record.method != "HEAD":
        record.sent += len(message.get("body", b""))
