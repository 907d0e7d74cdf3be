"""What the lists know of a snapshot by heart: a table for each kind, and records as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from api.directory import Directory
from api.engine import Engine
from api.histologies import Histologies
from api.list_fields import Tree
from api.list_loading import load_table, load_trees
from api.list_table import Table
from api.table_reading import TableReading
from api.workshop import engine_from_afar

__all__ = ["Lists", "Pieces", "load_lists"]

Pieces = Mapping[str, str]
"""A record as the JSON texts of its keys."""


MOST_WRITTEN = 20_000
"""How many records are kept as texts."""


@dataclass(frozen=True)
class Lists:
    """The tables of one snapshot, each read when first asked for, and records once written.

    They are read from ``source`` where there is one, which is quicker at what reads all of a graph,
    and by ``reading`` where that takes long.
    """

    snapshot: str
    directory: Directory
    trees: Mapping[Tree, Histologies]
    source: Engine | None = None
    reading: TableReading | None = None
    tables: dict[str, Table] = field(default_factory=dict, repr=False)
    written: dict[tuple[str, str, bool], Pieces] = field(default_factory=dict, repr=False)

    async def table(self, engine: Engine, kind: str) -> Table:
        """Return the table of a kind; raises NotReadYet where it takes long to be read."""
        found = self.tables.get(kind)
        if found is not None:
            return found
        if self.reading is None:
            return await self._read(self.source or engine, kind)
        asked = self.source or engine_from_afar(engine)
        return await self.reading.get(kind, partial(self._read, asked, kind))

    async def _read(self, asked: Engine, kind: str) -> Table:
        found = await load_table(asked, self.directory, kind)
        # What came from a later snapshot is answered to nobody, and must not be kept.
        if asked.snapshot.id == self.snapshot:
            self.tables[kind] = found
        return found

    def keep(self, kind: str, records: Mapping[str, Pieces], *, exact: bool) -> None:
        """Keep some records by their IRIs; those kept before make room where there are many."""
        if len(self.written) + len(records) > MOST_WRITTEN:
            self.written.clear()
        self.written.update({(kind, iri, exact): pieces for iri, pieces in records.items()})


async def load_lists(engine: Engine, directory: Directory) -> Lists:
    """Return the lists of the snapshot that an engine serves."""
    trees = dict(await load_trees(engine))
    trees[Tree.HISTOLOGIES] = replace(trees[Tree.HISTOLOGIES], foreign=directory.foreign.below)
    return Lists(engine.snapshot.id, directory, trees)
