"""What clients may take of the server beside queries: time for their bodies, and memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.buffer_room import BufferRoom
from api.pool import Overloaded
from api.problems import PROBLEMS, TooSlow, show_problem

__all__ = ["ALWAYS_ANSWERED", "PACE", "SPARE", "ClientLimits", "Pace"]

SPARE = "sarcoma_kg.spare"
"""The extension of a scope whose connection is one of those kept for `ALWAYS_ANSWERED`."""

ALWAYS_ANSWERED = ("/healthz", "/readyz", "/metrics")
"""What is answered also when there are more connections than the server takes."""

_MIB = 1024 * 1024
_HELD_BACK = 256 * _MIB


@dataclass(frozen=True)
class Pace:
    """How fast a client must send and take: at first not at all, then so much a second.

    >>> Pace(seconds=10, bytes_per_second=1000).seconds_for(5000)
    15.0
    """

    seconds: float
    bytes_per_second: int

    def seconds_for(self, size: int) -> float:
        """Return how many seconds so many bytes may take."""
        return self.seconds + size / self.bytes_per_second


PACE = Pace(seconds=10.0, bytes_per_second=16 * 1024)
"""The pace of a poor mobile connection."""


class ClientLimits:
    """Ends bodies that do not come, and bounds what all answers that are held back take."""

    def __init__(self, app: ASGIApp, pace: Pace = PACE, held_back: int = _HELD_BACK) -> None:
        self._app = app
        self._pace = pace
        self._room = BufferRoom(held_back)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, unless its connection is one too many."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif SPARE in scope.get("extensions", {}) and scope["path"] not in ALWAYS_ANSWERED:
            await _one_too_many(scope, receive, send)
        else:
            self._room.offer(scope)
            await self._app(scope, _Body(receive, self._pace).receive, send)


async def _one_too_many(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Retry-After": "1", "Connection": "close"}
    detail = "there are more connections than the server takes; try again later"
    await show_problem(PROBLEMS[Overloaded], detail, headers)(scope, receive, send)


class _Body:
    """The body of a request, which must come at a pace; what comes after it may take its time."""

    def __init__(self, receive: Receive, pace: Pace) -> None:
        self._receive = receive
        self._pace = pace
        self._start = asyncio.get_running_loop().time()
        self._size = 0
        self._is_complete = False

    async def receive(self) -> Message:
        """Return the next message; raises TooSlow."""
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._start + self._pace.seconds_for(self._size)):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow(
                f"the body of this request came slower than {self._pace.bytes_per_second:,} bytes"
                f" a second; {self._size:,} bytes came"
            ) from None
        self._size += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        return message
