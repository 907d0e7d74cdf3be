"""The memory that answers held back may take, all together."""

from __future__ import annotations

from starlette.types import Scope

__all__ = ["BufferRoom", "room_of"]

_KEY = "sarcoma_kg.room"


class BufferRoom:
    """So many bytes, taken and given back; who finds none left takes no more.

    >>> room = BufferRoom(10)
    >>> room.take(8), room.take(8)
    (True, False)
    >>> room.give_back(8)
    >>> room.take(1)
    True
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = 0

    def take(self, size: int) -> bool:
        """Take bytes that are there already, and tell whether there is room for more."""
        self.taken += size
        return self.taken < self.size

    def give_back(self, size: int) -> None:
        """Give back bytes that were taken."""
        self.taken -= size

    def offer(self, scope: Scope) -> None:
        """Let the answer to a request find this room."""
        scope[_KEY] = self


def room_of(scope: Scope) -> BufferRoom | None:
    """Return the room that the answer to a request has; None where nothing bounds it."""
    room = scope.get(_KEY)
    return room if isinstance(room, BufferRoom) else None
