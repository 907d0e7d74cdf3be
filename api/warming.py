"""What the first visitors would wait for, made ahead: after a start, and after each swap."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress

from api.background import in_background
from api.engine import Engine
from api.library import Library
from api.library_keeper import READ_FIRST, LibraryKeeper
from api.workshop import Workshop, engine_from_afar
from kg.export import query_prefixes

__all__ = ["KINDS_AHEAD", "Warming"]

_LOG = logging.getLogger(__name__)

KINDS_AHEAD = (
    "evidence",
    "claims",
    "studies",
    "recommendations",
    "regimens",
    "histologies",
    "targets",
    "families",
    "biomarkers",
    "imported-claims",
)
"""The lists that pages read."""


class Warming:
    """Reads the lists and the index of names of each snapshot before somebody asks for them.

    One after the other, so that questions are answered in between; ``write`` makes the contract,
    which is that of all of them. ``pause`` is how often the snapshot is looked at, in seconds;
    for ``quiet`` seconds the first questions have the server for themselves.
    """

    def __init__(
        self,
        engine: Engine,
        keeper: LibraryKeeper,
        workshop: Workshop,
        write: Callable[[], Awaitable[object]],
        *,
        pause: float = 1.0,
        quiet: float = 3.0,
    ) -> None:
        self._engine = engine
        self._keeper = keeper
        self._workshop = workshop
        self._write = write
        self._pause = pause
        self._quiet = quiet

    def running(self) -> AbstractAsyncContextManager[None]:
        """Make ready for each snapshot while the block runs."""
        return in_background(self._run())

    async def _run(self) -> None:
        made = ""
        await self._settle()
        while True:
            if self._engine.snapshot.id != made:
                made = self._engine.snapshot.id
                try:
                    await self._make()
                except Exception:
                    _LOG.exception("snapshot %s could not be made ready", made[:12])
            await asyncio.sleep(self._pause)

    async def _settle(self) -> None:
        """Wait for what the first questions wait for, and a while for their answers."""
        if self._engine.snapshot.manifest.quads <= READ_FIRST:
            with suppress(Exception):  # who needs the library is told why there is none
                await self._keeper.get()
        await asyncio.sleep(self._quiet)

    async def _make(self) -> None:
        # Of a large snapshot all tables would take more memory than most visitors need of them.
        if self._engine.snapshot.manifest.quads <= READ_FIRST:
            await self._read_all()
        await self._write()

    async def _read_all(self) -> None:
        library, engine = await self._keeper.get(), engine_from_afar(self._engine)
        for kind in KINDS_AHEAD:
            if library.directory.members(kind):
                await self._workshop.make(_read(library, engine, kind))
        await self._workshop.make(_index(library, engine))


async def _read(library: Library, engine: Engine, kind: str) -> None:
    await library.lists.table(engine, kind)


async def _index(library: Library, engine: Engine) -> None:
    names = library.context.namespaces
    prefixes = query_prefixes(names)
    await library.search.get(engine, library.snapshot, prefixes)
