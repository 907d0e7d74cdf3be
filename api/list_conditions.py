"""What a list asks of a field, and whether a record fulfils it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from api.directory import fold
from api.histologies import Match, Scope
from api.list_fields import Field
from api.list_table import Cell, Row

__all__ = ["Among", "Between", "Condition", "Contains", "Matched", "Present", "Truth", "match_row"]


class Demand(Protocol):
    """What is asked of the values of a field."""

    def keeps(self, cells: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return the cells that fulfil it, or None where the record does not."""


@dataclass(frozen=True)
class Among:
    """One of some things, or one that is narrower."""

    scopes: tuple[Scope, ...]

    @cached_property
    def asked(self) -> frozenset[str]:
        """The things as they were asked for."""
        return frozenset(scope.asked for scope in self.scopes)

    @cached_property
    def all(self) -> frozenset[str]:
        """These, and all that are narrower."""
        return self.asked.union(*(scope.narrower for scope in self.scopes))

    def keeps(self, cells: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return the cells with one of the things."""
        return [cell for cell in cells if cell.value in self.all] or None


@dataclass(frozen=True)
class Between:
    """A number or date from one to another, both included; None for no end."""

    least: float | date | None
    most: float | date | None

    def keeps(self, cells: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return the cells within."""
        return [cell for cell in cells if self._holds(cell.value)] or None

    def _holds(self, value: object) -> bool:
        least, most = self.least, self.most
        return (least is None or value >= least) and (  # type: ignore[operator]
            most is None or value <= most  # type: ignore[operator]
        )


@dataclass(frozen=True)
class Contains:
    """A text that holds some words, in any case of letters."""

    words: str

    def keeps(self, cells: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return the cells with the words."""
        words = fold(self.words)
        return [cell for cell in cells if words in str(cell.value)] or None


@dataclass(frozen=True)
class Truth:
    """Stated to be true, or not."""

    wanted: bool

    def keeps(self, cells: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return all cells where the record is as wanted."""
        return cells if any(cell.value for cell in cells) is self.wanted else None


@dataclass(frozen=True)
class Present:
    """Any value, or none."""

    wanted: bool

    def keeps(self, cells: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return all cells where the record is as wanted."""
        return cells if bool(cells) is self.wanted else None


@dataclass(frozen=True)
class Condition:
    """A field, and what is asked of it."""

    field: Field
    demand: Demand


@dataclass(frozen=True)
class Matched:
    """How the values of a field relate to the things asked for, and which values those are."""

    match: Match
    values: tuple[str, ...]


def match_row(row: Row, conditions: Iterable[Condition]) -> Mapping[str, Matched] | None:
    """Return how a record fulfils some conditions, by the fields that know of narrower things.

    None where it does not fulfil them. What is asked of fields with the same part must hold
    of one part.
    """
    parts: dict[str, frozenset[str]] = {}
    matched: dict[str, Matched] = {}
    for condition in conditions:
        field = condition.field
        kept = condition.demand.keeps(row.of(field.name))
        if kept is None:
            return None
        if field.part and kept:
            found = frozenset(cell.part for cell in kept)
            parts[field.part] = parts.get(field.part, found) & found
            if not parts[field.part]:
                return None
        if field.tree and isinstance(condition.demand, Among):
            matched[field.name] = _matched(condition.demand, kept)
    return matched


def _matched(demand: Among, kept: Sequence[Cell]) -> Matched:
    direct = [cell.shown for cell in kept if cell.value in demand.asked]
    values = dict.fromkeys(direct or [cell.shown for cell in kept])
    return Matched(Match.DIRECT if direct else Match.INHERITED, tuple(values))
