"""One answer of a worker on its way to the server: in one message, or in several if it is long."""

from __future__ import annotations

from typing import IO

from api.messages import SPENT, Head, Kind, pack

__all__ = ["WorkerOutput"]

_PIECE = 128 * 1024


class WorkerOutput:
    """A file whose content goes to the server: whole at its end, or piece by piece before."""

    def __init__(self, messages: IO[bytes]) -> None:
        self._messages = messages
        self._head: bytes | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_begun = False

    def start(self, head: Head) -> None:
        """Tell what is known of the answer before its first byte."""
        self._head = head.to_bytes()

    def write(self, piece: bytes) -> int:
        """Keep a piece; what fills a message is sent."""
        body = bytes(piece)
        self._pieces.append(body)
        self._size += len(body)
        if self._size >= _PIECE:
            self._send()
        return len(body)

    def flush(self) -> None:
        """Do nothing: what is kept is sent when it is whole, or fills a message."""

    def fail(self, error: bytes) -> None:
        """End the answer, complete or not, with the message about an error."""
        self._send()
        self._messages.write(error)
        self._head = None
        self._is_begun = True

    def end(self, *, is_spent: bool) -> None:
        """End the answer; ``is_spent`` tells that the worker ends too."""
        if self._head is not None and not self._is_begun and not is_spent:
            body = b"".join((self._head, b"\n", *self._pieces))
            self._messages.write(pack(Kind.WHOLE, body))
        else:
            self._send()
            self._messages.write(pack(Kind.END, SPENT if is_spent else b""))
        self._messages.flush()

    def _send(self) -> None:
        if self._head is not None and not self._is_begun:
            self._messages.write(pack(Kind.HEAD, self._head))
            self._is_begun = True
        if self._pieces:
            body = b"".join(self._pieces)
            self._pieces.clear()
            self._size = 0
            self._messages.write(pack(Kind.DATA, body))
