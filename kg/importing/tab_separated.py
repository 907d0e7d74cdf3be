"""Tab-separated files a row at a time: rows know their line, and broken ones say why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from kg.importing.record import Reject, RejectRule

__all__ = ["Header", "Row", "read_header", "read_rows"]

_LONGEST = 1_000_000
"""How many bytes a line may have: a longer one is no row, and would cost memory."""

_TOO_LONG = f"the line has more than {_LONGEST:,} bytes, the most that is read; shorten it"
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Header:
    """The names of the columns of a file."""

    columns: tuple[str, ...]

    def missing(self, wanted: Collection[str]) -> list[str]:
        """Return the columns that are wanted and not there, in order of their names.

        >>> Header(("gene", "drugs")).missing({"gene", "disease"})
        ['disease']
        """
        return sorted(set(wanted) - set(self.columns))


@dataclass(frozen=True)
class Row:
    """The fields of a row by the names of their columns, and its place."""

    place: str
    fields: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column].strip()


def read_header(file: BinaryIO, name: str) -> Header | Reject:
    """Return the header of a file, or why there is none."""
    line = _read_line(file)
    if len(line) > _LONGEST:
        return Reject(f"{name}:1", RejectRule.WRONG_SCHEMA, _TOO_LONG)
    text = _decoded(line)
    if text is None or "\t" not in text:
        message = "this is no line of column names; give a tab-separated file in UTF-8"
        return Reject(f"{name}:1", RejectRule.WRONG_SCHEMA, message)
    columns = tuple(each.strip() for each in text.removeprefix(_BYTE_ORDER_MARK).split("\t"))
    if len(set(columns)) < len(columns):
        message = "a column name stands there twice; give the file as it was published"
        return Reject(f"{name}:1", RejectRule.WRONG_SCHEMA, message)
    return Header(columns)


def read_rows(file: BinaryIO, name: str, header: Header) -> Iterator[Row | Reject]:
    """Yield the rows that follow the header; blank lines are none."""
    number = 1
    while line := _read_line(file):
        number += 1
        if line.strip(b"\r\n"):
            yield _row(line, f"{name}:{number}", header)


def _row(line: bytes, place: str, header: Header) -> Row | Reject:
    if len(line) > _LONGEST:
        return Reject(place, RejectRule.UNREADABLE, _TOO_LONG)
    text = _decoded(line)
    if text is None:
        message = "the row is not UTF-8; save the file as UTF-8"
        return Reject(place, RejectRule.UNREADABLE, message)
    fields = text.split("\t")
    wanted = len(header.columns)
    if len(fields) == wanted:
        return Row(place, dict(zip(header.columns, fields, strict=True)))
    if len(fields) < wanted and not line.endswith(b"\n"):
        message = f"the file ends within a row, after {len(fields)} of {wanted} columns; fetch it"
        return Reject(place, RejectRule.TRUNCATED, f"{message} again")
    message = f"the row has {len(fields)} columns, and the header {wanted}; mend the row"
    return Reject(place, RejectRule.UNREADABLE, message)


def _read_line(file: BinaryIO) -> bytes:
    """Return the next line, cut to just over the longest one that is read."""
    line = file.readline(_LONGEST + 1)
    rest = line
    while len(rest) > _LONGEST and not rest.endswith(b"\n"):
        rest = file.readline(_LONGEST + 1)
    return line


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return None
