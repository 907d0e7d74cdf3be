"""Requests as raw bytes, and what comes back: nothing that a client library would put right."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import cast
from urllib.parse import urlencode

__all__ = ["CUT", "DIRECT", "FORM", "SILENT", "UPDATE", "Answer", "Target", "Wire", "request"]

CUT = 0
"""The status of an answer that the server broke off, or never began."""

SILENT = -1
"""The status of an answer that did not come in time; never a sensible one."""

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Answer:
    """What came back: status (or CUT, or SILENT), headers in lower case, body, time in s."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass(frozen=True)
class Target:
    """A server under attack: its address, its paths, and the token that may write.

    ``canary`` is an address that nobody may reach, and ``wicked`` that of allowed endpoints which
    misbehave. ``pid`` is the server's process. An attack waits ``patience`` seconds for an answer.
    """

    host: str
    port: int
    query_path: str = "/sparql"
    update_path: str = "/sparql"
    store_path: str = "/rdf-graph-store"
    token: str | None = None
    canary: str = "http://127.0.0.1:9"
    wicked: str = "http://127.0.0.1:9"
    pid: int = 0
    patience: float = 8.0

    @contextmanager
    def connected(self, *, receive_buffer: int | None = None) -> Iterator[Wire]:
        """A new connection; ``receive_buffer`` bytes make a reader whose window fills soon."""
        with socket.socket() as connection:
            if receive_buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            connection.settimeout(self.patience)
            connection.connect((self.host, self.port))
            yield Wire(connection, self.patience)

    def send(self, *pieces: bytes, method: str = "GET") -> Answer:
        """Send bytes over a new connection, and return what comes back."""
        try:
            with self.connected() as wire:
                wire.write(*pieces)
                return wire.read(method)
        except OSError:
            return Answer(CUT)

    def ask(self, query: str | bytes, *, accept: str = "*/*", **more: str) -> Answer:
        """Ask a query by POST, which takes any bytes and any length."""
        path = self.query_path + (f"?{urlencode(more)}" if more else "")
        return self.send(request("POST", path, {"Content-Type": DIRECT, "Accept": accept}, query))

    def get(self, query: str, **more: str) -> Answer:
        return self.send(request("GET", f"{self.query_path}?{urlencode({'query': query, **more})}"))

    def update(self, text: str | bytes, **more: str) -> Answer:
        path = self.update_path + (f"?{urlencode(more)}" if more else "")
        headers = {"Content-Type": UPDATE, **self.authorization}
        return self.send(request("POST", path, headers, text))

    def upload(self, media_type: str, body: str | bytes, *, method: str = "PUT") -> Answer:
        """Write a graph of its own by the Graph Store Protocol."""
        headers = {"Content-Type": media_type, **self.authorization}
        return self.send(request(method, f"{self.store_path}?graph=urn:abuse", headers, body))

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Wire:
    """A connection on which several answers may be read, one after the other."""

    def __init__(self, connection: socket.socket, patience: float) -> None:
        self.connection = connection
        self._patience = patience
        self._reader = _Reader(_Received(connection))

    def write(self, *pieces: bytes) -> None:
        """Send what the server takes: it may well refuse, and close, before the end."""
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                self.connection.sendall(piece)

    def end(self) -> None:
        """Say that no more is sent, and stay to read."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def read(self, method: str = "GET") -> Answer:
        """Return the next answer."""
        start = time.monotonic()
        answer = self._read(method, start + self._patience)
        return replace(answer, seconds=time.monotonic() - start)

    def _read(self, method: str, deadline: float) -> Answer:
        shim = cast(socket.socket, _OneReader(self._reader))
        response = http.client.HTTPResponse(shim, method=method)
        try:
            response.begin()
            return Answer(response.status, _lower(response.getheaders()), _body(response, deadline))
        except TimeoutError:
            return Answer(SILENT)
        except (OSError, http.client.HTTPException):
            return Answer(CUT)


def request(
    method: str,
    path: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: str | bytes = b"",
) -> bytes:
    """Return the bytes of a request, which asks the server to close the connection."""
    content = body.encode() if isinstance(body, str) else body
    given = [*(headers.items() if isinstance(headers, Mapping) else headers)]
    names = {name.lower() for name, _ in given}
    if content and not names & {"content-length", "transfer-encoding"}:
        given.append(("Content-Length", str(len(content))))
    if "connection" not in names:
        given.append(("Connection", "close"))
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{n}: {v}" for n, v in given)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


def _body(response: http.client.HTTPResponse, deadline: float) -> bytes:
    pieces = []
    while piece := response.read1(1 << 16):
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


def _lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


class _Received(io.RawIOBase):
    """The bytes that a connection receives."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._connection.recv_into(buffer)


class _Reader(io.BufferedReader):
    """A reader that an answer, once read, does not close: the next one stands behind it."""

    def close(self) -> None:
        pass


class _OneReader:
    """What http.client takes for a socket."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def makefile(self, *_: object) -> _Reader:
        return self._reader
