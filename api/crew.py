"""The workers of one snapshot for one purpose: so many, and replaced when they end."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from api.error_messages import read_error
from api.failures import LOST, QueryCrashed, WorkerLost, read_ending
from api.messages import SPENT, Head, Kind, pack
from api.process import Launcher, Process
from api.reply import Reply

__all__ = ["Crew", "Staff", "Worker", "read_first_message"]

_LOG = logging.getLogger(__name__)
_START_SECONDS = 20.0
_LONGEST_PAUSE = 5.0
_SHOWN_LINES = 5


class Worker:
    """A worker: asked one thing at a time, and killed when it overruns."""

    def __init__(self, process: Process, crew: Crew) -> None:
        self.process = process
        self.crew = crew
        self._is_answering = False
        self.why_killed: str | None = None
        self.over = asyncio.Event()
        process.ended.add_done_callback(lambda _: self.over.set())

    @property
    def is_fit(self) -> bool:
        """Whether the worker may be asked something."""
        return self.process.is_alive and not self._is_answering and self.why_killed is None

    async def ask(self, kind: Kind, request: bytes) -> Reply:
        """Return the reply to a request, as soon as its head is known; raises as ``answer``."""
        self.begin(kind, request)
        return await self.answer()

    def begin(self, kind: Kind, request: bytes) -> None:
        """Take a request, whose answer is awaited later."""
        self._is_answering = True
        self.process.channel.send(pack(kind, request))

    def answer_now(self) -> Reply | None:
        """Return the reply to the request that was begun if all of it has come, else None."""
        body = self.process.channel.receive_now(Kind.WHOLE)
        return None if body is None else self._read_whole(body)

    async def answer(self) -> Reply:
        """Return the reply to the request that was begun, as soon as its head is known.

        Raises the QueryError that the worker met, and QueryCrashed when it is dead.
        """
        found, body = await self._receive()
        if found is Kind.WHOLE:
            return self._read_whole(body)
        if found is Kind.ERROR:
            await self._finish()
            raise read_error(body)
        return Reply(Head.from_bytes(body), self._pieces(), self.crew.snapshot)

    def kill(self, why: str) -> None:
        """End the worker at once, whatever it does."""
        if self.why_killed is None:
            self.why_killed = why
            self.process.kill()
            self.process.channel.close()
            self.over.set()

    def _read_whole(self, body: bytes) -> Reply:
        self._is_answering = False
        head, _, whole = body.partition(b"\n")
        return Reply(Head.from_bytes(head), whole, self.crew.snapshot)

    async def _pieces(self) -> AsyncIterator[bytes]:
        while True:
            kind, body = await self._receive()
            if kind is Kind.DATA:
                yield body
            elif kind is Kind.ERROR:
                await self._finish()
                raise read_error(body)
            else:
                self._end(body)
                return

    async def _finish(self) -> None:
        self._end((await self._receive())[1])

    def _end(self, body: bytes) -> None:
        self._is_answering = False
        if body == SPENT:
            self.why_killed = "spent"
            self.over.set()

    async def _receive(self) -> tuple[Kind, bytes]:
        try:
            return await self.process.channel.receive()
        except EOFError:
            raise await self._obituary() from None

    async def _obituary(self) -> QueryCrashed:
        ending = await asyncio.shield(self.process.ended)
        return read_ending(ending, self.crew.memory)


@dataclass(frozen=True)
class Staff:
    """How many workers of each role there are, and who is told when one has nothing to do.

    ``started`` counts workers by role, and ``replaced`` by the cause of their end.
    """

    sizes: Mapping[str, int]
    on_idle: Mapping[str, Callable[[], None]]
    started: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)


class Crew:
    """The workers of one role that a process forks; each is replaced at once when it ends."""

    def __init__(
        self, launcher: Launcher, role: str, staff: Staff, *, memory: int, snapshot: str
    ) -> None:
        self._launcher = launcher
        self._role = role
        self._staff = staff
        self.memory = memory
        self.snapshot = snapshot
        self._idle: list[Worker] = []
        self._alive: set[Worker] = set()
        self._keepers: list[asyncio.Task[None]] = []
        self._is_retired = False
        self.is_failing = False

    @property
    def size(self) -> int:
        """How many workers run."""
        return len(self._alive)

    @property
    def busy(self) -> int:
        """How many workers answer a query."""
        return len(self._alive) - len(self._idle)

    async def start(self) -> None:
        """Start the workers; raises QueryCrashed when they cannot open the graph."""
        first = await asyncio.gather(*(self._hire() for _ in range(self._staff.sizes[self._role])))
        self._keepers = [asyncio.create_task(self._keep(worker)) for worker in first]

    @property
    def has_idle(self) -> bool:
        """Whether a worker has nothing to do."""
        while self._idle and not self._idle[-1].is_fit:
            self._idle.pop()
        return bool(self._idle)

    def take_idle(self) -> Worker:
        """Return a worker that has nothing to do, to be given back; there must be one."""
        return self._idle.pop()

    def give_back(self, worker: Worker, why: str) -> None:
        """Take a worker back, to be used again or, if it still answers, killed for a reason."""
        if worker.is_fit and not self._is_retired:
            self._idle.append(worker)
            self._staff.on_idle[self._role]()
        else:
            worker.kill("retired" if worker.is_fit else why)

    async def retire(self) -> None:
        """Replace no worker any more, and return when each has finished what it does."""
        self._is_retired = True
        for worker in self._idle:
            worker.kill("retired")
        self._idle.clear()
        await asyncio.gather(*self._keepers)

    async def close(self) -> None:
        """Kill the workers, and return when they are gone."""
        self._is_retired = True
        for worker in self._alive:
            worker.kill("closed")
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _keep(self, worker: Worker | None) -> None:
        """Replace a worker whenever it ends, for as long as the crew serves."""
        while worker is not None:
            self._alive.add(worker)
            self.give_back(worker, "")
            await self._await_end(worker)
            self._alive.discard(worker)
            if worker in self._idle:
                self._idle.remove(worker)
            worker = await self._replace()

    async def _await_end(self, worker: Worker) -> None:
        """Wait until a worker is of no use any more; one that was killed dies by itself."""
        await worker.over.wait()
        cause = worker.why_killed
        if cause is None:
            ending = worker.process.ended.result()
            words = " / ".join(ending.words.splitlines()[-_SHOWN_LINES:])
            _LOG.warning("%s worker ended with %d: %s", self._role, ending.status, words)
            cause = read_ending(ending, self.memory).cause
        if not self._is_retired:
            self._staff.replaced[cause] += 1

    async def _replace(self) -> Worker | None:
        """Return a new worker; None when there shall be none any more."""
        pause = 0.1
        while not self._is_retired and not self._launcher.gone.done():
            try:
                hired = await self._hire()
                self.is_failing = False
                return hired
            except TimeoutError:
                self._launcher.give_up()
            except QueryCrashed as error:
                if not isinstance(error, WorkerLost):
                    _LOG.error("a %s worker does not start: %s", self._role, error)
                self.is_failing = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        return None

    async def _hire(self) -> Worker:
        process = self._launcher.fork(self._role)
        await read_first_message(process, self.memory, _START_SECONDS)
        self._staff.started[self._role] += 1
        return Worker(process, self)


async def read_first_message(process: Process, memory: int, seconds: float) -> None:
    """Wait until a process is ready; raises TimeoutError, or QueryCrashed when it is dead."""
    try:
        async with asyncio.timeout(seconds):
            await process.channel.receive()
    except EOFError:
        ending = await asyncio.shield(process.ended)
        if ending.words == LOST:
            raise read_ending(ending, memory) from None
        reason = ending.words.rpartition("\n")[2] or f"it ended with {ending.status}"
        raise QueryCrashed(reason) from None
    except BaseException:
        process.kill()
        process.channel.close()
        raise
