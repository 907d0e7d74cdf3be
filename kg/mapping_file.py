"""A file of mappings in SSSOM: its metadata, and each row with the line it stands in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.problem import Place, Problem, Refused
from kg.yaml_source import Mapping as Record
from kg.yaml_source import Scalar, parse_yaml

__all__ = ["SUFFIX", "MappingFile", "Row", "read_mapping_file"]

SUFFIX = ".sssom.tsv"
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_METADATA = ("mapping_set_id", "license")


@dataclass(frozen=True)
class Row:
    """The cells of a row by their columns, and its place."""

    place: Place
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell, or an empty text where the file has no such column."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class MappingFile:
    """What the head of a file says of the set, and the rows."""

    place: Place
    metadata: Mapping[str, str]
    rows: tuple[Row, ...]


def read_mapping_file(path: Path, *, shown_as: str | None = None) -> MappingFile:
    """Return a file of mappings; ``shown_as`` names it in places and problems.

    Raises `Refused` where it is no UTF-8, its head no YAML, or where the head lacks what every
    set must say, or the table a column or a cell (https://mapping-commons.github.io/sssom).
    """
    shown = shown_as or str(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        message = f"this is no UTF-8 (byte {error.start}); save the file as UTF-8"
        raise Refused([Problem(Place(shown), message)]) from None
    head = [line for line in lines if line.startswith("#")]
    if lines[: len(head)] != head:
        message = "a line with # stands in the table; move it to the head, or drop it"
        raise Refused([Problem(Place(shown), message)])
    metadata = _read_metadata(head, shown)
    return MappingFile(Place(shown), metadata, _read_rows(lines, len(head), shown))


def _read_metadata(head: Sequence[str], shown: str) -> Mapping[str, str]:
    """Return the texts of the head; lists and maps in it, such as the curie_map, are left out."""
    source = parse_yaml("\n".join(line[1:] for line in head), shown_as=shown)
    if head and source.problems:
        raise Refused(source.problems)
    entries = source.tree.entries if isinstance(source.tree, Record) else ()
    texts = {each.key: each.value.text for each in entries if isinstance(each.value, Scalar)}
    missing = [name for name in _METADATA if not texts.get(name)]
    if missing:
        message = f"the head does not say {' and '.join(missing)}; add '# {missing[0]}: ...'"
        raise Refused([Problem(Place(shown), message)])
    return texts


def _read_rows(lines: Sequence[str], start: int, shown: str) -> tuple[Row, ...]:
    table = csv.reader(lines[start:], delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = next(table, [])
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        message = f"the table has no column {', '.join(missing)}; add it"
        raise Refused([Problem(Place(shown, start + 1), message)])
    rows = [
        (Place(shown, start + table.line_num), cells)
        for cells in table
        if any(map(str.strip, cells))
    ]
    problems = tuple(_uneven(rows, len(columns)))
    if problems:
        raise Refused(problems)
    return tuple(Row(place, dict(zip(columns, cells, strict=True))) for place, cells in rows)


def _uneven(rows: Sequence[tuple[Place, Sequence[str]]], width: int) -> Iterator[Problem]:
    for place, cells in rows:
        if len(cells) != width:
            message = f"the row has {len(cells)} cells, the table {width} columns; mend the row"
            yield Problem(place, message)
