"""The express lane: a moment for every query that finds all workers busy.

What is answered within it need not wait; nothing of what is not has reached the client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing

from api.crew import Crew, Worker
from api.failures import QueryCrashed, WorkerLost
from api.processor_time import find_processor_time
from api.queue import Queue
from api.reply import Reply, whole_reply
from api.ticket import Ticket
from kg.query_error import QueryError

__all__ = ["LONGEST_TASTE", "LONGEST_WAIT", "TASTE_SECONDS", "ExpressLane"]

TASTE_SECONDS = 0.1
"""Seconds of processor time that a query has in the express lane."""

LEAST_SECONDS = 0.02
"""Seconds of processor time that it has, at the least, after TASTE_SECONDS by the clock.

It is what a query has where the processors have more to do than they can and others wait.
"""

LONGEST_WAIT = 0.5
"""Seconds by the clock after which its taste ends, however little it ran."""

LONGEST_TASTE = 4 * 1024 * 1024
"""Bytes of an answer that the express lane gives; a longer one waits for a worker."""

_PAUSE = 0.01
_MOMENT = 0.003
_MOST_MOMENTS = 5


class ExpressLane:
    """Gives each waiting ticket a taste: the newest first, and clients in turn.

    ``won`` and ``lost`` count those that were answered in time and those that were not.
    """

    def __init__(self, queue: Queue, on_lost: Callable[[], None]) -> None:
        self._queue = queue
        self._on_lost = on_lost
        self._crew: Crew | None = None
        self._tasting: set[asyncio.Task[None]] = set()
        self._is_planned = False
        self._taken = 0
        self.won = self.lost = 0

    @property
    def is_open(self) -> bool:
        """Whether there is anybody to taste."""
        return self._crew is not None

    def employ(self, crew: Crew) -> None:
        """Let the workers of a crew do it from now on."""
        self._crew = crew
        self.advance()

    def advance_soon(self) -> None:
        """Taste what still waits in a moment: most workers are done with a query before.

        As long as they are, it can wait for some moments more.
        """
        if not self._is_planned:
            self._plan(_MOST_MOMENTS)

    def _plan(self, moments: int) -> None:
        self._is_planned, self._taken = True, self._queue.taken
        asyncio.get_running_loop().call_later(_MOMENT, self._advance_as_planned, moments - 1)

    def _advance_as_planned(self, moments: int) -> None:
        self._is_planned = False
        if moments and self._is_moving and self._queue.has_untasted():
            self._plan(moments)
        else:
            self.advance()

    def go_on(self) -> None:
        """Taste what waits after a taste: at once, unless workers came by meanwhile."""
        if self._is_moving:
            self.advance_soon()
        else:
            self.advance()

    @property
    def _is_moving(self) -> bool:
        """Whether a worker has taken somebody since the lane looked last."""
        return self._queue.taken > self._taken

    def advance(self) -> None:
        """Taste what waits, as far as there are workers."""
        while self._crew and self._crew.has_idle and (ticket := self._queue.take_for_taste()):
            worker, self._taken = self._crew.take_idle(), self._queue.taken
            task = asyncio.create_task(self._taste(self._crew, worker, ticket))
            self._tasting.add(task)
            task.add_done_callback(self._tasting.discard)

    async def _taste(self, crew: Crew, worker: Worker, ticket: Ticket) -> None:
        found: Reply | Exception | None = None
        try:
            async with asyncio.timeout(LONGEST_WAIT) as limit:
                with closing(_Meter(worker.process.pid, limit, self._queue.has_untasted)):
                    found = await _read_whole(worker, ticket)
        except (TimeoutError, WorkerLost):
            pass
        except (QueryError, QueryCrashed) as error:
            found = error
        finally:
            self._conclude(ticket, found)
            crew.give_back(worker, "taste")

    def _conclude(self, ticket: Ticket, found: Reply | Exception | None) -> None:
        if found is None:
            self.lost += 1
            self._queue.go_on(ticket)
            self._on_lost()
            return
        self.won += 1
        if ticket.is_settled:
            return
        if isinstance(found, Reply):
            ticket.give(found)
        else:
            ticket.refuse(found)


class _Meter:
    """Lets a limit come as soon as a process has had its processor time.

    ``is_wanted`` tells whether others wait for the process.
    """

    def __init__(
        self, pid: int | None, limit: asyncio.Timeout, is_wanted: Callable[[], bool]
    ) -> None:
        self._pid = pid
        self._limit = limit
        self._is_wanted = is_wanted
        self._loop = asyncio.get_running_loop()
        self._start = self._read()
        self._next = self._loop.call_later(TASTE_SECONDS, self._look)

    def close(self) -> None:
        """Look no more."""
        self._next.cancel()

    def _look(self) -> None:
        ran = self._read() - self._start
        if ran < (LEAST_SECONDS if self._is_wanted() else TASTE_SECONDS):
            self._next = self._loop.call_later(_PAUSE, self._look)
        elif not self._limit.expired():
            self._limit.reschedule(self._loop.time())

    def _read(self) -> float:
        ran = None if self._pid is None else find_processor_time(self._pid)
        # Where no system tells, or the process is gone, time that passes counts.
        return self._loop.time() if ran is None else ran


async def _read_whole(worker: Worker, ticket: Ticket) -> Reply | None:
    """Return the answer of a worker when it is whole; None when it is too long."""
    start = asyncio.get_running_loop().time()
    reply = await worker.ask(ticket.kind, ticket.request)
    pieces, length = [], 0
    async for piece in reply:
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_TASTE:
            return None
    whole = whole_reply(reply, pieces)
    whole.worked = asyncio.get_running_loop().time() - start
    return whole
