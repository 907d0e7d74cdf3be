"""The library of the served snapshot: read once, while those who need it wait for it."""

from __future__ import annotations

import asyncio

from api.engine import Engine
from api.failures import GraphTooLarge, NotReadYet, QueryCrashed, QueryTimedOut, WorkerLost
from api.library import Library, load_library
from api.workshop import Workshop, engine_from_afar
from kg.shipped import Shipped

__all__ = ["MOST_BY_HEART", "READ_FIRST", "LibraryKeeper"]

MOST_BY_HEART = 20_000_000
"""Quads up to which a library is read: ten million take four minutes and some GB."""

READ_FIRST = 250_000
"""Quads up to which it is read before the server answers, in a second or two."""

_PATIENCE = 20.0
_RETRY = 10
_READING = (
    "what this is answered from is still being read from a large snapshot; ask again in a while: "
    "/sparql answers already"
)
_TOO_LARGE = (
    "the snapshot has {0:,} quads, and this is answered for up to {1:,}: ask /sparql, or serve a "
    "part of the graph"
)
_FAILED = "what this is answered from could not be read from the snapshot ({0}): ask /sparql"


class LibraryKeeper:
    """Keeps the library of the snapshot that the engine serves.

    Who asks for it waits for up to ``patience`` seconds while it is read.
    """

    def __init__(
        self, engine: Engine, shipped: Shipped, workshop: Workshop, *, patience: float = _PATIENCE
    ) -> None:
        self._engine = engine
        self._workshop = workshop
        self._shipped = shipped
        self._patience = patience
        self._library: Library | None = None
        self._reading: asyncio.Task[Library] | None = None
        self._failed = ("", "")

    async def get(self) -> Library:
        """Return the library; it is read when there is none of the served snapshot.

        Raises NotReadYet where that takes long, and GraphTooLarge where it is not possible.
        """
        while (library := self._find()) is None:
            reading = self.begin()
            done, _ = await asyncio.wait({reading}, timeout=self._patience)
            if not done:
                raise NotReadYet(_RETRY, _READING)
            reading.result()
        return library

    async def prepare(self) -> None:
        """Have the library read: of a small snapshot at once, of a large one meanwhile."""
        reading = self.begin()
        if self._engine.snapshot.manifest.quads <= READ_FIRST:
            await asyncio.shield(reading)

    def begin(self) -> asyncio.Task[Library]:
        """Return the reading of the library, begun where nobody did."""
        if self._reading is None or self._reading.done():  # it may be of an earlier snapshot
            self._reading = asyncio.create_task(self._read())
            # Who began it need not be there to hear of its failure.
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._reading

    async def close(self) -> None:
        """Give up what is being read."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _find(self) -> Library | None:
        found = self._library
        return found if found and found.snapshot == self._engine.snapshot.id else None

    async def _read(self) -> Library:
        """Read until a library is of the snapshot that is served: a swap would make a mixture."""
        while True:
            asked = self._engine.snapshot
            quads = asked.manifest.quads
            if quads > MOST_BY_HEART:
                raise GraphTooLarge(_TOO_LARGE.format(quads, MOST_BY_HEART))
            if self._failed[0] == asked.id:
                raise GraphTooLarge(_FAILED.format(self._failed[1]))
            loading = load_library(engine_from_afar(self._engine), self._shipped)
            try:
                library = await self._workshop.make(loading)
            except WorkerLost:
                raise
            except (QueryTimedOut, QueryCrashed) as error:
                # Asked again it would fail again, and keep the server busy.
                self._failed = asked.id, str(error)
                raise GraphTooLarge(_FAILED.format(error)) from error
            if self._engine.snapshot.id == asked.id:
                self._library = library
                return library
