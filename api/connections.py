"""The connections of the server: how many there are, and how long each may dawdle."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.client_identity import Network, is_trusted
from api.client_limits import PACE, SPARE, Pace

__all__ = ["Connection", "ConnectionLimits", "Connections", "hold_little", "most_connections"]

_LOG = logging.getLogger(__name__)
_SLACK = 5.0
_MOST = 4096
_OTHER_DESCRIPTORS = 256
"""Descriptors for files, worker processes and spare connections."""

_HELD_BY_SYSTEM = 128 * 1024
_TAKEN_AT_ONCE = 48 * 1024
"""Bytes that went out when a transport asks for more: from its high-water mark to the low one."""


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections there may be, and what each may take.

    ``spare`` more are kept for the health of the server. ``head_seconds`` and ``head_bytes``
    are for the lines before a body; ``pace`` is for a body, and for taking an answer. Each
    ``tick``, in seconds, all connections are looked at.
    """

    most: int = 512
    spare: int = 32
    head_seconds: float = 10.0
    head_bytes: int = 128 * 1024
    pace: Pace = PACE
    trusted_proxies: Sequence[Network] = ()
    tick: float = 1.0

    @property
    def most_of_one(self) -> int:
        """How many connections one address may have that is no trusted proxy."""
        return max(self.most // 2, 1)


def most_connections() -> int:
    """Return how many connections the descriptors of this process are enough for."""
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if descriptors == resource.RLIM_INFINITY:
        return _MOST
    return min(_MOST, max(descriptors - _OTHER_DESCRIPTORS, descriptors // 2))


def hold_little(listener: socket.socket) -> None:
    """Let the system hold little that a client has not room for, on each connection accepted.

    Otherwise it takes megabytes at once, and what the client takes is not seen for minutes.
    """
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None:
        listener.setsockopt(socket.IPPROTO_TCP, option, _HELD_BY_SYSTEM)


class Connections:
    """All connections of a server; ``cut`` counts those that it ended, by reason."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self.cut = Counter[str]()
        self._open: set[Connection] = set()
        self._of_one = Counter[str]()
        self._is_ticking = False

    def __len__(self) -> int:
        return len(self._open)

    def protocol(self) -> type[asyncio.Protocol]:
        """Return the protocol that uvicorn shall speak on each connection."""
        connections = self

        class Registered(Connection):
            registry = connections

        return Registered

    def admit(self, connection: Connection) -> bool:
        """Take in a connection, and tell whether it may ask for more than the server's health.

        Where there are too many, of all or of one address, one that still waits for a request
        makes room: who opens many and asks nothing keeps nobody from asking, itself included.
        """
        limits, host = self.limits, connection.host
        may_be_many = is_trusted(host, limits.trusted_proxies)
        if self._is_greedy(host) and not may_be_many:
            self._make_room([each for each in self._open if each.host == host])
        if len(self._open) >= limits.most:
            self._make_room(self._open)
        may_ask = len(self._open) < limits.most and (may_be_many or not self._is_greedy(host))
        self._open.add(connection)
        self._of_one[host] += 1
        if len(self._open) > limits.most + limits.spare:
            self.cut_off(connection, "too-many")
        self._start_ticking()
        return may_ask

    def forget(self, connection: Connection) -> None:
        """Let go of a connection that is closed."""
        if connection in self._open:
            self._open.discard(connection)
            self._of_one[connection.host] -= 1
            if not self._of_one[connection.host]:
                del self._of_one[connection.host]

    def cut_off(self, connection: Connection, reason: str) -> None:
        """End a connection at once, and count why."""
        self.cut[reason] += 1
        self.forget(connection)
        connection.transport.abort()

    def _is_greedy(self, host: str) -> bool:
        return self._of_one[host] >= self.limits.most_of_one

    def _make_room(self, candidates: Iterable[Connection]) -> None:
        """Cut off the connection without a request that is the oldest of whoever has most."""
        waiting = [each for each in candidates if each.waits_for_request]
        if waiting:
            chosen = max(waiting, key=lambda each: (self._of_one[each.host], -each.since))
            self.cut_off(chosen, "too-many")

    def _start_ticking(self) -> None:
        if not self._is_ticking:
            self._is_ticking = True
            asyncio.get_running_loop().call_later(self.limits.tick, self._tick)

    def _tick(self) -> None:
        self._is_ticking = False
        for connection in tuple(self._open):
            if reason := connection.find_fault():
                _LOG.info("a connection from %s was cut off: %s", connection.host, reason)
                self.cut_off(connection, reason)
        if self._open:
            self._start_ticking()


class _Phase(Enum):
    """What a connection waits for: the head of a request, its body, or its answer."""

    HEAD = auto()
    BODY = auto()
    ANSWER = auto()


class Connection(HttpToolsProtocol):
    """A connection that must keep the pace; uvicorn's own has no limits."""

    registry: Connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with nothing received."""
        super().connection_made(cast(asyncio.Transport, transport))
        self.host = self.client[0] if self.client else ""
        self._taken = _Taken(self.loop.time())
        self._await_head()
        self._may_ask = self.registry.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Be forgotten."""
        self.registry.forget(self)
        super().connection_lost(exc)

    @property
    def waits_for_request(self) -> bool:
        """Whether there is no request yet, or none any more."""
        return self._phase is _Phase.HEAD and not self.transport.get_write_buffer_size()

    def find_fault(self) -> str | None:
        """Return why the connection must end, or None."""
        limits, now = self.registry.limits, self.loop.time()
        unsent = self.transport.get_write_buffer_size()
        if self._taken.is_too_slow(unsent, now, limits.pace):
            return "slow-reader"
        if self._phase is _Phase.HEAD and unsent:
            self.since = now
        waited = now - self.since
        if self._phase is _Phase.HEAD and waited > limits.head_seconds:
            return "slow-head"
        # A body that the application reads ends with a problem before the slack is over.
        if self._phase is _Phase.BODY and not self.flow.read_paused:
            return "slow-body" if waited > limits.pace.seconds_for(self._size) + _SLACK else None
        return None

    def data_received(self, data: bytes) -> None:
        """Count what is received before a body."""
        if self._phase is _Phase.HEAD:
            self._size += len(data)
        super().data_received(data)
        if self._phase is _Phase.HEAD and self._size > self.registry.limits.head_bytes:
            self.registry.cut["long-head"] += 1
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def resume_writing(self) -> None:
        """Count what the client has taken."""
        self._taken.size += _TAKEN_AT_ONCE
        super().resume_writing()

    def on_message_begin(self) -> None:
        """Start a request."""
        super().on_message_begin()
        if self._phase is _Phase.HEAD:
            self.since = self.loop.time()
        if not self._may_ask:
            cast(dict[str, Any], self.scope)["extensions"] = {SPARE: {}}

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        super().on_headers_complete()
        self._phase, self._size, self.since = _Phase.BODY, 0, self.loop.time()

    def on_body(self, body: bytes) -> None:
        """Count the body."""
        self._size += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the answer."""
        super().on_message_complete()
        if self.cycle.response_complete and not self.pipeline:
            self._await_head()
        else:
            self._phase = _Phase.ANSWER

    def on_response_complete(self) -> None:
        """Wait for the next request, unless its head is there already."""
        is_next_there = bool(self.pipeline)
        super().on_response_complete()
        if self._phase is _Phase.ANSWER and not is_next_there:
            self._await_head()

    def _await_head(self) -> None:
        self._phase, self._size, self.since = _Phase.HEAD, 0, self.loop.time()

    def _refuse(self, status: HTTPStatus) -> None:
        lines = (f"HTTP/1.1 {status} {status.phrase}", "Connection: close", "Content-Length: 0")
        self.transport.write("\r\n".join((*lines, "", "")).encode())
        self.transport.close()


@dataclass
class _Taken:
    """What a client has taken of its answers since a moment when it was watched anew."""

    since: float
    size: int = 0
    unsent: int = 0

    def is_too_slow(self, unsent: int, now: float, pace: Pace) -> bool:
        """Tell whether too little was taken for too long, while there was something to take."""
        before, self.unsent = self.unsent, unsent
        if not before or not unsent:
            self.since, self.size = now, 0
            return False
        self.size += max(before - unsent, 0)
        if now - self.since < pace.seconds:
            return False
        is_too_slow = self.size < pace.bytes_per_second * (now - self.since)
        self.since, self.size = now, 0
        return is_too_slow
