"""What answers queries: the embedded engine, worker processes on one snapshot after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from api.crew import Staff
from api.errand import commit_change, evaluate_write
from api.generation import Generation
from api.messages import GraphRequest, Opening, QueryRequest, WriteRequest
from api.openings import Opener, show_isolation
from api.pool import Pool
from api.reply import Reply
from api.succession import Succession
from api.zygote_process import ZYGOTE, Forwarder, ZygoteProcess
from kg.commit import CommitReply, CommitRequest
from kg.snapshot import Snapshot
from kg.writing import Effect

__all__ = ["EmbeddedEngine", "Engine", "EngineFigures"]

_SERVER_QUEUE = 1024


@dataclass(frozen=True)
class EngineFigures:
    """How an engine fares: workers now, and what happened since it started, by cause."""

    busy: int
    idle: int
    queued: int
    started: int
    replaced: Mapping[str, int]
    tastes_won: int
    tastes_lost: int


class Engine(Protocol):
    """Something that answers SPARQL queries about one snapshot after the other."""

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is served."""

    @property
    def lasting(self) -> Snapshot | None:
        """The same, or None where what it holds may change under its id."""

    @property
    def is_ready(self) -> bool:
        """Whether a query would be answered now."""

    @property
    def trouble(self) -> str:
        """Why queries are not answered now, as a sentence; empty where they are."""

    @property
    def isolation(self) -> str:
        """What keeps queries from the network, in a few words."""

    async def start(self) -> None:
        """Make ready to answer."""

    async def close(self) -> None:
        """Let go of everything."""

    def ask(
        self, request: QueryRequest | GraphRequest, *, client: str = ""
    ) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a user's request; ``client`` is who asks."""

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a query of the server itself, which no user's query delays."""

    async def evaluate_write(self, request: WriteRequest, *, client: str = "") -> Effect:
        """Return what a write would change; nothing is changed yet."""

    async def commit(self, request: CommitRequest) -> CommitReply:
        """Make a change part of the graph on disk; it is served after a swap."""

    async def swap(self, snapshot: Snapshot) -> None:
        """Serve another snapshot; what is under way is finished on the old one."""

    def figures(self) -> EngineFigures:
        """Return how the engine fares."""


class EmbeddedEngine:
    """The engine inside the package: worker processes forked from one that holds the snapshot.

    ``memory`` is in MiB and for each query; ``patience`` is how long, in seconds, a query waits
    for a worker, and ``queue_per_worker`` how many may wait. A graph of up to ``memory_below``
    MiB of N-Quads is held in memory. SERVICE reaches what ``forwarder`` forwards to, and
    nothing without one. No write may change the graphs of the build where it
    ``has_made_graphs``. ``program`` is what runs as the zygote.
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
        memory_below: int = 64,
        forwarder: Forwarder | None = None,
        has_made_graphs: bool = False,
        program: Sequence[str] = ZYGOTE,
    ) -> None:
        queue = workers * queue_per_worker
        self._snapshot = snapshot
        self._opener = Opener(memory, memory_below, dict(prefixes), has_made_graphs)
        self._users = Pool(queue=queue, share=max(1, queue // 2), patience=patience)
        self._server = Pool(queue=_SERVER_QUEUE, share=_SERVER_QUEUE, patience=patience)
        self._staff = Staff(
            {"query": workers, "express": 1, "server": 1},
            {
                "query": self._users.dispatch,
                "express": self._users.lane.go_on,
                "server": self._server.dispatch,
            },
        )
        self._writing = asyncio.Lock()
        self._beginning: asyncio.Task[None] | None = None
        self._succession = Succession(
            partial(ZygoteProcess.start, program, forwarder),
            self._staff,
            self._open_as,
            self._install,
        )

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is served."""
        return self._snapshot

    @property
    def is_on_disk(self) -> bool:
        """Whether queries are answered from a database on disk."""
        return self._opener.is_on_disk(self._snapshot)

    @property
    def lasting(self) -> Snapshot:
        """The same: what a snapshot holds never changes."""
        return self._snapshot

    @property
    def is_ready(self) -> bool:
        """Whether a worker of each kind runs."""
        generation = self._succession.generation
        return generation is not None and generation.is_ready

    @property
    def trouble(self) -> str:
        """Why queries are not answered now; empty where they are."""
        return "" if self.is_ready else "no query worker runs"

    @property
    def users(self) -> Pool:
        """The workers that answer users, and who waits for them."""
        return self._users

    @property
    def isolation(self) -> str:
        """What keeps queries from the network, as a sentence; known once workers run."""
        generation = self._succession.generation
        if generation is None:
            return "no worker runs"
        return show_isolation(generation.zygote.isolation, generation.opening)

    def begin(self) -> None:
        """Let the workers start while the caller does something else, before ``start``."""
        self._beginning = asyncio.create_task(self._succession.start(self._snapshot))

    async def start(self) -> None:
        """Start the workers; raises QueryCrashed when they cannot open the graph."""
        await (self._beginning or self._succession.start(self._snapshot))

    async def close(self) -> None:
        """Kill the workers, and return when they are gone."""
        if self._beginning:
            self._beginning.cancel()
            await asyncio.gather(self._beginning, return_exceptions=True)
        await self._succession.close()

    async def evaluate_write(self, request: WriteRequest, *, client: str = "") -> Effect:  # noqa: ARG002
        """Return what a write would change, by a process with a graph of its own.

        One is evaluated at a time. Raises QueryTimedOut, QueryCrashed, and the QueryError that
        the process met.
        """
        async with self._writing:
            return await evaluate_write(self._succession, request, self._opener.memory)

    async def commit(self, request: CommitRequest) -> CommitReply:
        """Make a change part of the graph on disk, by a process of its own.

        Raises QueryForbiddenError, CommitFailed, and QueryCrashed. A caller that is cancelled
        does not know what has become of the change.
        """
        return await commit_change(self._succession, request)

    async def swap(self, snapshot: Snapshot) -> None:
        """Serve another snapshot; what is under way is finished on the old one.

        Returns when new queries see it. Raises QueryCrashed or SnapshotMissing, and leaves the
        old one, when it cannot be opened.
        """
        await self._succession.swap(snapshot)

    def ask(
        self, request: QueryRequest | GraphRequest, *, client: str = ""
    ) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a user's request; raises as `Pool.ask` does."""
        return self._users.ask(request, client=client)

    def ask_for_server(self, request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        """Yield the reply to a query of the server itself; raises as `Pool.ask` does."""
        return self._server.ask(request)

    def figures(self) -> EngineFigures:
        """Return how the engine fares."""
        generation = self._succession.generation
        crew = generation.crews["query"] if generation else None
        return EngineFigures(
            busy=crew.busy if crew else 0,
            idle=crew.size - crew.busy if crew else 0,
            queued=self._users.queued,
            started=self._staff.started.total(),
            replaced=dict(self._staff.replaced),
            tastes_won=self._users.lane.won,
            tastes_lost=self._users.lane.lost,
        )

    def _open_as(self, snapshot: Snapshot, zygote: ZygoteProcess) -> Opening:
        return self._opener.choose(snapshot, zygote.isolation, zygote.services)

    def _install(self, generation: Generation) -> None:
        self._snapshot = generation.snapshot
        self._users.employ(generation.crews["query"])
        self._users.lane.employ(generation.crews["express"])
        self._server.employ(generation.crews["server"])
