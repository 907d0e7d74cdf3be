"""Looks again and again at an endpoint elsewhere, and serves what is published there anew."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from api.background import in_background
from api.remote_engine import RemoteEngine

__all__ = ["RemoteWatch"]

_LOG = logging.getLogger(__name__)
_PAUSE = 2.0


class RemoteWatch:
    """Serves another snapshot of an endpoint when it is published.

    ``prepare`` and ``count`` are as those of `api.snapshot_watch.SnapshotWatch`.
    """

    def __init__(
        self,
        engine: RemoteEngine,
        prepare: Callable[[], Awaitable[object]],
        count: Callable[[str], None] = lambda _: None,
        *,
        pause: float = _PAUSE,
    ) -> None:
        self._engine = engine
        self._prepare = prepare
        self._count = count
        self._pause = pause
        self._said = ""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Look again and again while the block runs."""
        return in_background(self.run())

    async def run(self) -> None:
        """Look again and again, until the task is cancelled."""
        while True:
            await asyncio.sleep(self._pause)
            await self.look()

    async def look(self) -> None:
        """Serve what the endpoint has now, if it is another snapshot, and can be read."""
        before = self._engine.served
        try:
            found = await self._engine.look()
        except Exception as error:  # whatever is wrong there, the old snapshot goes on
            self._say(f"the endpoint could not be looked at: {error}")
            return
        self._said = ""
        if found is before:
            return
        try:
            self._engine.serve(found)
            await self._prepare()
        except Exception as error:
            self._engine.serve(before)
            self._count("refused")
            self._say(f"the new snapshot is not served, {before.snapshot.id[:12]} stays: {error}")
            return
        self._count("served")
        _LOG.info("snapshot %s is served from now on", found.snapshot.id[:12])

    def _say(self, words: str) -> None:
        """Log what is wrong, once for as long as it is."""
        if words != self._said:
            self._said = words
            _LOG.error("%s", words)
