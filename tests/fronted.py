"""Requests byte by byte, and their answers, for tests of what answers ahead of the application."""

from __future__ import annotations

import io
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families
from raw_http import guarded
from serving import engine_of, settings_of

from api.application import create_app
from api.asked_ahead import Ask, Asker
from api.connection_limits import ConnectionLimits
from api.connections import Connections
from api.front import Front
from api.messages import QueryRequest
from api.request_log import logged
from api.surroundings import Surroundings
from kg.snapshot import Snapshot

__all__ = ["Fronted", "Line", "Seen", "fronted", "head_of", "serving_front"]

_OWN = re.compile(rb"(?m)^(date: |x-request-id: ).*\r\n")


@dataclass(frozen=True)
class Seen:
    """An answer as it came."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status."""
        return int(self.head[9:12])

    @property
    def shared(self) -> bytes:
        """All of it but what each answer has of its own."""
        return _OWN.sub(rb"\1\r\n", self.head) + self.body

    def header(self, name: str) -> str:
        """Return a header, or an empty text."""
        found = re.search(rb"(?m)^" + name.encode() + rb": (.*)\r\n", self.head)
        return found[1].decode() if found else ""


def head_of(target: str, *, method: str = "GET", version: str = "1.1", **headers: str) -> bytes:
    """Return the head of a request; underscores in the names of headers stand for hyphens."""
    given = {"Host": "kg.example", **{name.replace("_", "-"): v for name, v in headers.items()}}
    lines = [f"{method} {target} HTTP/{version}", *(f"{n}: {v}" for n, v in given.items() if v)]
    return "\r\n".join((*lines, "", "")).encode()


class Line:
    """A connection that asks one thing after the other."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=30)
        self._held = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, head: bytes) -> Seen:
        """Send the head of a request, and read the answer."""
        self.socket.sendall(head)
        return self.read(has_body=not head.startswith(b"HEAD"))

    def read(self, *, has_body: bool = True) -> Seen:
        """Read the next answer."""
        head = self._up_to(b"\r\n\r\n")
        seen = Seen(head, b"")
        if not has_body or seen.status == 304:
            return seen
        if b"\r\ntransfer-encoding: chunked" in head:
            return Seen(head, self._up_to(b"\r\n0\r\n\r\n"))
        length = int(seen.header("content-length") or 0)
        while len(self._held) < length:
            self._receive()
        body, self._held = self._held[:length], self._held[length:]
        return Seen(head, body)

    def _up_to(self, end: bytes) -> bytes:
        while end not in self._held:
            self._receive()
        size = self._held.index(end) + len(end)
        found, self._held = self._held[:size], self._held[size:]
        return found

    def _receive(self) -> None:
        piece = self.socket.recv(1 << 20)
        assert piece, "the connection ended"
        self._held += piece


class Fronted:
    """The shipped graph behind a front."""

    def __init__(
        self, address: str, connections: Connections, front: Front, stream: io.StringIO
    ) -> None:
        self.address = address
        self.front = front
        self._connections = connections
        self._stream = stream

    def ask_within(self, head: bytes) -> Seen:
        """Ask the application itself."""
        self._connections.front = None
        try:
            with Line(self.address) as line:
                return line.ask(head)
        finally:
            self._connections.front = self.front

    def log_lines(self) -> list[dict[str, Any]]:
        """Return the lines of requests in the log since this was asked last."""
        time.sleep(0.2)  # they are written together
        text = self._stream.getvalue()
        self._stream.seek(0)
        self._stream.truncate()
        return [line for line in map(json.loads, text.splitlines()) if "outcome" in line]

    def compare(self, head: bytes) -> Seen:
        """Ask the application, then ahead of it twice; all answers must be the same."""
        slow = self.ask_within(head)
        with Line(self.address) as line:
            first, second = line.ask(head), line.ask(head)
        assert first.shared == slow.shared, head
        assert second.shared == slow.shared, head
        assert slow.header("x-request-id") != second.header("x-request-id")
        return second

    def is_hit(self, head: bytes) -> bool:
        """Tell whether the answer to a request is kept."""
        before = self.front.figures().hits
        with Line(self.address) as line:
            line.ask(head)
        return self.front.figures().hits > before

    def figures(self) -> dict[tuple[str, ...], float]:
        with Line(self.address) as line:
            text = line.ask(head_of("/metrics")).body.decode()
        return {
            (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@contextmanager
def serving_front(snapshot: Snapshot, *, asks: bool = False, **given: object) -> Iterator[Fronted]:
    """Serve the shipped graph behind a front, which asks queries itself if told to.

    ``given`` are settings.
    """
    engine, stream = engine_of(snapshot), io.StringIO()

    def ask(query: QueryRequest, client: str) -> Ask:
        return engine.ask(query, client=client)

    with logged(requests=True, stream=stream) as log:
        asking = Asker(ask, engine.users) if asks else None
        front = Front(lambda: engine.snapshot, 64 * 1024 * 1024, log.take_line, asking)
        around = Surroundings(kept_answers=front.figures)
        app = create_app(settings_of(snapshot.directory, **given), engine, surroundings=around)
        with guarded(app, ConnectionLimits(), front) as (address, connections):
            yield Fronted(address, connections, front, stream)


@pytest.fixture(scope="module")
def fronted(snapshot: Snapshot) -> Iterator[Fronted]:
    """The shipped graph behind a front."""
    with serving_front(snapshot) as served:
        yield served
