"""A client of HTTP/1.1 that costs little: requests are bytes made before, answers are checked."""

from __future__ import annotations

import re
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

__all__ = ["Answer", "Client", "Unanswered", "get_request"]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_TAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
_PIECE = 1 << 18


class Unanswered(OSError):  # noqa: N818 - it says what happened
    """A server did not answer within its time, or hung up."""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    head: bytes
    body: bytes

    @property
    def tag(self) -> str:
        """The ETag, or an empty text."""
        found = _TAG.search(self.head)
        return found[1].decode("latin-1") if found else ""


def get_request(target: str, *, accept: str = "*/*", tag: str = "") -> bytes:
    r"""Return the bytes of a GET; with a tag, of one that a 304 may answer.

    >>> get_request("/healthz")
    b'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n'
    """
    held = f"If-None-Match: {tag}\r\n" if tag else ""
    text = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n{held}\r\n"
    return text.encode()


class Client:
    """A few connections to a port of this machine, each with at most one request under way."""

    def __init__(self, port: int, *, connections: int = 4, seconds: float = 60) -> None:
        self._connections = [_Connection(port, seconds) for _ in range(connections)]

    def ask(self, requests: Iterable[bytes]) -> list[Answer]:
        """Return the answers to some requests in their order; raises Unanswered."""
        answers: list[Answer] = []
        waiting: deque[_Connection] = deque()
        free = deque(self._connections)
        try:
            for request in requests:
                if not free:
                    done = waiting.popleft()
                    answers.append(done.receive())
                    free.append(done)
                connection = free.popleft()
                connection.send(request)
                waiting.append(connection)
            answers += [each.receive() for each in waiting]
        except OSError:
            self.close()
            raise
        return answers

    def renew(self, request: bytes) -> None:
        """Open connections in place of idle ones, which a server may end, and ask on each once.

        Some servers answer an idle connection of themselves, before they end it.
        """
        self.close()
        self.ask([request] * len(self._connections))

    def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        for connection in self._connections:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Connection:
    def __init__(self, port: int, seconds: float) -> None:
        self._port, self._seconds = port, seconds
        self._socket: socket.socket | None = None
        self._request = b""
        self._left = b""

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._left = None, b""

    def send(self, request: bytes) -> None:
        self._request = request
        try:
            self._open().sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            self.close()
            self._open().sendall(request)

    def receive(self) -> Answer:
        """Return the answer; a server that hung up before it began is asked once more."""
        try:
            return self._answer()
        except EOFError:
            self.close()
            self._open().sendall(self._request)
        except TimeoutError:
            raise Unanswered(f"no answer within {self._seconds:g} s") from None
        try:
            return self._answer()
        except (EOFError, TimeoutError):
            raise Unanswered("the server hung up, or was silent too long") from None

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), self._seconds)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _answer(self) -> Answer:
        head = self._until(b"\r\n\r\n")
        status = int(head[9:12])
        if status in (204, 304):
            body = b""
        elif _CHUNKED.search(head):
            body = self._chunks()
        elif length := _LENGTH.search(head):
            body = self._exactly(int(length[1]))
        else:
            raise Unanswered("an answer without a length")
        if _CLOSES.search(head):
            self.close()
        return Answer(status, head, body)

    def _chunks(self) -> bytes:
        pieces = []
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            pieces.append(self._exactly(size))
            self._exactly(2)
        self._until(b"\r\n")
        return b"".join(pieces)

    def _until(self, end: bytes) -> bytes:
        pieces: Sequence[bytes] = (self._left,)
        while end not in (found := b"".join(pieces)):
            pieces = (found, self._more())
        head, _, self._left = found.partition(end)
        return head + end

    def _exactly(self, size: int) -> bytes:
        pieces, have = [self._left], len(self._left)
        while have < size:
            pieces.append(self._more())
            have += len(pieces[-1])
        found = b"".join(pieces)
        self._left = found[size:]
        return found[:size]

    def _more(self) -> bytes:
        assert self._socket is not None
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise EOFError
        return piece
