"""The records of a kind as a table: what each states by its fields."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from api.list_fields import Field

__all__ = ["Cell", "Row", "Table"]

Value = str | float | bool | datetime.date


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a field: as it is compared, as the graph has it, and the part that states it."""

    value: Value
    shown: str
    part: str = ""


@dataclass(frozen=True)
class Row:
    """A record and its cells, by the names of the fields."""

    iri: str
    cells: Mapping[str, tuple[Cell, ...]]

    def of(self, name: str) -> tuple[Cell, ...]:
        """Return the cells of a field.

        >>> Row("urn:a", {"line": (Cell("urn:first", "urn:first"),)}).of("setting")
        ()
        """
        return self.cells.get(name, ())


@dataclass(frozen=True)
class Table:
    """The records of a kind, in the order in which a list has them unless it is sorted."""

    kind: str
    fields: Mapping[str, Field]
    rows: tuple[Row, ...]

    @cached_property
    def by_iri(self) -> Mapping[str, Row]:
        """The rows by the IRIs of their records."""
        return {row.iri: row for row in self.rows}

    @cached_property
    def values(self) -> Mapping[str, frozenset[str]]:
        """All values of each field, as the graph has them."""
        return {
            name: frozenset(cell.shown for row in self.rows for cell in row.of(name))
            for name in self.fields
        }
