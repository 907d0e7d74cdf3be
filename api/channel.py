"""The server's end of a socket to one of its processes, in the event loop."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from api.messages import HEADER, KINDS, Kind

__all__ = ["Channel"]

_PIECE = 256 * 1024
_MOST_UNREAD = 1024 * 1024


class Channel:
    """Messages to and from a process; it is read no faster than they are received."""

    def __init__(self, own: socket.socket) -> None:
        own.setblocking(False)
        self._socket = own
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._piece = memoryview(bytearray(_PIECE))
        self._messages: deque[tuple[Kind, bytes]] = deque()
        self._unread = 0
        self._unsent: deque[memoryview] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._hear: Callable[[], None] | None = None
        self._is_reading = True
        self.is_open = True
        self._loop.add_reader(own.fileno(), self._read)

    def send(self, message: bytes) -> None:
        """Send a message now, or as soon as the process takes it; a closed channel drops it."""
        if not self.is_open:
            return
        rest = memoryview(message)
        if not self._unsent:
            with suppress(BlockingIOError):
                try:
                    rest = rest[self._socket.send(rest) :]
                except ConnectionError:
                    self._end()
                    return
            if rest:
                self._loop.add_writer(self._socket.fileno(), self._write)
        if rest:
            self._unsent.append(rest)

    def send_socket(self, message: bytes, given: socket.socket) -> None:
        """Send a short message along with a socket, at once; raises OSError where that fails."""
        if not self.is_open or self._unsent:
            raise BrokenPipeError("the process does not listen")
        socket.send_fds(self._socket, [message], [given.fileno()])

    def listen(self, hear: Callable[[], None] | None) -> None:
        """Have something called once, when a message comes or none will; None listens no more."""
        self._hear = hear

    async def receive(self) -> tuple[Kind, bytes]:
        """Return the next message; raises EOFError where the process has closed its end."""
        while not self._messages:
            if not self.is_open:
                raise EOFError("the process has closed its end")
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._take()

    def receive_now(self, wanted: Kind) -> bytes | None:
        """Return the next message if it is there, and of a kind; else leave it, and return None."""
        if self._messages and self._messages[0][0] is wanted:
            return self._take()[1]
        return None

    def _take(self) -> tuple[Kind, bytes]:
        kind, body = self._messages.popleft()
        self._unread -= len(body)
        if not self._is_reading and self.is_open and self._unread < _MOST_UNREAD:
            self._is_reading = True
            self._loop.add_reader(self._socket.fileno(), self._read)
        return kind, body

    def close(self) -> None:
        """Close the server's end."""
        self._end()

    def _read(self) -> None:
        try:
            length = self._socket.recv_into(self._piece)
        except BlockingIOError:
            return
        except OSError:
            length = 0
        if not length:
            self._end()
            return
        if self._received:
            self._received += self._piece[:length]
            with memoryview(self._received) as received:
                end = self._sort(received)
            del self._received[:end]
        else:
            end = self._sort(self._piece[:length])
            self._received += self._piece[end:length]
        if self._unread >= _MOST_UNREAD:
            self._is_reading = False
            self._loop.remove_reader(self._socket.fileno())
        if self._messages:
            self._wake()

    def _sort(self, received: memoryview) -> int:
        """Cut what was received into messages; return where the last of them ends."""
        start = 0
        while len(received) >= start + HEADER.size:
            kind, length = HEADER.unpack_from(received, start)
            body = start + HEADER.size
            if len(received) < body + length:
                break
            start = body + length
            self._messages.append((KINDS[kind], bytes(received[body:start])))
            self._unread += length
        return start

    def _write(self) -> None:
        try:
            while self._unsent:
                sent = self._socket.send(self._unsent[0])
                rest = self._unsent.popleft()[sent:]
                if rest:
                    self._unsent.appendleft(rest)
        except BlockingIOError:
            return
        except OSError:
            self._end()
            return
        self._loop.remove_writer(self._socket.fileno())

    def _end(self) -> None:
        if self.is_open:
            self.is_open = False
            self._unsent.clear()
            self._loop.remove_reader(self._socket.fileno())
            self._loop.remove_writer(self._socket.fileno())
            self._socket.close()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        hear, self._hear = self._hear, None
        if hear is not None:
            hear()
