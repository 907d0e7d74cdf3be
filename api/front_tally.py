"""How often an answer was given again: counted at little cost, and added up when somebody asks."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["SLOWEST", "FrontTally"]

SLOWEST = 0.002
"""Seconds up to which times are added up alike."""

Add = Callable[[int, float, int], None]


class FrontTally:
    """Counts requests; ``add`` takes how many, the seconds of each, and the bytes of all."""

    __slots__ = ("_add", "_seconds", "_sent", "_times")

    def __init__(self, add: Add) -> None:
        self._add = add
        self._times = self._sent = 0
        self._seconds = 0.0

    def count(self, seconds: float, sent: int) -> None:
        """Count a request, and the bytes of its answer."""
        if seconds > SLOWEST:
            self._add(1, seconds, sent)
            return
        self._times += 1
        self._seconds += seconds
        self._sent += sent

    def add_up(self) -> None:
        """Hand on what was counted."""
        times, seconds, sent = self._times, self._seconds, self._sent
        self._times, self._seconds, self._sent = 0, 0.0, 0
        if times:
            self._add(times, seconds / times, sent)
