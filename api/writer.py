"""Writes: one at a time, each evaluated, committed and served before it is answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.engine import Engine
from api.messages import WriteRequest
from api.pool import Overloaded
from kg.building import Base
from kg.commit import CommitRequest
from kg.problem import Problem
from kg.snapshot import Snapshot, get_current, get_snapshot
from kg.writing import Effect

__all__ = ["Guard", "NotServed", "WriteRefused", "Writer", "Written"]

_LOG = logging.getLogger(__name__)
_MOST_ATTEMPTS = 5
_MOST_WAITING = 16

Guard = Callable[[Snapshot, Effect], None]
"""Raises what forbids a write, once it is known what it would do, and to which snapshot."""


class WriteRefused(Exception):  # noqa: N818 - what the client is told
    """The gate refuses a write; ``problems`` are its reasons."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("the shapes and checks refuse the write; nothing was changed")
        self.problems = problems


class NotServed(Exception):  # noqa: N818 - what the client is told
    """A write is kept, and yet nobody sees it."""

    def __init__(self, snapshot: str) -> None:
        super().__init__(
            f"the write is kept in snapshot {snapshot[:12]}, which cannot be served now; "
            "do not repeat it"
        )


@dataclass(frozen=True)
class Written:
    """What a write did: the snapshot that holds it, and how many quads came and went.

    ``existed`` tells whether the graph that it named was there before.
    """

    snapshot: Snapshot
    existed: bool
    added: int
    removed: int


class Writer:
    """Writes to the snapshot that an engine serves: a write that is answered is kept, and seen.

    ``home`` is that of the server; a base may keep its snapshots in a folder of it.
    """

    def __init__(self, engine: Engine, base: Base, home: Path, *, gated: bool) -> None:
        self._engine = engine
        self._base = base
        self._home = home
        self._gated = gated
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Written]] = set()

    async def write(
        self, request: WriteRequest, *, client: str = "", guard: Guard | None = None
    ) -> Written:
        """Return what a write did, once it is durable and served.

        A client that leaves ends the evaluation of its write, but not its commit. Raises
        WriteRefused, Overloaded, what `Engine.evaluate_write` raises, and what ``guard`` raises.
        """
        if len(self._tasks) >= _MOST_WAITING:
            raise Overloaded(retry_after=1)
        job = _Job(request, client, guard)
        task = asyncio.create_task(self._in_turn(job))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not job.is_committing:
                task.cancel()
            raise

    async def finish(self) -> None:
        """Wait for the writes that are under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _forget(self, task: asyncio.Task[Written]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _LOG.info("a write ended: %s", error)

    async def _in_turn(self, job: _Job) -> Written:
        async with self._turn:
            for _ in range(_MOST_ATTEMPTS):
                written = await self._attempt(job)
                if written is not None:
                    return written
        raise Overloaded(retry_after=1)

    async def _attempt(self, job: _Job) -> Written | None:
        """Return what a write did, or None when its snapshot was no longer the current one."""
        before = self._engine.snapshot
        effect = await self._engine.evaluate_write(job.request, client=job.client)
        if job.guard:
            job.guard(before, effect)
        after = before
        if not effect.change.is_empty:
            job.is_committing = True
            committed = await self._commit(before, effect)
            if committed is None:
                job.is_committing = False
                return None
            after = committed
        return Written(after, effect.existed, len(effect.change.added), len(effect.change.removed))

    async def _commit(self, before: Snapshot, effect: Effect) -> Snapshot | None:
        """Make a change the current snapshot, and serve it; None where another was quicker."""
        reply = await self._engine.commit(
            CommitRequest(self._base, self._home, effect.change, before.id, self._gated)
        )
        if reply.problems:
            raise WriteRefused(reply.problems)
        home = self._base.home(self._home)
        if reply.is_stale:
            await self._engine.swap(get_current(home))
            return None
        after = get_snapshot(home, reply.snapshot)
        await self._serve(after)
        return after

    async def _serve(self, snapshot: Snapshot) -> None:
        # Who watches the home may have been quicker.
        if self._engine.snapshot.id == snapshot.id:
            return
        try:
            await self._engine.swap(snapshot)
        except Exception as error:
            _LOG.exception("snapshot %s cannot be served", snapshot.id)
            raise NotServed(snapshot.id) from error


@dataclass
class _Job:
    """A write under way."""

    request: WriteRequest
    client: str
    guard: Guard | None
    is_committing: bool = False
