"""What the lists know of a snapshot by heart: a table for each kind, and records as texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from api.directory import Directory
from api.engine import Engine
from api.histologies import Histologies
from api.kinds import get_kind
from api.list_fields import Tree
from api.list_loading import load_rows, load_table, load_trees
from api.list_search import MOST_FOUND, Wanted, find_records
from api.list_table import Table
from api.table_reading import TableReading
from api.workshop import engine_from_afar

__all__ = ["Lists", "Pieces", "load_lists"]

Pieces = Mapping[str, str]
"""A record as the JSON texts of its keys."""

MOST_WRITTEN = 20_000
"""How many records are kept as texts, and how many rows of tables that are not read whole."""

_PartKey = tuple[str, frozenset[tuple[str, frozenset[str]]]]


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
    parts: dict[_PartKey, Table] = field(default_factory=dict, repr=False)
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

    async def table_with(self, engine: Engine, kind: str, wanted: Wanted) -> Table:
        """Return a table with every row that has one of some values in each of some fields.

        It may have others too, and has all of them where the whole table is at hand. Of a large
        snapshot the rows alone are read, unless they are many. Raises NotReadYet then.
        """
        if not self.is_read_in_part(kind):
            return await self.table(engine, kind)
        key = kind, frozenset((name, frozenset(values)) for name, values in wanted.items())
        found = self.parts.get(key)
        if found is None:
            records = await find_records(engine, self.directory, kind, wanted)
            if records is None:
                return await self.table(engine, kind)
            found = await load_rows(engine, self.directory, kind, records)
            self._keep_part(engine, key, found)
        return found

    async def rows_of(self, engine: Engine, kind: str, iris: Collection[str]) -> Table:
        """Return a table with the rows of some records; the whole one where that is at hand."""
        entries = self.directory.entries
        known = [entries[iri] for iri in iris if iri in entries and kind in entries[iri].kinds]
        if not self.is_read_in_part(kind) or len(known) > MOST_FOUND:
            return await self.table(engine, kind)
        key = kind, frozenset([("", frozenset(each.iri for each in known))])
        found = self.parts.get(key)
        if found is None:
            found = await load_rows(engine, self.directory, kind, known)
            self._keep_part(engine, key, found)
        return found

    def is_read_in_part(self, kind: str) -> bool:
        """Tell whether rows of a kind are read alone: not where the whole table is at hand."""
        # Imported records may be so many that a list of them is refused, whatever it asks for.
        is_at_hand = self.reading is None or kind in self.tables
        return not (is_at_hand or get_kind(kind).is_imported)

    def _keep_part(self, engine: Engine, key: _PartKey, found: Table) -> None:
        if engine.snapshot.id != self.snapshot:
            return
        kept = sum(1 + len(each.rows) for each in self.parts.values())
        if kept + len(found.rows) > MOST_WRITTEN:
            self.parts.clear()
        self.parts[key] = found

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
