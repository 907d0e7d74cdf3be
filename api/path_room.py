"""How large answers about paths may be, and how many long ones a client may have under way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.failures import Overloaded, TooManyRequests
from api.fair_gate import FairGate
from api.request_record import Outcome, record_of
from api.streaming import ClientGone, cancelled_on_disconnect

__all__ = ["LARGEST_ANSWER", "LONG_FROM", "ROOM_IN_WORDS", "PathGate", "TurnedAnswer"]

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of the paths of one answer; those of a batch share them."""

LONG_FROM = 100
"""Paths from which on a page counts as long, as every batch does."""

ROOM_IN_WORDS = (
    f"an answer has room for {LARGEST_ANSWER // 1024**2} MiB of paths, which the queries of a "
    "batch share in their order"
)

_PIECE = 256 * 1024
_SECONDS = 2
_MOST_WAITING = 8
_MOST = 16


class PathGate:
    """Lets one long answer of a client through at a time, until the client has taken it.

    Of one client ``most_waiting`` more may wait; of all clients ``most`` may be under way.
    """

    def __init__(self, *, most_waiting: int = _MOST_WAITING, most: int = _MOST) -> None:
        self._most_waiting = most_waiting
        self._most = most
        self._gates: dict[str, tuple[FairGate, list[object]]] = {}

    async def enter(self, client: str, work: Callable[[], Awaitable[None]]) -> None:
        """Work when it is the client's turn; raises TooManyRequests and Overloaded."""
        if client not in self._gates and len(self._gates) >= self._most:
            message = "too many long answers about paths are under way; try again later"
            raise Overloaded(_SECONDS, message)
        gate, present = self._gates.setdefault(client, (FairGate(1), []))
        if len(present) > self._most_waiting:
            raise TooManyRequests(_SECONDS)
        present.append(work)
        try:
            async with gate.enter(client):
                await work()
        finally:
            present.remove(work)
            if not present:
                del self._gates[client]


class TurnedAnswer(Response):
    """A long answer that is made in the client's turn, and sent as fast as the client takes it."""

    def __init__(
        self, gate: PathGate, client: str, make: Callable[[], Awaitable[Response]]
    ) -> None:
        super().__init__()
        self._gate = gate
        self._client = client
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the turn, make the answer, and send it."""

        async def work() -> None:
            await self._send(await self._make(), scope, receive, send)

        try:
            with cancelled_on_disconnect(receive):
                await self._gate.enter(self._client, work)
        except ClientGone:
            record_of(scope).noted = Outcome.CLIENT_LEFT

    async def _send(self, answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(answer.body)
        if len(body) <= _PIECE or Request(scope).method == "HEAD":
            await answer(scope, receive, send)
            return
        # Only what has been taken makes way for the next piece, and for the client's next answer.
        start = {"type": "http.response.start", "status": answer.status_code}
        await send({**start, "headers": answer.raw_headers})
        for place in range(0, len(body), _PIECE):
            piece = body[place : place + _PIECE]
            is_last = place + _PIECE >= len(body)
            await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
