"""Requests without a server, for tests of what reads them."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import Message

__all__ = ["request_of"]

Headers = Iterable[tuple[str, str]]


def request_of(
    method: str = "GET",
    target: str = "/sparql",
    body: bytes = b"",
    headers: Headers = (),
    *,
    pieces: Iterable[bytes] | None = None,
    scheme: str = "http",
    client: str = "192.0.2.1",
) -> Request:
    """Return a request for a path and query; ``pieces`` are its body where that comes in parts."""
    path, _, query = target.partition("?")
    coming = list(pieces) if pieces is not None else [body]

    async def receive() -> Message:
        piece = coming.pop(0) if coming else b""
        return {"type": "http.request", "body": piece, "more_body": bool(coming)}

    given = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    scope = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": given,
        "client": (client, 4711),
        "server": ("127.0.0.1", 8000),
    }
    return Request(scope, receive)
