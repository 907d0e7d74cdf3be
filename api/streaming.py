"""The answer to a query on its way from a worker to the client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.conditional import asks_for_none, not_modified
from api.engine import Engine
from api.messages import Head, QueryRequest
from api.pool import QueryCrashed, QueryTimedOut, Reply
from kg.query_error import QueryError

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
    its status. A longer one is streamed, and the connection is cut where it fails: it never
    ends like a complete one.
    """

    def __init__(
        self,
        engine: Engine,
        query: QueryRequest,
        headers: Callable[[Head], dict[str, str]],
        *,
        longest_buffer: int = LONGEST_BUFFER,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._query = query
        self._headers_of = headers
        self._longest_buffer = longest_buffer
        self._is_started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask, and send what comes."""
        try:
            with cancelled_on_disconnect(receive):
                async with self._engine.ask(self._query) as reply:
                    await self._forward(reply, scope, receive, send)
        except ClientGone:
            _LOG.info("the client left before its answer was complete")
        except (QueryError, QueryCrashed, QueryTimedOut) as error:
            if not self._is_started:
                raise
            # Without the end of its chunks, the answer is seen to be incomplete.
            _LOG.warning("an answer was cut off: %s", error)

    async def _forward(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        pieces = aiter(reply)
        buffered = await _buffer(pieces, self._longest_buffer)
        headers = {"Content-Type": reply.head.content_type, **self._headers_of(reply.head)}
        self._is_started = True
        if "ETag" in headers and asks_for_none(Request(scope)):
            await not_modified(headers["ETag"])(scope, receive, send)
            return
        if reply.is_complete:
            await Response(buffered, headers=headers)(scope, receive, send)
            return
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": buffered, "more_body": True})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _buffer(pieces: AsyncIterator[bytes], longest: int) -> bytes:
    held = bytearray()
    async for piece in pieces:
        held += piece
        if len(held) > longest:
            break
    return bytes(held)


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
