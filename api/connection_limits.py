"""What connections may take of the server: their number, their heads, and how slow they may be."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from dataclasses import dataclass

from api.client_identity import Network
from api.client_limits import PACE, Pace

__all__ = ["LONGEST_TARGET", "ConnectionLimits", "most_connections"]

LONGEST_TARGET = 65_535
"""Bytes of the address in a request line: the parser of addresses takes no more."""

_MOST = 4096
_OTHER_DESCRIPTORS = 256
"""Descriptors for files, worker processes and spare connections."""


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
