"""The answer to a query on its way from a worker to the client."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.asked_ahead import AskedAhead
from api.buffer_room import BufferRoom, room_of
from api.conditional import asks_for_none, not_modified
from api.engine import Engine
from api.failures import QueryCrashed, QueryTimedOut
from api.messages import GraphRequest, Head, QueryRequest
from api.problems import TooSlow
from api.reply import Reply
from api.request_record import Outcome, RequestRecord, record_of
from api.row_count import find_row_count
from kg.query_error import QueryError
from kg.query_text import Form

__all__ = ["LONGEST_BUFFER", "ClientGone", "QueryAnswer"]

LONGEST_BUFFER = 32 * 1024 * 1024
"""Bytes of an answer that are held back until it is known to be whole."""

_LOG = logging.getLogger(__name__)
_PATIENCE = 0.1


class ClientGone(Exception):  # noqa: N818 - not an error
    """The client hung up."""


class QueryAnswer(Response):
    """An answer that is whole, or seen not to be.

    An answer up to a bound is sent when it is complete, so that a failure is a problem with
    its status. A longer one is streamed as fast as the client takes it, and the connection is
    cut where it fails: it never ends like a complete one. The bound is lower while other
    answers fill the room for all. What was asked ``ahead`` is not asked again.
    """

    def __init__(
        self,
        engine: Engine,
        query: QueryRequest | GraphRequest,
        headers: Callable[[Head], dict[str, str]],
        *,
        client: str = "",
        longest_buffer: int = LONGEST_BUFFER,
        ahead: AskedAhead | None = None,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._query = query
        self._headers_of = headers
        self._client = client
        self._ahead = ahead
        self._longest_buffer = longest_buffer
        self._is_started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask, and send what comes."""
        record = record_of(scope)
        if isinstance(self._query, QueryRequest):
            record.query = self._query.query
        try:
            with cancelled_on_disconnect(receive):
                await self._answer(record, scope, receive, send)
        except ClientGone:
            record.noted = Outcome.CLIENT_LEFT
        except (QueryError, QueryCrashed, QueryTimedOut) as error:
            if not self._is_started:
                raise
            # Without the end of its chunks, the answer is seen to be incomplete.
            record.noted = Outcome.CUT_OFF
            _LOG.warning("the answer to request %s was cut off: %s", record.id, error)

    async def _answer(
        self, record: RequestRecord, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Ask, and write down how long it waited, and how long a worker was at it."""
        start = time.monotonic()
        with _Held(room_of(scope), self._longest_buffer) as held:
            ask = self._ahead or self._engine.ask(self._query, client=self._client)
            async with ask as reply:
                record.waited = reply.waited
                try:
                    headers = await self._hold(reply, held, record, scope, send)
                finally:
                    record.evaluated = time.monotonic() - start - reply.waited
            # The time of the query is over: the client may take its own for what is whole.
            if headers is None:
                return
            if "ETag" in headers and asks_for_none(Request(scope)):
                await not_modified(headers["ETag"])(scope, receive, send)
                return
            self._is_started = True
            await _send_start({**headers, "Content-Length": str(held.size)}, send)
            await _send_held(held, send, is_whole=True)

    async def _hold(
        self, reply: Reply, held: _Held, record: RequestRecord, scope: Scope, send: Send
    ) -> dict[str, str] | None:
        """Hold an answer back, and return its headers; None where it is too long, and was sent."""
        if reply.whole is not None:
            if reply.whole:
                held.add(reply.whole)
            _count(reply, record)(reply.whole)
            return self._describe(reply, record)
        async with aclosing(_counted(reply, record)) as pieces:
            async for piece in pieces:
                if not held.add(piece):
                    break
            headers = self._describe(reply, record)
            is_refused = "ETag" in headers and asks_for_none(Request(scope))
            if reply.is_complete or is_refused:
                return headers
            await self._stream(headers, held, pieces, scope, send)
            return None

    def _describe(self, reply: Reply, record: RequestRecord) -> dict[str, str]:
        record.form = reply.head.form
        record.snapshot = reply.snapshot
        own = {"Content-Type": reply.head.content_type, "Sarcoma-KG-Snapshot": reply.snapshot}
        return {**own, **self._headers_of(reply.head)}

    async def _stream(
        self,
        headers: dict[str, str],
        held: _Held,
        pieces: AsyncIterator[bytes],
        scope: Scope,
        send: Send,
    ) -> None:
        if scope.get("http_version") == "1.0":
            raise HTTPException(
                505,
                f"the answer is longer than the {held.size:,} bytes that are held back, and in"
                " HTTP/1.0 it could break off unseen; ask in HTTP/1.1, or for fewer rows",
            )
        self._is_started = True
        await _send_start(headers, send)
        if record_of(scope).method != "HEAD":
            await _send_held(held, send, is_whole=False)
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class _Held:
    """The first pieces of an answer, as long as there is room for more."""

    def __init__(self, room: BufferRoom | None, longest: int) -> None:
        self._room = room
        self._longest = longest
        self.size = 0
        self.pieces: deque[bytes] = deque()

    def __enter__(self) -> _Held:
        return self

    def __exit__(self, *_: object) -> None:
        while self.pieces:
            self.take()

    def add(self, piece: bytes) -> bool:
        """Keep a piece; tell whether there is room for another."""
        self.pieces.append(piece)
        self.size += len(piece)
        is_room = self._room is None or self._room.take(len(piece))
        return is_room and self.size <= self._longest

    def take(self) -> bytes:
        """Give up the first piece, and its room."""
        piece = self.pieces.popleft()
        if self._room is not None:
            self._room.give_back(len(piece))
        return piece


def _count(reply: Reply, record: RequestRecord) -> Callable[[bytes], None]:
    """Return what counts the rows in the pieces of a reply, and writes down how many there are."""
    is_counted = reply.head.form != Form.ASK.value
    count = find_row_count(reply.head.media_type) if is_counted else None

    def add(piece: bytes) -> None:
        if count is not None:
            count.add(piece)
            record.rows = count.rows

    return add


async def _counted(reply: Reply, record: RequestRecord) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a reply, and count their rows."""
    count = _count(reply, record)
    async for piece in reply:
        count(piece)
        yield piece


async def _send_start(headers: dict[str, str], send: Send) -> None:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})


async def _send_held(held: _Held, send: Send, *, is_whole: bool) -> None:
    while held.pieces:
        piece = held.take()
        is_last = is_whole and not held.pieces
        await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
    if is_whole and not held.size:
        await send({"type": "http.response.body", "body": b""})


@contextmanager
def cancelled_on_disconnect(receive: Receive) -> Iterator[None]:
    """Give up the block when the client hangs up; raises ClientGone then.

    Only what takes longer than a moment is watched: a short answer is not worth a task.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    watchers: list[asyncio.Task[None]] = []
    gone = False

    async def watch() -> None:
        nonlocal gone
        with suppress(TooSlow):  # a body that nobody reads, and that does not come
            while (await receive())["type"] != "http.disconnect":
                pass
        gone = True
        if task is not None:
            task.cancel()

    timer = loop.call_later(_PATIENCE, lambda: watchers.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if not gone or task is None or task.uncancel():
            raise
        raise ClientGone from None
    finally:
        timer.cancel()
        for watcher in watchers:
            watcher.cancel()
