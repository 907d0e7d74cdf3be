"""Hot swap: what another process builds in the same home is served without a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from api.background import in_background
from api.engine import Engine
from kg.snapshot import Snapshot, find_current, hold, is_sound

__all__ = ["SnapshotWatch"]

_LOG = logging.getLogger(__name__)
_PAUSE = 1.0


class SnapshotWatch:
    """Looks each second whether the home of the served snapshot has another current one.

    ``prepare`` is awaited after a swap, so that what the server derives from a snapshot is there
    before anybody asks for it; where that fails, the old snapshot is served again. ``count`` is
    called with ``served`` or ``refused`` for each snapshot that was found. While ``is_writing``,
    the server makes one itself, which it serves without help.
    """

    def __init__(
        self,
        engine: Engine,
        prepare: Callable[[], Awaitable[object]],
        count: Callable[[str], None] = lambda _: None,
        *,
        is_writing: Callable[[], bool] = lambda: False,
        pause: float = _PAUSE,
    ) -> None:
        self._engine = engine
        self._prepare = prepare
        self._count = count
        self._is_writing = is_writing
        self._pause = pause
        self._home = engine.snapshot.directory.parent.parent
        self._seen: str | None = None

    def running(self) -> AbstractAsyncContextManager[None]:
        """Look again and again while the block runs."""
        return in_background(self.run())

    async def run(self) -> None:
        """Look again and again, until the task is cancelled."""
        while True:
            await asyncio.sleep(self._pause)
            try:
                await self.look()
            except Exception:
                _LOG.exception("the snapshots in %s could not be looked at", self._home)

    async def look(self) -> None:
        """Serve the current snapshot if it is another one than before, and whole."""
        link = self._read_link()
        if link is None or link == self._seen or self._is_writing():
            return
        self._seen = link
        # A write of this server has swapped already.
        if Path(link).name == self._engine.snapshot.id:
            return
        is_served = await self._try(link)
        if is_served is not None:
            self._count("served" if is_served else "refused")

    async def _try(self, link: str) -> bool | None:
        """Tell whether a new snapshot is served now; None where it is not the newest any more."""
        try:
            found = await asyncio.to_thread(find_current, self._home)
            if found is None:
                raise FileNotFoundError(f"{self._home / link} has no manifest that can be read")
            with hold(found):
                await _check(found)
                # Who wrote meanwhile must not see the state before.
                if self._read_link() != link:
                    self._seen = None
                    return None
                if self._engine.snapshot.id == found.id:
                    return None
                await self._serve(found)
        except Exception as error:  # whatever is wrong with a snapshot, the old one goes on
            before = self._engine.snapshot.id[:12]
            _LOG.error("the new snapshot is not served, %s stays: %s", before, error)
            return False
        _LOG.info("snapshot %s is served from now on", found.id[:12])
        return True

    async def _serve(self, snapshot: Snapshot) -> None:
        before = self._engine.snapshot
        await self._engine.swap(snapshot)
        try:
            await self._prepare()
        except Exception:
            await self._engine.swap(before)
            raise

    def _read_link(self) -> str | None:
        try:
            return str((self._home / "current").readlink())
        except OSError:
            return None


async def _check(snapshot: Snapshot) -> None:
    """Raise OSError for a snapshot that does not hold what its id says."""
    if not await asyncio.to_thread(is_sound, snapshot):
        raise OSError(f"snapshot {snapshot.id[:12]} is damaged; delete {snapshot.directory}")
