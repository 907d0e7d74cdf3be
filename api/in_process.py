"""Work of the server done in the process of somebody who asks: no loop, no workers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar, cast

from pyoxigraph import Store

from api.answered_request import answer_request, head_of
from api.engine import Engine
from api.messages import QueryRequest
from api.reply import Reply, whole_reply
from kg.merging import Merges
from kg.snapshot import Snapshot

__all__ = ["engine_at", "finish"]

Made = TypeVar("Made")


def finish(work: Coroutine[None, None, Made]) -> Made:
    """Return what a coroutine makes that waits for nothing but its turn; raises what it raises.

    It needs no event loop, and so runs within a notebook, which has one of its own.

    >>> async def answer() -> int:
    ...     return 42
    >>> finish(answer())
    42
    """
    while True:
        try:
            work.send(None)
        except StopIteration as done:
            return cast(Made, done.value)


def engine_at(snapshot: Snapshot, store: Store, merges: Merges) -> Engine:
    """Return an engine that asks an open store the queries of the server itself, and no others."""
    return cast(Engine, _Engine(snapshot, store, merges))


@dataclass(frozen=True)
class _Engine:
    snapshot: Snapshot
    store: Store
    merges: Merges

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        return self._ask(request)

    @asynccontextmanager
    async def _ask(self, request: QueryRequest) -> AsyncIterator[Reply]:
        answer = answer_request(self.store, request, merges=self.merges)
        yield whole_reply(Reply(head_of(answer), _nothing(), self.snapshot.id), [answer.body()])


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece
