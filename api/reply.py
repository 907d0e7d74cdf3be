"""The answer to one query, as it comes from its worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from api.messages import Head

__all__ = ["Reply", "whole_reply"]

_SHORT = 128 * 1024
"""Bytes of an answer that is joined: for a longer one, that would cost more than it saves."""


class Reply:
    """What is known of an answer at once, and its pieces as they come, or all of it.

    ``snapshot`` is the id of the one that was asked, ``waited`` the seconds until a worker was
    at it, and ``worked`` those that it had been before somebody else reads its answer.
    """

    def __init__(self, head: Head, answer: AsyncIterator[bytes] | bytes, snapshot: str) -> None:
        self.head = head
        self.snapshot = snapshot
        self.waited = self.worked = 0.0
        self._answer = answer
        self.is_complete = isinstance(answer, bytes)

    @property
    def whole(self) -> bytes | None:
        """All of the answer, where it came at once."""
        return self._answer if isinstance(self._answer, bytes) else None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        if isinstance(self._answer, bytes):
            if self._answer:
                yield self._answer
            return
        async for piece in self._answer:
            yield piece
        self.is_complete = True

    async def read(self) -> bytes:
        """Return all that is still to come."""
        if self.whole is not None:
            return self.whole
        return b"".join([piece async for piece in self])


def whole_reply(reply: Reply, pieces: Sequence[bytes]) -> Reply:
    """Return a reply that was read already, for somebody else to read."""
    is_short = sum(map(len, pieces)) <= _SHORT
    answer = b"".join(pieces) if is_short else _each(pieces)
    return Reply(reply.head, answer, reply.snapshot)


async def _each(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
