"""Replies of an engine elsewhere: written whole, within a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from api.failures import QueryTimedOut
from api.messages import Head
from api.remote_endpoint import RemoteAnswer
from api.reply import Reply, whole_reply
from kg.evaluation import Answer
from kg.query_error import QueryForbiddenError

__all__ = ["deadline", "no_writes", "whole", "write"]

_PIECE = 64 * 1024


def no_writes() -> QueryForbiddenError:
    """Return why nothing is written to a graph that is elsewhere."""
    return QueryForbiddenError(
        "nothing is written through this server: its graph is at an endpoint elsewhere",
        hint="build the new graph, and bring it there with sarcoma-kg publish",
    )


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """Give a block so many seconds; raises QueryTimedOut."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise QueryTimedOut(seconds) from None


def write(read: Callable[..., Answer], found: RemoteAnswer, **options: Any) -> tuple[Head, bytes]:
    """Read and write an answer in one thread, to which the results in it belong."""
    answer = read(found, **options)
    head = Head(
        answer.form.value, answer.choice.content_type, answer.media_type, answer.is_volatile
    )
    return head, answer.body()


def whole(head: Head, body: bytes, snapshot: str) -> Reply:
    """Return the reply with an answer that is there."""
    pieces = [body[at : at + _PIECE] for at in range(0, len(body), _PIECE)]
    return whole_reply(Reply(head, _nothing(), snapshot), pieces)


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece
