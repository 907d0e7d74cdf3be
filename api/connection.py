"""One connection: its client must keep the pace."""

from __future__ import annotations

import asyncio
from typing import Protocol

from api.client_presence import Taken, has_left
from api.front_asking import FrontAsking
from api.front_reading import FrontRules
from api.request_reading import MOST_IGNORED, Phase

__all__ = ["Connection", "Registry"]

_SLACK = 5.0
_TAKEN_AT_ONCE = 48 * 1024
"""Bytes that went out when a transport asks for more: from its high-water mark to the low one."""

_UNREAD_SECONDS = 2.0
"""How long the rest of a body is taken that was answered before its end."""

_A_LOT = 64 * 1024
"""Bytes after which other connections are heard before more is read of this one."""


class Registry(FrontRules, Protocol):
    """What knows all connections."""

    def admit(self, connection: Connection) -> bool:
        """Take in a connection, and tell whether it may ask for more than the server's health."""

    def forget(self, connection: Connection) -> None:
        """Let go of a connection that is closed."""


class Connection(FrontAsking):
    """A connection that must keep the pace; uvicorn's own has no limits."""

    registry: Registry

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be admitted, or be told of the server's health only."""
        super().connection_made(transport)
        self._taken = Taken(self.loop.time())
        self.may_ask = self.registry.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Be forgotten."""
        self.registry.forget(self)
        super().connection_lost(exc)

    @property
    def waits_for_request(self) -> bool:
        """Whether there is no request yet, or none any more."""
        if self.phase is not Phase.HEAD or self.waits_its_turn:
            return False
        return not self.transport.get_write_buffer_size()

    def find_fault(self) -> str | None:
        """Return why the connection must end, or None."""
        limits, now = self.registry.limits, self.loop.time()
        unsent = self.transport.get_write_buffer_size()
        if self._taken.is_too_slow(unsent, now, limits.pace):
            return "slow-reader"
        if not self.transport.is_reading() and has_left(self.transport):
            return "left"
        if self.phase is Phase.HEAD and (unsent or self.waits_its_turn):
            self.since = now
        waited = now - self.since
        if self.phase is Phase.HEAD and waited > limits.head_seconds:
            return "slow-head"
        if self.phase is Phase.BODY and self.cycle.response_complete:
            return "unread-body" if waited > _UNREAD_SECONDS else None
        # A body that the application reads ends with a problem before the slack is over.
        if self.phase is Phase.BODY and not self.flow.read_paused:
            return "slow-body" if waited > limits.pace.seconds_for(self.size) + _SLACK else None
        return None

    def data_received(self, data: bytes) -> None:
        """Read on, up to the end of a request."""
        if self.phase is Phase.OVER:
            self._ignore(data)
            return
        self.take(data)
        if len(data) >= _A_LOT and self.transport.is_reading():
            self.transport.pause_reading()
            self.loop.call_soon(self.listen)

    def resume_writing(self) -> None:
        """Count what the client has taken."""
        self._taken.size += _TAKEN_AT_ONCE
        super().resume_writing()

    def _ignore(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > MOST_IGNORED:
            self.transport.pause_reading()
