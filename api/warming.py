"""What the first visitors would wait for, made ahead: after a start, and after each swap."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from api.background import in_background
from api.engine import Engine
from api.library import Library, LibraryKeeper
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

    One after the other, so that questions are answered in between. ``pause`` is how often the
    snapshot is looked at, in seconds.
    """

    def __init__(
        self, engine: Engine, keeper: LibraryKeeper, workshop: Workshop, *, pause: float = 1.0
    ) -> None:
        self._engine = engine
        self._keeper = keeper
        self._workshop = workshop
        self._pause = pause

    def running(self) -> AbstractAsyncContextManager[None]:
        """Make ready for each snapshot while the block runs."""
        return in_background(self._run())

    async def _run(self) -> None:
        made = ""
        while True:
            if self._engine.snapshot.id != made:
                made = self._engine.snapshot.id
                try:
                    await self._make()
                except Exception:
                    _LOG.exception("snapshot %s could not be made ready", made[:12])
            await asyncio.sleep(self._pause)

    async def _make(self) -> None:
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
