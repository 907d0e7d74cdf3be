"""Whether a client is still there, and takes what it is sent."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass

from api.client_limits import Pace

__all__ = ["Taken", "has_left"]

_LEFT = (7, 8)
"""States of a connection in Linux's ``tcp_states.h``: closed, and closed by the other side."""


def has_left(transport: asyncio.Transport) -> bool:
    """Tell whether the client has closed a connection that is not being read.

    False where the system does not tell.
    """
    connection = transport.get_extra_info("socket")
    if connection is None or not hasattr(socket, "TCP_INFO"):
        return False
    try:
        state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    except OSError:
        return False
    return state[0] in _LEFT


@dataclass
class Taken:
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
