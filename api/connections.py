"""The connections of the server: how many there are, and who makes room for whom."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Iterable

from api.client_identity import is_trusted
from api.connection import Connection
from api.connection_limits import ConnectionLimits
from api.front import Front
from api.turns import Turns

__all__ = ["Connections", "hold_little"]

_LOG = logging.getLogger(__name__)
_HELD_BY_SYSTEM = 128 * 1024


def hold_little(listener: socket.socket) -> None:
    """Let the system hold little that a client has not room for, on each connection accepted.

    Otherwise it takes megabytes at once, and what the client takes is not seen for minutes.
    """
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None:
        listener.setsockopt(socket.IPPROTO_TCP, option, _HELD_BY_SYSTEM)


class Connections:
    """All connections of a server; ``cut`` counts those that it ended, by reason.

    ``turns`` lets them begin their requests in turn; ``front`` answers those that it can.
    """

    def __init__(self, limits: ConnectionLimits, front: Front | None = None) -> None:
        self.limits = limits
        self.front = front
        self.cut = Counter[str]()
        self.turns = Turns()
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
