"""Writes: one at a time, each evaluated, committed and served before it is answered."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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

__all__ = ["Guard", "NotServed", "Times", "WriteRefused", "Writer", "Written"]

_LOG = logging.getLogger(__name__)
_MOST_ATTEMPTS = 5
_MOST_WAITING = 16
_NEWS = 0.2
"""The part that the last write has in the running mean."""

_LONGEST_ESTIMATE = 60

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


@dataclass
class Times:
    """The seconds that a write waited for its turn, and was evaluated; None: it never came to it.

    What is left of its time went into gate, commit and swap.
    """

    waited: float | None = None
    evaluated: float | None = None


class Writer:
    """Writes to the snapshot that an engine serves: a write that is answered is kept, and seen.

    ``home`` is that of the server; a base may keep its snapshots in a folder of it. ``patience``
    is how long, in seconds, a write waits for its turn. ``count`` is called when a snapshot was
    to be served, with ``served`` or ``refused``, and ``write`` or, where another process was
    quicker, ``build``.
    """

    def __init__(
        self,
        engine: Engine,
        base: Base,
        home: Path,
        *,
        gated: bool,
        patience: float = 30.0,
        count: Callable[[str, str], None] = lambda _, __: None,
    ) -> None:
        self._engine = engine
        self._base = base
        self._home = home
        self._gated = gated
        self._patience = patience
        self._count = count
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Written]] = set()
        self._job: _Job | None = None
        self._seconds_each = 0.0

    async def write(
        self,
        request: WriteRequest,
        *,
        client: str = "",
        guard: Guard | None = None,
        times: Times | None = None,
    ) -> Written:
        """Return what a write did, once it is durable and served.

        A client that leaves ends the evaluation of its write, but not its commit; ``times`` learn
        where its time went. Raises WriteRefused, Overloaded, what `Engine.evaluate_write`
        raises, and what ``guard`` raises.
        """
        if len(self._tasks) >= _MOST_WAITING:
            raise self._overloaded("too many writes wait already; try again later")
        job = _Job(request, client, guard, times or Times())
        task = asyncio.create_task(self._in_turn(job))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not job.is_committing:
                task.cancel()
            raise

    @property
    def is_committing(self) -> bool:
        """Whether a snapshot is being made that the writer will have served itself."""
        return self._job is not None and self._job.is_committing

    async def finish(self) -> None:
        """Wait for the writes that are under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _forget(self, task: asyncio.Task[Written]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _LOG.info("a write ended: %s", error)

    async def _in_turn(self, job: _Job) -> Written:
        async with self._waited(job.times):
            self._job = job
            for _ in range(_MOST_ATTEMPTS):
                written = await self._attempt(job)
                if written is not None:
                    return written
        raise self._overloaded("other processes write to the same home; try again later")

    @asynccontextmanager
    async def _waited(self, times: Times) -> AsyncIterator[None]:
        """Have the turn; raises Overloaded where it does not come. Nothing has been done then."""
        start = time.monotonic()
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise self._overloaded("the writes before this one take too long") from None
        finally:
            times.waited = time.monotonic() - start
        start = time.monotonic()
        try:
            yield
        finally:
            self._job = None
            self._turn.release()
            self._seconds_each += _NEWS * (time.monotonic() - start - self._seconds_each)

    def _overloaded(self, message: str) -> Overloaded:
        seconds = math.ceil(len(self._tasks) * self._seconds_each)
        return Overloaded(min(max(seconds, 1), _LONGEST_ESTIMATE), message)

    async def _attempt(self, job: _Job) -> Written | None:
        """Return what a write did, or None when its snapshot was no longer the current one."""
        before = self._engine.snapshot
        effect = await self._evaluate(job)
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

    async def _evaluate(self, job: _Job) -> Effect:
        start = time.monotonic()
        try:
            return await self._engine.evaluate_write(job.request, client=job.client)
        finally:
            seconds = time.monotonic() - start
            job.times.evaluated = (job.times.evaluated or 0.0) + seconds

    async def _commit(self, before: Snapshot, effect: Effect) -> Snapshot | None:
        """Make a change the current snapshot, and serve it; None where another was quicker."""
        reply = await self._engine.commit(
            CommitRequest(self._base, self._home, effect.change, before.id, self._gated)
        )
        if reply.problems:
            raise WriteRefused(reply.problems)
        home = self._base.home(self._home)
        if reply.is_stale:
            await self._swap(await asyncio.to_thread(get_current, home), "build")
            return None
        after = await asyncio.to_thread(get_snapshot, home, reply.snapshot)
        try:
            await self._swap(after, "write")
        except Exception as error:
            _LOG.exception("snapshot %s cannot be served", after.id)
            raise NotServed(after.id) from error
        return after

    async def _swap(self, snapshot: Snapshot, source: str) -> None:
        # Who watches the home may have been quicker.
        if self._engine.snapshot.id == snapshot.id:
            return
        try:
            await self._engine.swap(snapshot)
        except Exception:
            self._count("refused", source)
            raise
        self._count("served", source)


@dataclass
class _Job:
    """A write under way."""

    request: WriteRequest
    client: str
    guard: Guard | None
    times: Times
    is_committing: bool = False
