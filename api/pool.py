"""Who answers a query: an idle worker, else the express lane, else the worker whose turn it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from api.begun import Begun
from api.crew import Crew, Worker
from api.failures import Overloaded, QueryCrashed, QueryTimedOut, TooManyRequests, WorkerLost
from api.lanes import ExpressLane
from api.messages import GraphRequest, Kind, QueryRequest
from api.queue import Queue
from api.reply import Reply
from api.ticket import Ticket

__all__ = ["Overloaded", "Pool", "QueryCrashed", "QueryTimedOut", "Reply", "TooManyRequests"]

_TRIES = 3
_NEWS = 0.2
"""The part that the last query has in the running mean."""

_MOMENT = 0.05
"""Seconds after which a request is worth a task that awaits its answer."""


class Pool:
    """A queue of bounded length before a crew of workers, which may be exchanged.

    ``queue`` is how many may wait, and ``share`` how many of one client; ``patience`` is how
    long, in seconds.
    """

    def __init__(self, *, queue: int, share: int, patience: float) -> None:
        self._queue = Queue(queue, share)
        self._patience = patience
        self._crew: Crew | None = None
        self._heard: dict[Begun, None] = {}
        self._is_watching = False
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
        crew = self._crew
        while crew and self.queued and crew.has_idle and (ticket := self._queue.take_for_worker()):
            if not ticket.is_settled:
                ticket.give(crew.take_idle())

    def begin(
        self, body: bytes, *, client: str = "", hear: Callable[[], None], kind: Kind = Kind.QUERY
    ) -> Begun:
        """Begin to answer a request, the bytes of which these are; to be awaited, or given up.

        ``hear`` is called when there is a whole reply, or anything else to be awaited: a long
        answer, a problem, or one that takes its time.
        """
        begun = Begun(kind, body, client, hear)
        self._heard[begun] = None
        if not self._is_watching:
            self._is_watching = True
            asyncio.get_running_loop().call_later(_MOMENT, self._look_around)
        self._start(begun)
        if begun.worker is not None:
            begun.worker.process.channel.listen(partial(self._come_back, begun))
        elif begun.ticket is not None:
            begun.ticket.listen(partial(self._turn_comes, begun, begun.ticket))
        return begun

    def give_up(self, begun: Begun) -> None:
        """Let go of a request that nobody awaits; a worker that is at it is killed."""
        self._silence(begun)
        if begun.is_awaited:
            return
        begun.is_awaited = True
        if begun.ticket is not None:
            begun.ticket.abandon()
            self._queue.leave(begun.ticket)
        if begun.worker is not None:
            begun.worker.crew.give_back(begun.worker, "disconnect")

    @asynccontextmanager
    async def ask(
        self,
        request: QueryRequest | GraphRequest,
        *,
        client: str = "",
        begun: Begun | None = None,
    ) -> AsyncIterator[Reply]:
        """Yield the reply to a request; its time runs, from its turn on, until the block is left.

        A worker whose reply is not read to its end is killed. One that was ``begun`` is gone on
        with. Raises Overloaded, QueryTimedOut, QueryCrashed, and the QueryError that the worker
        met.
        """
        kind = Kind.GRAPH if isinstance(request, GraphRequest) else Kind.QUERY
        for tries_left in range(_TRIES, 0, -1):
            if begun is None:
                begun = Begun(kind, request.to_bytes(), client)
                self._start(begun)
            self._silence(begun)
            begun.is_awaited = True
            if begun.ticket is not None:
                await self._wait(begun, begun.ticket)
            if begun.reply is not None:
                yield begun.reply
                return
            worker, is_begun, why = begun.worker, False, "disconnect"
            assert worker is not None
            try:
                async with asyncio.timeout(begun.turned + request.seconds - time.monotonic()):
                    reply = await worker.answer()
                    reply.waited = begun.turned - begun.began
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
                self._give_back(begun, worker, why)
            begun = None

    def _start(self, begun: Begun) -> None:
        """Give a request to an idle worker, or let it wait for its turn."""
        if self._crew and self._crew.has_idle:
            self._turn_to(begun, self._crew.take_idle())
            return
        begun.ticket = ticket = Ticket(begun.client, begun.kind, begun.body)
        self._queue.enter(ticket)
        if self.lane.is_open:
            self.lane.advance_soon()
        else:
            self._queue.go_on(ticket)

    def _turn_to(self, begun: Begun, turn: Worker | Reply) -> None:
        """Take what a request waited for."""
        begun.ticket, begun.turned = None, time.monotonic()
        if isinstance(turn, Reply):
            turn.waited = begun.turned - begun.began - turn.worked
            begun.reply = turn
        else:
            begun.worker = turn
            turn.begin(begun.kind, begun.body)

    async def _wait(self, begun: Begun, ticket: Ticket) -> None:
        """Wait for a worker, when it is the client's turn, or for what the express lane answers."""
        waited = time.monotonic() - begun.began
        try:
            async with asyncio.timeout(self._patience - waited):
                self._turn_to(begun, await ticket.wait())
        except BaseException as error:
            ticket.abandon()
            if isinstance(error, TimeoutError):
                raise Overloaded(round(self._patience)) from None
            raise
        finally:
            self._queue.leave(ticket)

    def _turn_comes(self, begun: Begun, ticket: Ticket) -> None:
        """Go on with a request that waited; what refuses it is for who awaits it."""
        if begun.is_awaited or begun.ticket is not ticket:
            return
        if ticket.refusal is None:
            self._queue.leave(ticket)
            self._turn_to(begun, ticket.turn)
            if begun.worker is not None:
                begun.worker.process.channel.listen(partial(self._come_back, begun))
                return
        self._silence(begun, tells=True)

    def _come_back(self, begun: Begun) -> None:
        """Take the reply of a worker, if all of it has come."""
        worker = begun.worker
        if worker is not None and not begun.is_awaited:
            reply = worker.answer_now()
            if reply is not None:
                reply.waited = begun.turned - begun.began
                begun.worker, begun.reply = None, reply
                self._give_back(begun, worker, "")
            self._silence(begun, tells=True)

    def _silence(self, begun: Begun, *, tells: bool = False) -> None:
        """Listen no more for who began a request, after telling them if there is something."""
        self._heard.pop(begun, None)
        if begun.worker is not None:
            begun.worker.process.channel.listen(None)
        if tells:
            begun.tell()
        begun.hear = None

    def _look_around(self) -> None:
        """Have those awaited that take more than a moment."""
        late = time.monotonic() - _MOMENT
        for begun in [each for each in self._heard if each.began <= late]:
            self._silence(begun, tells=True)
        self._is_watching = bool(self._heard)
        if self._is_watching:
            asyncio.get_running_loop().call_later(_MOMENT, self._look_around)

    def _give_back(self, begun: Begun, worker: Worker, why: str) -> None:
        seconds, size = time.monotonic() - begun.turned, self._crew.size if self._crew else 0
        self._queue.seconds_each += _NEWS * (seconds / max(size, 1) - self._queue.seconds_each)
        worker.crew.give_back(worker, why)
