"""A request that waits, and what it waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from api.crew import Worker
from api.messages import Kind
from api.reply import Reply

__all__ = ["Ticket"]


class Ticket:
    """A request that waits for its turn: for a worker, or for what the express lane answers.

    ``has_place`` tells whether it may wait for long; ``is_tasted``, that it has had its moment
    in the express lane; ``is_tasting``, that it has it just now.
    """

    def __init__(self, client: str, kind: Kind, request: bytes) -> None:
        self.client = client
        self.kind = kind
        self.request = request
        self.has_place = False
        self.is_tasted = False
        self.is_tasting = False
        self.refusal: Exception | None = None
        self._turn: Worker | Reply | None = None
        self._is_abandoned = False
        self._hear: Callable[[], None] | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it waits no more."""
        return self._turn is not None or self.refusal is not None or self._is_abandoned

    @property
    def turn(self) -> Worker | Reply:
        """What it waited for; raises what it met in its place, and RuntimeError before that."""
        if self.refusal is not None:
            raise self.refusal
        if self._turn is None:
            raise RuntimeError("the turn has not come")
        return self._turn

    def give(self, turn: Worker | Reply) -> None:
        """Give a ticket that is not settled what it waits for."""
        self._turn = turn
        # Who gets a worker only sends it a request, which need not wait until others were read.
        self._tell(is_soon=not isinstance(turn, Worker))

    def refuse(self, refusal: Exception) -> None:
        """Give a ticket that is not settled something to raise."""
        self.refusal = refusal
        self._tell(is_soon=True)

    def abandon(self) -> None:
        """Want nothing any more; a worker that came too late is given back."""
        self._hear, self._is_abandoned = None, True
        if isinstance(worker := self._turn, Worker):
            self._turn = None
            worker.crew.give_back(worker, "unwanted")

    def listen(self, hear: Callable[[], None] | None) -> None:
        """Have something called once, when the ticket is settled; None listens no more."""
        self._hear = hear
        if self.is_settled:
            self._tell(is_soon=True)

    async def wait(self) -> Worker | Reply:
        """Return what it waits for, when that comes; raises what it met in its place."""
        if not self.is_settled:
            settled = asyncio.get_running_loop().create_future()
            self.listen(partial(_wake, settled))
            try:
                await settled
            finally:
                self.listen(None)
        return self.turn

    def _tell(self, *, is_soon: bool) -> None:
        hear, self._hear = self._hear, None
        if hear is not None and is_soon:
            asyncio.get_running_loop().call_soon(hear)
        elif hear is not None:
            hear()


def _wake(settled: asyncio.Future[None]) -> None:
    if not settled.done():
        settled.set_result(None)
