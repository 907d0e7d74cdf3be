"""The answer to one query, as it comes from its worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from api.messages import Head

__all__ = ["Reply", "whole_reply"]


class Reply:
    """What is known of an answer at once, and its pieces as they come.

    ``snapshot`` is the id of the one that was asked, ``waited`` the seconds until a worker was
    at it, and ``worked`` those that it had been before somebody else reads its answer.
    """

    def __init__(self, head: Head, pieces: AsyncIterator[bytes], snapshot: str) -> None:
        self.head = head
        self.snapshot = snapshot
        self.waited = self.worked = 0.0
        self._source = pieces
        self.is_complete = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._source:
            yield piece
        self.is_complete = True

    async def read(self) -> bytes:
        """Return all that is still to come."""
        return b"".join([piece async for piece in self])


def whole_reply(reply: Reply, pieces: Sequence[bytes]) -> Reply:
    """Return a reply that was read already, for somebody else to read."""
    return Reply(reply.head, _each(pieces), reply.snapshot)


async def _each(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
