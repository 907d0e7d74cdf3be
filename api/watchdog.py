"""Notices that a process has fallen silent: it answers no more, be it stopped or stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from api.processor_time import find_processor_time

__all__ = ["Watchdog"]

_PERIOD = 1.0
_MOST_IDLE = 3
"""Periods without an answer in which the process did not run at all: it is stopped."""

_MOST = 30
"""Periods without an answer: whatever it does, it is of no use."""


class Watchdog:
    """Asks a process for a sign of life, time and again.

    Periods are counted, and not the time that passes: had this process itself been stopped, the
    other one would seem to have been silent.
    """

    def __init__(self, find_pid: Callable[[], int | None], ask: Callable[[], None]) -> None:
        self._find_pid = find_pid
        self._ask = ask
        self._silent = self._idle = 0

    def hear(self) -> None:
        """Take note of a sign of life."""
        self._silent = self._idle = 0

    async def watch(self) -> None:
        """Return when the process has fallen silent."""
        ran = self._read()
        while self._idle < _MOST_IDLE and self._silent < _MOST:
            self._ask()
            await asyncio.sleep(_PERIOD)
            self._silent += 1
            before, ran = ran, self._read()
            self._idle = self._idle + 1 if ran == before else 0

    def _read(self) -> float | None:
        pid = self._find_pid()
        return None if pid is None else find_processor_time(pid)
