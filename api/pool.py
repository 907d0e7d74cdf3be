"""Query workers: started ahead, asked one query each, killed and replaced when they overrun."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from api.messages import HEADER, Head, Kind, Opening, QueryRequest, pack, read_error

__all__ = ["Overloaded", "QueryCrashed", "QueryTimedOut", "Reply", "Worker", "WorkerPool"]

_LOG = logging.getLogger(__name__)
_START_SECONDS = 60.0
_LONGEST_PAUSE = 5.0
_KEPT = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Overloaded(Exception):  # noqa: N818 - what the client is told
    """Every worker is busy and the queue is full; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("all query workers are busy and the queue is full; try again later")
        self.retry_after = retry_after


class QueryTimedOut(Exception):  # noqa: N818 - what the client is told
    """A query took longer than it may; its worker was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query took longer than {seconds:g} s and was stopped")
        self.seconds = seconds


class QueryCrashed(Exception):  # noqa: N818 - what the client is told
    """A worker died of a query: of its memory limit, or of a fault of the engine."""


class Worker:
    """A worker process, and the two ends of the pipes to it."""

    def __init__(self, process: Process, memory: int) -> None:
        if not (process.stdin and process.stdout and process.stderr):
            raise ValueError("a worker needs pipes")
        self._process = process
        self._memory = memory
        self._input, self._output = process.stdin, process.stdout
        self._last_words: deque[str] = deque(maxlen=5)
        self.ended = asyncio.create_task(self._watch(process.stderr))

    @classmethod
    async def start(cls, opening: Opening) -> Worker:
        """Start a worker, and return it when its graph is open."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "api.worker"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=_environment(),
            start_new_session=True,
        )
        worker = cls(process, opening.memory)
        try:
            await worker.send(Kind.OPEN, opening.to_bytes())
            async with asyncio.timeout(_START_SECONDS):
                await worker.receive()
        except BaseException:
            worker.kill()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.returncode is None

    async def send(self, kind: Kind, body: bytes) -> None:
        """Send a message; raises QueryCrashed when the worker is dead."""
        try:
            self._input.write(pack(kind, body))
            await self._input.drain()
        except OSError:
            raise await self._obituary() from None

    async def receive(self) -> tuple[Kind, bytes]:
        """Return the next message; raises QueryCrashed when the worker is dead."""
        try:
            kind, length = HEADER.unpack(await self._output.readexactly(HEADER.size))
            return Kind(kind), await self._output.readexactly(length) if length else b""
        except (asyncio.IncompleteReadError, OSError):
            raise await self._obituary() from None

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _watch(self, errors: asyncio.StreamReader) -> None:
        async for line in errors:
            self._last_words.append(line.decode(errors="replace").strip())
        await self._process.wait()

    async def _obituary(self) -> QueryCrashed:
        await self.ended
        words = " / ".join(self._last_words)
        code = self._process.returncode or 0
        _LOG.warning("query worker %d ended with %d: %s", self._process.pid, code, words)
        if "memory allocation" in words or "MemoryError" in words:
            return QueryCrashed(f"the query needs more than {self._memory} MiB of memory")
        if code == -signal.SIGSEGV:
            return QueryCrashed("the query is nested too deep, or too long, for the engine")
        return QueryCrashed("the query made the engine fail")


class Reply:
    """The answer to one query, as it comes from its worker."""

    def __init__(self, worker: Worker, head: Head, done: Callable[[], None]) -> None:
        self.head = head
        self._worker = worker
        self._done = done
        self.is_complete = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        while True:
            kind, body = await self._worker.receive()
            if kind is Kind.DATA:
                yield body
                continue
            self.is_complete = True
            self._done()
            if kind is Kind.ERROR:
                raise read_error(body)
            return

    async def read(self) -> bytes:
        """Return all that is still to come."""
        return b"".join([piece async for piece in self])


class WorkerPool:
    """So many workers on one graph, and a queue of bounded length before them."""

    def __init__(self, opening: Opening, *, size: int, queue: int, patience: float = 30.0) -> None:
        self._opening = opening
        self._size = size
        self._queue = queue
        self._patience = patience
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._alive: set[Worker] = set()
        self._waiting = 0
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def is_ready(self) -> bool:
        """Whether any worker runs."""
        return bool(self._alive)

    async def start(self) -> None:
        """Start the workers; raises QueryCrashed when they cannot open the graph."""
        first = await asyncio.gather(*(Worker.start(self._opening) for _ in range(self._size)))
        self._keepers = [asyncio.create_task(self._keep(worker)) for worker in first]
        for worker in first:
            self._admit(worker)

    async def close(self) -> None:
        """Kill the workers and wait until they are gone."""
        for keeper in self._keepers:
            keeper.cancel()
        for worker in self._alive:
            worker.kill()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(worker.ended for worker in self._alive), return_exceptions=True)

    @asynccontextmanager
    async def ask(self, request: QueryRequest) -> AsyncIterator[Reply]:
        """Yield the reply to a query; the time of the request runs until the block is left.

        A worker whose reply is not read to its end is killed. Raises Overloaded, QueryTimedOut,
        QueryCrashed, and the QueryError that the worker met.
        """
        worker = await self._take()
        freed = False

        def free() -> None:
            nonlocal freed
            freed = True
            self._idle.put_nowait(worker)

        try:
            async with asyncio.timeout(request.seconds):
                await worker.send(Kind.QUERY, request.to_bytes())
                kind, body = await worker.receive()
                if kind is Kind.ERROR:
                    free()
                    raise read_error(body)
                yield Reply(worker, Head.from_bytes(body), free)
        except TimeoutError:
            raise QueryTimedOut(request.seconds) from None
        finally:
            if not freed:
                worker.kill()

    async def _take(self) -> Worker:
        if self._idle.empty() and self._waiting >= self._queue:
            raise Overloaded(retry_after=1)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                while not (worker := await self._idle.get()).is_alive:
                    pass
                return worker
        except TimeoutError:
            raise Overloaded(retry_after=round(self._patience)) from None
        finally:
            self._waiting -= 1

    def _admit(self, worker: Worker) -> None:
        self._alive.add(worker)
        self._idle.put_nowait(worker)

    async def _keep(self, worker: Worker) -> None:
        """Replace a worker whenever it ends, for as long as the pool is open."""
        while True:
            await asyncio.shield(worker.ended)
            self._alive.discard(worker)
            worker = await self._replace()
            self._admit(worker)

    async def _replace(self) -> Worker:
        pause = 0.1
        while True:
            try:
                return await Worker.start(self._opening)
            except (QueryCrashed, OSError, TimeoutError) as error:
                _LOG.error("a query worker does not start: %s", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)


def _environment() -> dict[str, str]:
    """Return what a worker must know: where Python finds its modules, and nothing of the user."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
