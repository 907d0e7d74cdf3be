"""Taking down an answer on its way to a client, to keep it ahead of the application."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.types import Scope

from api.front_query import AskedQuery
from api.messages import Head
from api.request_record import Observer, RequestRecord

__all__ = ["Capture", "CaptureRoom", "show_query", "show_record"]

_KEY = "sarcoma_kg.capture"


class CaptureRoom:
    """How many bytes of answers may be taken down at a time, and of one."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._left = most
        self._most_of_one = most_of_one

    def take(self, size: int, before: int) -> bool:
        """Take room for more bytes of an answer; tell whether there is any."""
        if size > self._left or before + size > self._most_of_one:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Give back the room of an answer."""
        self._left += size


class Capture:
    """Stands between an answer and its transport, and takes down what is sent.

    ``record`` and ``observers`` are those of the request, once it has come to them; ``asked`` is
    its query, if it has one, with the head of the reply. Of an answer for which there is no room,
    nothing is left.
    """

    def __init__(self, transport: asyncio.Transport, room: CaptureRoom) -> None:
        self.record: RequestRecord | None = None
        self.observers: Sequence[Observer] = ()
        self.asked: tuple[AskedQuery, Head] | None = None
        self._transport = transport
        self._room = room
        self._pieces: list[bytes] | None = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Send, and take down."""
        self._transport.write(data)
        if self._pieces is None:
            return
        if self._room.take(len(data), self._size):
            self._size += len(data)
            self._pieces.append(data)
        else:
            self.end()

    def is_closing(self) -> bool:
        """Tell whether nothing can be sent any more."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Send nothing more."""
        self._transport.close()

    def end(self) -> bytes | None:
        """Return what was sent, and take down no more; None where it was too much."""
        pieces, self._pieces = self._pieces, None
        self._room.give_back(self._size)
        self._size = 0
        return None if pieces is None else b"".join(pieces)

    def offer(self, scope: Scope) -> None:
        """Be known to those who answer."""
        scope["extensions"][_KEY] = self


def show_record(scope: Scope, record: RequestRecord, observers: Sequence[Observer]) -> None:
    """Let whoever takes down the answer to a request know its record, and who counts it."""
    capture = scope.get("extensions", {}).get(_KEY)
    if isinstance(capture, Capture):
        capture.record, capture.observers = record, observers


def show_query(scope: Scope, asked: AskedQuery, head: Head) -> None:
    """Let whoever takes down the answer to a query know how it was asked, and what replied."""
    capture = scope.get("extensions", {}).get(_KEY)
    if isinstance(capture, Capture):
        capture.asked = asked, head
