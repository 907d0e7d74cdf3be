"""A file on its way to the client: whole or a range of it, with its length and its digest."""

from __future__ import annotations

import asyncio
import base64
import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.compression import encoding_of
from api.conditional import tagged
from api.problems import ProblemKind, show_problem
from api.request_record import Outcome, record_of
from api.snapshot_names import UnknownSnapshot
from api.streaming import ClientGone, cancelled_on_disconnect
from kg.snapshot_shelf import Copy

__all__ = [
    "FileAnswer",
    "Range",
    "Sent",
    "read_range",
    "repr_digest",
    "send_bytes",
    "wanted_range",
    "wants_gzip",
]

_PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)
_UNSATISFIABLE = ProblemKind("range", 416, "There is no such range")


@dataclass(frozen=True)
class Range:
    """The bytes of a file from ``start`` up to, and without, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Sent:
    """A file to send, its tag and its headers; where it is compressed, both say so."""

    copy: Copy
    tag: str
    headers: Mapping[str, str]
    is_packed: bool = False

    def all_headers(self) -> dict[str, str]:
        """Return the headers of the whole file."""
        tag = f'{self.tag[:-1]}-gzip"' if self.is_packed else self.tag
        return {
            **self.headers,
            **tagged(tag),
            **({"Content-Encoding": "gzip"} if self.is_packed else {}),
            "Accept-Ranges": "bytes",
            "Repr-Digest": repr_digest(self.copy.sha256),
        }


def read_range(header: str | None, size: int) -> Range | None:
    """Return the range that a header asks of a file of so many bytes, or None for all of it.

    Several ranges at once, and what is no range, ask for the whole (RFC 9110, 14.2). One that
    lies outside has no bytes.

    >>> read_range("bytes=2-", 10), read_range("bytes=-3", 10), read_range("bytes=0-1,4-5", 10)
    (Range(start=2, end=10), Range(start=7, end=10), None)
    >>> read_range("bytes=10-", 10)
    Range(start=10, end=10)
    """
    found = _RANGE.fullmatch((header or "").strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        return Range(max(0, size - int(last)), size) if last else None
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return Range(min(start, size), max(end, min(start, size)))


def wanted_range(headers: Headers, tag: str, size: int) -> Range | None:
    """Return the range that a request asks of what has a tag; None for all of it."""
    condition = headers.get("if-range")
    if condition is not None and condition.strip() != tag:
        return None
    return read_range(headers.get("range"), size)


def send_bytes(request: Request, body: bytes, tag: str, headers: Mapping[str, str]) -> Response:
    """Return what is held in memory as an answer: whole, or the range that is asked for."""
    size = len(body)
    wanted = wanted_range(request.headers, tag, size)
    if wanted is None:
        return Response(body, headers={**headers, "Accept-Ranges": "bytes"})
    if wanted.start >= wanted.end:
        return _unsatisfiable(size)
    part = {"Accept-Ranges": "bytes", **_content_range(wanted, size)}
    return Response(body[wanted.start : wanted.end], 206, headers={**headers, **part})


def repr_digest(sha256: str) -> str:
    """Return the header field Repr-Digest (RFC 9530) of a SHA-256 in hexadecimal.

    >>> repr_digest("00" * 32)
    'sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:'
    """
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def wants_gzip(request: Request) -> bool:
    """Tell whether a file is sent compressed; ranges are those of the file as it is."""
    is_whole = "range" not in request.headers
    is_new = request.scope.get("http_version") != "1.0"
    return is_whole and is_new and encoding_of(request.headers) == "gzip"


class FileAnswer(Response):
    """A file, read in pieces as fast as the client takes them.

    It is opened before the answer starts, so that it is whole also where its snapshot is removed
    meanwhile. ``entered`` is left when it is sent. Where it turns out shorter than it was, the
    connection is cut.
    """

    def __init__(self, sent: Sent, entered: AbstractContextManager[object]) -> None:
        super().__init__()
        self._sent = sent
        self._entered = entered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the range of it that is asked for."""
        with ExitStack() as stack:
            stack.enter_context(self._entered)
            file = stack.enter_context(await asyncio.to_thread(_open, self._sent.copy.path))
            size = os.fstat(file.fileno()).st_size
            headers = Headers(scope=scope)
            wanted = wanted_range(headers, self._sent.tag, size)
            if wanted is not None and wanted.start >= wanted.end:
                await _unsatisfiable(size)(scope, receive, send)
                return
            try:
                with cancelled_on_disconnect(receive):
                    await self._send(file, wanted, size, scope, send)
            except ClientGone:
                record_of(scope).noted = Outcome.CLIENT_LEFT

    async def _send(
        self, file: IO[bytes], wanted: Range | None, size: int, scope: Scope, send: Send
    ) -> None:
        part = wanted or Range(0, size)
        headers = self._sent.all_headers()
        headers["Content-Length"] = str(part.end - part.start)
        if wanted is not None:
            headers |= _content_range(part, size)
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        status = 200 if wanted is None else 206
        await send({"type": "http.response.start", "status": status, "headers": raw})
        if record_of(scope).method != "HEAD":
            file.seek(part.start)
            await _send_pieces(file, part.end - part.start, send)
        await send({"type": "http.response.body", "body": b""})


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise UnknownSnapshot("this snapshot was removed just now; ask for a newer one") from None


async def _send_pieces(file: IO[bytes], size: int, send: Send) -> None:
    while size:
        piece = await asyncio.to_thread(file.read, min(_PIECE, size))
        if not piece:
            raise OSError(f"{file.name} is shorter than it was")
        size -= len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": True})


def _content_range(part: Range, size: int) -> dict[str, str]:
    return {"Content-Range": f"bytes {part.start}-{part.end - 1}/{size}"}


def _unsatisfiable(size: int) -> Response:
    detail = f"the file has {size:,} bytes"
    return show_problem(_UNSATISFIABLE, detail, {"Content-Range": f"bytes */{size}"})
