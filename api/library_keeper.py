"""The library of the served snapshot: read once, while those who need it wait for it."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from typing import cast

from api.engine import EmbeddedEngine, Engine
from api.failures import (
    GraphTooLarge,
    NotReadYet,
    QueryCrashed,
    QueryTimedOut,
    QueryTooBig,
    WorkerLost,
)
from api.library import Library, load_library
from api.reader_process import ReaderProcess
from api.table_reading import TableReading
from api.workshop import Workshop, engine_from_afar
from kg.export import query_prefixes
from kg.namespaces import read_namespaces
from kg.shipped import Shipped

__all__ = ["MOST_BY_HEART", "READ_FIRST", "LibraryKeeper"]

MOST_BY_HEART = 20_000_000
"""Quads up to which a library is read: ten million take four minutes and some GB."""

READ_FIRST = 250_000
"""Quads up to which it is read before the server answers, in a second or two."""

_PATIENCE = 20.0
_RETRY = 10
_TOO_LARGE = (
    "the snapshot has {0:,} quads, and this is answered for up to {1:,}: ask /sparql, or serve a "
    "part of the graph"
)
_FAILED = "what this is answered from could not be read from the snapshot ({0}): ask /sparql"
_TRIED_AGAIN = (
    "what this is answered from could not be read from the snapshot ({0}); it is tried again: "
    "/sparql answers already"
)
_MOST_TIMEOUTS = 2
_LONGEST_PAUSE = 300.0


@dataclass(frozen=True)
class _Failure:
    """Why a snapshot could not be read, how often, and until when it is not tried again."""

    snapshot: str = ""
    error: Exception | None = None
    times: int = 0
    until: float = 0.0

    def another(self, snapshot: str, error: Exception) -> _Failure:
        """Return what this becomes when reading fails again."""
        times = self.times + 1 if self.snapshot == snapshot else 1
        pause = min(_RETRY * 2 ** (times - 1), _LONGEST_PAUSE)
        return _Failure(snapshot, error, times, time.monotonic() + pause)

    def told(self) -> GraphTooLarge | NotReadYet:
        """Return what a client is told: that it would fail again, or is to be tried later."""
        is_slow = isinstance(self.error, QueryTimedOut) and self.times >= _MOST_TIMEOUTS
        if is_slow or isinstance(self.error, QueryTooBig):
            return GraphTooLarge(_FAILED.format(self.error))
        left = math.ceil(self.until - time.monotonic())
        return NotReadYet(max(left, 1), _TRIED_AGAIN.format(self.error))

    def forbids(self, snapshot: str) -> bool:
        """Tell whether a snapshot is not to be read now."""
        is_lasting = isinstance(self.told(), GraphTooLarge) or time.monotonic() < self.until
        return self.snapshot == snapshot and is_lasting


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
        self._failure = _Failure()
        self._reader: ReaderProcess | None = None

    async def get(self) -> Library:
        """Return the library; it is read when there is none of the served snapshot.

        Raises NotReadYet where that takes long, and GraphTooLarge where it is not possible.
        """
        while (library := self._find()) is None:
            reading = self.begin()
            done, _ = await asyncio.wait({reading}, timeout=self._patience)
            if not done:
                raise NotReadYet
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
        self._end_reader()

    def _choose_source(self, quads: int) -> Engine:
        """Return whom to ask for all of the graph: the engine, or a process that holds it."""
        engine = engine_from_afar(self._engine)
        self._end_reader()
        if not isinstance(self._engine, EmbeddedEngine) or quads <= READ_FIRST:
            return engine
        if not self._engine.is_on_disk:
            return engine
        self._reader = ReaderProcess(engine, query_prefixes(read_namespaces(self._shipped.context)))
        return cast(Engine, self._reader)

    async def _load(self, source: Engine, quads: int) -> Library:
        library = await load_library(source, self._shipped)
        if quads <= READ_FIRST:
            return library
        library.look_through()
        reading = TableReading(self._workshop, patience=self._patience)
        return library.read_later(reading, source if self._reader else None)

    def _end_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

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
            if self._failure.forbids(asked.id):
                raise self._failure.told() from self._failure.error
            source = self._choose_source(quads)
            try:
                library = await self._workshop.make(self._load(source, quads))
            except WorkerLost:
                raise
            except (QueryTimedOut, QueryCrashed) as error:
                self._failure = self._failure.another(asked.id, error)
                raise self._failure.told() from error
            if self._engine.snapshot.id == asked.id:
                self._library = library
                return library
