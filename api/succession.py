"""Generations follow each other: a new snapshot, or a holder that died, brings the next one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

from api.crew import Staff
from api.failures import QueryCrashed, WorkerLost
from api.generation import Generation
from api.messages import Opening
from api.process import Process
from api.zygote_process import ZygoteProcess
from kg.snapshot import Snapshot, SnapshotMissing

__all__ = ["Succession"]

_LOG = logging.getLogger(__name__)
_TRIES = 3
_PAUSE = 0.05
_LONGEST_PAUSE = 5.0


class Succession:
    """The zygote and the generation that serves; both are replaced when they die or fall silent.

    ``start_zygote`` makes the former; ``open_as`` says how its processes open a snapshot;
    ``install`` is called with each generation that begins to serve.
    """

    def __init__(
        self,
        start_zygote: Callable[[], Awaitable[ZygoteProcess]],
        staff: Staff,
        open_as: Callable[[Snapshot, ZygoteProcess], Opening],
        install: Callable[[Generation], None],
    ) -> None:
        self._start_zygote = start_zygote
        self._staff = staff
        self._open_as = open_as
        self._install = install
        self._zygote: ZygoteProcess | None = None
        self._zygotes: list[ZygoteProcess] = []
        self._generation: Generation | None = None
        self._draining: set[Generation] = set()
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def zygote(self) -> ZygoteProcess | None:
        """The process from which all others are forked."""
        return self._zygote

    @property
    def generation(self) -> Generation | None:
        """The generation that serves."""
        return self._generation

    async def start(self, snapshot: Snapshot) -> None:
        """Serve a first snapshot; raises QueryCrashed when it cannot be opened."""
        try:
            await self._replace(snapshot)
        except BaseException:
            await self.close()
            raise
        self._run(self._mend())

    async def swap(self, snapshot: Snapshot) -> None:
        """Serve another snapshot; returns when new queries see it, while the old one drains.

        Raises QueryCrashed or SnapshotMissing, and leaves the old one, when it cannot be opened.
        """
        async with self._changing:
            # Who watches the home and who writes to it may both bring the same one.
            if self._generation is None or self._generation.snapshot.id != snapshot.id:
                await self._replace(snapshot)

    async def fork_writer(self) -> Process:
        """Return a new process that evaluates one write on the graph that is served, and ends."""
        async with self._changing:
            await self._revive()
            return self._get_generation().fork_writer()

    def find_scratch(self) -> Path | None:
        """Return where a write may copy the database; None where the graph is in memory."""
        generation = self._get_generation()
        if generation.opening.database is None:
            return None
        return generation.snapshot.directory.parent.parent

    async def fork_committer(self) -> Process:
        """Return a new process that commits one change, and ends."""
        async with self._changing:
            return (await self._living_zygote()).launcher.fork("commit")

    async def close(self) -> None:
        """Kill all processes, and return when they are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for generation in filter(None, (self._generation, *self._draining)):
            await generation.close()
        for zygote in self._zygotes:
            await zygote.close()

    async def _replace(self, snapshot: Snapshot) -> None:
        new = await self._begin(snapshot)
        old, self._generation = self._generation, new
        self._install(new)
        if old:
            self._draining.add(old)
            self._run(self._drain(old))

    async def _drain(self, old: Generation) -> None:
        await old.drain()
        self._draining.discard(old)
        in_use = {self._zygote, *(each.zygote for each in self._draining)}
        for zygote in [each for each in self._zygotes if each not in in_use]:
            self._zygotes.remove(zygote)
            await zygote.close()

    async def _begin(self, snapshot: Snapshot) -> Generation:
        """Start a generation; when the zygote dies of it, a new one has another try."""
        for tries_left in range(_TRIES, 0, -1):
            zygote = await self._living_zygote()
            opening = self._open_as(snapshot, zygote)
            try:
                return await Generation.start(zygote, snapshot, opening, self._staff)
            except WorkerLost:
                if tries_left == 1:
                    raise
                await asyncio.sleep(_PAUSE)
        raise AssertionError("unreachable")

    async def _living_zygote(self) -> ZygoteProcess:
        if self._zygote and not self._zygote.launcher.gone.done():
            return self._zygote
        if self._zygote:
            _LOG.error("the process from which workers are forked is gone; another one is started")
        self._zygote = await self._start_zygote()
        self._zygotes.append(self._zygote)
        return self._zygote

    async def _mend(self) -> None:
        """Replace what dies, for as long as the task runs."""
        pause = 0.1
        while self._generation and self._zygote:
            watched = {self._generation.gone, self._zygote.launcher.gone}
            await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            try:
                async with self._changing:
                    await self._revive()
                pause = 0.1
            except (QueryCrashed, SnapshotMissing, OSError, TimeoutError) as error:
                _LOG.error("workers cannot be started: %s", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _revive(self) -> None:
        """Start those again that died; who was forked by a dead zygote goes with it."""
        zygote = await self._living_zygote()
        generation = self._get_generation()
        if generation.gone.done():
            _LOG.error("the process that holds the snapshot is gone; another one is started")
        if generation.gone.done() or generation.zygote is not zygote:
            await self._replace(generation.snapshot)

    def _get_generation(self) -> Generation:
        if self._generation is None:
            raise WorkerLost("nothing is served yet")
        return self._generation

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
