"""What answers queries: the embedded engine, two pools of workers on one snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from api.messages import Opening, QueryRequest
from api.pool import Reply, WorkerPool
from kg.snapshot import Snapshot

__all__ = ["EmbeddedEngine", "Engine", "choose_opening"]

IN_MEMORY_BELOW = 32 * 1024 * 1024
"""Bytes of N-Quads up to which a worker holds the graph in memory (it answers faster)."""


class Engine(Protocol):
    """Something that answers SPARQL queries about one snapshot."""

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is served."""

    @property
    def is_ready(self) -> bool:
        """Whether a query would be answered now."""

    async def start(self) -> None:
        """Make ready to answer."""

    async def close(self) -> None:
        """Let go of everything."""

    def ask(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a user's query."""

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a query of the server itself, which no user's query delays."""


class EmbeddedEngine:
    """The engine inside the package: worker processes that each hold the snapshot.

    ``memory`` is in MiB and for each query; ``patience`` is how long, in seconds, a query waits
    for a worker, and ``queue_per_worker`` how many may wait.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        workers: int,
        memory: int,
        prefixes: Mapping[str, str],
        queue_per_worker: int = 16,
        patience: float = 30.0,
    ) -> None:
        opening = choose_opening(snapshot, memory=memory, prefixes=prefixes)
        queue = workers * queue_per_worker
        self._snapshot = snapshot
        self._users = WorkerPool(opening, size=workers, queue=queue, patience=patience)
        self._server = WorkerPool(opening, size=1, queue=1024, patience=patience)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is served."""
        return self._snapshot

    @property
    def is_ready(self) -> bool:
        """Whether a worker of each pool runs."""
        return self._users.is_ready and self._server.is_ready

    async def start(self) -> None:
        """Start the workers."""
        await asyncio.gather(self._users.start(), self._server.start())

    async def close(self) -> None:
        """Kill the workers."""
        await asyncio.gather(self._users.close(), self._server.close())

    def ask(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a user's query; raises as `WorkerPool.ask` does."""
        return self._users.ask(request)

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a query of the server itself; raises as `WorkerPool.ask` does."""
        return self._server.ask(request)


def choose_opening(snapshot: Snapshot, *, memory: int, prefixes: Mapping[str, str]) -> Opening:
    """Return how workers open a snapshot: in memory while it is small, else on disk."""
    if snapshot.nquads.stat().st_size < IN_MEMORY_BELOW:
        return Opening(nquads=str(snapshot.nquads), memory=memory, prefixes=dict(prefixes))
    return Opening(database=str(snapshot.database), memory=memory, prefixes=dict(prefixes))
