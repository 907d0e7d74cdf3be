"""What a connection has received and not read yet, given out up to where a request may end."""

from __future__ import annotations

__all__ = ["Inbox"]

_PART_OF_CHUNKED = 512
"""Bytes: whatever follows a chunked body within a part is read along with its end."""


class Inbox:
    r"""Bytes in the order in which they came.

    >>> inbox = Inbox()
    >>> inbox.put(b"GET / HTTP/1.1\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n")
    >>> inbox.take_head()
    b'GET / HTTP/1.1\r\n\r\n'
    >>> len(inbox)
    25
    """

    def __init__(self) -> None:
        self._held = bytearray()

    def __len__(self) -> int:
        return len(self._held)

    def put(self, received: bytes) -> None:
        """Add what was received."""
        self._held += received

    def clear(self) -> None:
        """Forget what was not read."""
        self._held.clear()

    def take_head(self) -> bytes:
        """Return everything up to the first blank line, or all where there is none."""
        blank = self._held.find(b"\n\r\n")
        end = blank + 3 if blank >= 0 else len(self._held)
        sooner = self._held.find(b"\n\n", 0, end)
        return self._take(sooner + 2 if sooner >= 0 else end)

    def take_body(self, length: int | None) -> bytes:
        """Return what is there of a body's ``length`` bytes; None stands for a chunked one."""
        return self._take(_PART_OF_CHUNKED if length is None else length)

    def _take(self, size: int) -> bytes:
        part = bytes(self._held[:size])
        del self._held[:size]
        return part
