"""Answers in gzip, where the client asks for it and they are long enough to gain by it."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kept_bytes import KeptBytes
from api.raw_headers import RawHeader, find_header, find_headers

__all__ = [
    "SHORTEST",
    "Compression",
    "compressed",
    "compressed_tag",
    "encoding_of",
    "is_compressible",
    "may_compress",
]

SHORTEST = 1024
"""Bytes of a body below which compression gains nothing."""

_GZIP = "gzip"
_TAG_END = b'-gzip"'
_GZIP_FRAME = 16 + zlib.MAX_WBITS
_LEVEL = 3
_IN_THREAD = 128 * 1024
"""Bytes from which on a piece is compressed in a thread: more would hold up other answers."""

_COMPRESSIBLE = frozenset(
    {
        "application/json",
        "application/xml",
        "application/n-triples",
        "application/n-quads",
        "application/trig",
        "application/rdf-patch",
        "application/javascript",
    }
)


def encoding_of(headers: Headers) -> str:
    """Return how the body of an answer is encoded for a client: ``gzip`` or ``identity``.

    >>> [encoding_of(Headers({"accept-encoding": each})) for each in ("br, gzip;q=0.5", "*;q=0")]
    ['gzip', 'identity']
    """
    return _choose(headers.get("accept-encoding", ""))


@lru_cache(maxsize=256)
def _choose(accepted: str) -> str:
    weights = dict(_weight(each) for each in accepted.split(","))
    gzip = weights.get(_GZIP, weights.get("x-gzip", weights.get("*", 0.0)))
    return _GZIP if gzip > 0 and gzip >= weights.get("identity", 0.0) else "identity"


def is_compressible(content_type: str) -> bool:
    """Tell whether a media type is text, as pictures and archives are compressed already.

    >>> is_compressible("application/ld+json"), is_compressible("image/png")
    (True, False)
    """
    media_type = content_type.partition(";")[0].strip().lower()
    return (
        media_type.startswith("text/")
        or media_type.endswith(("+json", "+xml"))
        or media_type in _COMPRESSIBLE
    )


class Compression:
    """Compresses bodies on their way, also those that are streamed.

    What breaks off half-way has neither the end of its chunks nor that of its gzip frame.
    Answers in HTTP/1.0 are left as they are: their length must be known beforehand. The tag of
    a compressed answer ends in ``-gzip``, and what lies inside knows it without this ending.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and compress its answer if it may be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        may = may_compress(scope)
        known = find_headers(scope["headers"], b"if-none-match")
        if known or find_header(scope["headers"], b"if-match") is not None:
            scope = {**scope, "headers": _without_endings(scope["headers"], may=may)}
        if may:
            send = _Compressor(send, b",".join(known).decode("latin-1")).send
        await self._app(scope, receive, send)


def _without_endings(headers: Iterable[RawHeader], *, may: bool) -> list[RawHeader]:
    """Return headers whose conditions name the tags that answers have inside."""
    conditions = (b"if-match", b"if-none-match") if may else (b"if-match",)
    return [
        (name, value.replace(_TAG_END, b'"') if name in conditions else value)
        for name, value in headers
    ]


class _Compressor:
    """Compresses one answer; it decides when it knows the head and the first piece."""

    def __init__(self, send: Send, known_tags: str) -> None:
        self._send = send
        self._known_tags = known_tags
        self._head: Message | None = None
        self._gzip: Any = None

    async def send(self, message: Message) -> None:
        """Send a message of the answer."""
        if message["type"] == "http.response.start":
            self._head = message
            return
        if message["type"] == "http.response.body":
            if self._head is not None:
                await self._start(self._head, message)
            if self._gzip is not None:
                message = {**message, "body": await self._compress(message)}
                if not message["body"] and message.get("more_body"):
                    return
        await self._send(message)

    async def _start(self, head: Message, first: Message) -> None:
        self._head = None
        headers = MutableHeaders(scope=head)
        tag = compressed_tag(headers.get("etag", ""))
        if head["status"] == 304 and tag and tag in self._known_tags:
            headers["ETag"] = tag
        elif _gains(head["status"], headers, first):
            headers["Content-Encoding"] = _GZIP
            del headers["Content-Length"]
            if tag:
                headers["ETag"] = tag
            if first.get("more_body"):
                self._gzip = _compressor()
            else:
                first["body"] = await _compress_whole(first["body"])
                headers["Content-Length"] = str(len(first["body"]))
        await self._send(head)

    async def _compress(self, message: Message) -> bytes:
        body, is_last = message.get("body", b""), not message.get("more_body")
        if len(body) < _IN_THREAD:
            return _compress(self._gzip, body, is_last=is_last)
        return await asyncio.to_thread(_compress, self._gzip, body, is_last=is_last)


def _compressor() -> Any:
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_FRAME)


async def _compress_whole(body: bytes) -> bytes:
    """Return an answer in gzip, and keep that beside one that is kept."""
    if isinstance(body, KeptBytes):
        return await body.derive(_GZIP, compressed)
    return compressed(body) if len(body) < _IN_THREAD else await asyncio.to_thread(compressed, body)


def compressed(body: bytes) -> bytes:
    """Return a whole body in gzip."""
    return _compress(_compressor(), body, is_last=True)


def _compress(gzip: Any, body: bytes, *, is_last: bool) -> bytes:
    compressed: bytes = gzip.compress(body)
    return compressed + gzip.flush() if is_last else compressed


def compressed_tag(tag: str) -> str:
    """Return the tag of the same answer when it is compressed.

    >>> compressed_tag('"abc"')
    '"abc-gzip"'
    """
    return f"{tag[:-1]}{_TAG_END.decode()}" if tag else ""


def may_compress(scope: Scope) -> bool:
    """Tell whether the body of an answer may be compressed, by the head of its request."""
    accepted = find_header(scope["headers"], b"accept-encoding")
    if accepted is None or scope.get("http_version") == "1.0":
        return False
    return _choose(accepted.decode("latin-1")) == _GZIP


def _gains(status: int, headers: MutableHeaders, first: Message) -> bool:
    if status in (204, 206, 304) or "content-encoding" in headers:
        return False
    if not is_compressible(headers.get("content-type", "")):
        return False
    return bool(first.get("more_body")) or len(first.get("body", b"")) >= SHORTEST


def _weight(element: str) -> tuple[str, float]:
    """Return an encoding and its weight; one that is not understood counts as refused.

    >>> _weight(" GZIP ; q=0.5 "), _weight("gzip;q=much")
    (('gzip', 0.5), ('gzip', 0.0))
    """
    name, *parameters = (each.strip().lower() for each in element.split(";"))
    given = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        weight = float(given)
    except ValueError:
        return name, 0.0
    return name, weight if 0 <= weight <= 1 else 0.0
