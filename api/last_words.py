"""The end of a connection whose client may still be sending."""

from __future__ import annotations

import asyncio

__all__ = ["LastWords"]

_LINGERING = 1.0
"""Seconds in which what the client still sends is taken: else the system would throw the answer
away before it is read (RFC 9112, section 9.6)."""


class LastWords:
    """A transport on which nothing follows: it ends when the client has had time to read."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop

    def write(self, data: bytes) -> None:
        """Send."""
        self._transport.write(data)

    def is_closing(self) -> bool:
        """Tell whether nothing can be sent any more."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Send nothing more, and close in a moment."""
        if not self._transport.is_closing():
            self._transport.write_eof()
            self._loop.call_later(_LINGERING, self._transport.close)
