"""So many at a time, and clients take turns, however much each of them wants."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.failures import Overloaded, TooManyRequests

__all__ = ["FairGate"]

_SECONDS = 1


class FairGate:
    """Lets ``size`` through at once; of one client ``most_of_one`` may wait, of all ``most``."""

    def __init__(self, size: int = 4, *, most_of_one: int = 32, most: int = 256) -> None:
        self._free = size
        self._most_of_one = most_of_one
        self._most = most
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def enter(self, client: str) -> AsyncIterator[None]:
        """Wait for one's turn, and let the next one through afterwards.

        Raises TooManyRequests and Overloaded.
        """
        if self._free:
            self._free -= 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, client: str) -> None:
        if len(self._waiting.get(client, ())) >= self._most_of_one:
            raise TooManyRequests(_SECONDS)
        if self.waiting >= self._most:
            raise Overloaded(_SECONDS, "too many requests wait already; try again later")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Let the oldest of the client through whose turn it is, and put that client last."""
        while self._waiting:
            client = next(iter(self._waiting))
            turns = self._waiting.pop(client)
            turn = turns.popleft()
            if turns:
                self._waiting[client] = turns
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
