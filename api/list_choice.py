"""The records that a question asks for, in its order, and how often each value occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.directory import Directory, fold
from api.histologies import Match
from api.list_conditions import Matched, match_row
from api.list_fields import Field, FieldType
from api.list_question import ListQuestion, SortKey
from api.list_table import Cell, Row, Table

__all__ = ["ChosenRow", "Count", "choose_rows", "count_values"]


@dataclass(frozen=True)
class ChosenRow:
    """A record of the list, and how it relates to the wider things that were asked for."""

    row: Row
    matched: Mapping[str, Matched]


@dataclass(frozen=True)
class Count:
    """How often a value of a facet occurs; ``shown`` as the graph has it."""

    shown: str
    records: int


def choose_rows(directory: Directory, table: Table, question: ListQuestion) -> list[ChosenRow]:
    """Return the records that fulfil a question, sorted as it says."""
    rows: Sequence[Row] = table.rows
    if question.text:
        found = {entry.iri for entry in directory.search(table.kind, question.text)}
        rows = [row for row in rows if row.iri in found]
    chosen = []
    for row in rows:
        matched = match_row(row, question.conditions)
        if matched is None or (question.only_direct and not _is_direct(matched)):
            continue
        chosen.append(ChosenRow(row, matched))
    # Sorting is stable: the last key is sorted by first.
    for key in reversed(question.sort):
        chosen = _sorted(directory, chosen, key)
    return chosen


def count_values(
    directory: Directory, chosen: Sequence[ChosenRow], field: Field
) -> tuple[list[Count], int]:
    """Return how many of some records have each value of a field, and how many have none.

    A record counts once for each of its values. The most frequent value comes first, then the
    first by its label.
    """
    counts: Counter[str] = Counter()
    missing = 0
    for each in chosen:
        values = {cell.shown for cell in each.row.of(field.name)}
        counts.update(values)
        missing += not values
    ordered = sorted(counts, key=lambda shown: (-counts[shown], _rank(directory, field, shown)))
    return [Count(shown, counts[shown]) for shown in ordered], missing


def _is_direct(matched: Mapping[str, Matched]) -> bool:
    return all(each.match is Match.DIRECT for each in matched.values())


def _sorted(directory: Directory, chosen: list[ChosenRow], key: SortKey) -> list[ChosenRow]:
    with_value = [each for each in chosen if each.row.of(key.field.name)]
    without = [each for each in chosen if not each.row.of(key.field.name)]
    pick: Callable[..., object] = max if key.is_descending else min

    def rank(each: ChosenRow) -> object:
        cells = each.row.of(key.field.name)
        return pick(_comparable(directory, key.field, cell) for cell in cells)

    ordered = sorted(with_value, key=rank, reverse=key.is_descending)  # type: ignore[arg-type]
    return ordered + without


def _comparable(directory: Directory, field: Field, cell: Cell) -> object:
    if field.type is FieldType.THING:
        return _rank(directory, field, cell.shown)
    return cell.value


def _rank(directory: Directory, field: Field, shown: str) -> str:
    if field.type is FieldType.THING:
        return fold(directory.label(shown) or shown.rpartition("/")[2])
    return fold(shown)
