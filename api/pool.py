"""Who answers a query: an idle worker, else the express lane, else the worker whose turn it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.crew import Crew, Worker
from api.failures import Overloaded, QueryCrashed, QueryTimedOut, TooManyRequests, WorkerLost
from api.lanes import ExpressLane
from api.messages import GraphRequest, Kind, QueryRequest
from api.queue import Queue, Ticket
from api.reply import Reply

__all__ = ["Overloaded", "Pool", "QueryCrashed", "QueryTimedOut", "Reply", "TooManyRequests"]

_TRIES = 3
_NEWS = 0.2
"""The part that the last query has in the running mean."""


class Pool:
    """A queue of bounded length before a crew of workers, which may be exchanged.

    ``queue`` is how many may wait, and ``share`` how many of one client; ``patience`` is how
    long, in seconds.
    """

    def __init__(self, *, queue: int, share: int, patience: float) -> None:
        self._queue = Queue(queue, share)
        self._patience = patience
        self._crew: Crew | None = None
        self.lane = ExpressLane(self._queue, self.dispatch)

    @property
    def queued(self) -> int:
        """How many queries wait."""
        return len(self._queue)

    def employ(self, crew: Crew) -> None:
        """Let the workers of a crew answer from now on."""
        self._crew = crew
        self.dispatch()

    def dispatch(self) -> None:
        """Give idle workers to those whose turn it is."""
        while self._crew and self._crew.has_idle and (ticket := self._queue.take_for_worker()):
            if not ticket.turn.done():
                ticket.turn.set_result(self._crew.take_idle())

    @asynccontextmanager
    async def ask(
        self, request: QueryRequest | GraphRequest, *, client: str = ""
    ) -> AsyncIterator[Reply]:
        """Yield the reply to a request; its time runs, from its turn on, until the block is left.

        A worker whose reply is not read to its end is killed. Raises Overloaded, QueryTimedOut,
        QueryCrashed, and the QueryError that the worker met.
        """
        kind = Kind.GRAPH if isinstance(request, GraphRequest) else Kind.QUERY
        body, start = request.to_bytes(), time.monotonic()
        for tries_left in range(_TRIES, 0, -1):
            turn = await self._wait(client, kind, body)
            waited = time.monotonic() - start
            if isinstance(turn, Reply):
                turn.waited = waited - turn.worked
                yield turn
                return
            is_begun, why, begun = False, "disconnect", time.monotonic()
            try:
                async with asyncio.timeout(request.seconds):
                    reply = await turn.ask(kind, body)
                    reply.waited = waited
                    is_begun = True
                    yield reply
                    return
            except TimeoutError:
                why = "timeout"
                raise QueryTimedOut(request.seconds) from None
            except WorkerLost:
                if is_begun or tries_left == 1:
                    raise
            finally:
                self._note(time.monotonic() - begun)
                turn.crew.give_back(turn, why)

    async def _wait(self, client: str, kind: Kind, body: bytes) -> Worker | Reply:
        """Return a worker when it is the client's turn, or what the express lane answered."""
        if self._crew and self._crew.has_idle:
            return self._crew.take_idle()
        ticket = Ticket(client, kind, body)
        self._queue.enter(ticket)
        if self.lane.is_open:
            self.lane.advance_soon()
        else:
            self._queue.go_on(ticket)
        try:
            async with asyncio.timeout(self._patience):
                return await ticket.turn
        except BaseException as error:
            ticket.abandon()
            if isinstance(error, TimeoutError):
                raise Overloaded(round(self._patience)) from None
            raise
        finally:
            self._queue.leave(ticket)

    def _note(self, seconds: float) -> None:
        size = self._crew.size if self._crew else 0
        self._queue.seconds_each += _NEWS * (seconds / max(size, 1) - self._queue.seconds_each)
