"""How many rows or triples an answer has, counted in its bytes while they pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from kg.formats import GraphFormat, ResultFormat

__all__ = ["RowCount", "find_row_count"]


class RowCount(Protocol):
    """Counts rows in the pieces of an answer, wherever it is cut into pieces."""

    @property
    def rows(self) -> int:
        """The rows so far."""

    def add(self, piece: bytes) -> None:
        """Take the next piece."""


class _Marks:
    """Counts the marks of rows: of the ``first`` one, if it has its own, and of those after it.

    Patterns that start with one sequence of bytes are found ten times as fast as others;
    ``length`` is that of the longer mark.
    """

    def __init__(
        self, first: re.Pattern[bytes] | None, following: re.Pattern[bytes], length: int
    ) -> None:
        self._first = first
        self._find = following.findall
        self._kept = length - 1
        self._end = b""
        self.rows = 0

    def add(self, piece: bytes) -> None:
        """Count; what may be the start of a mark is kept for the next piece."""
        text = self._end + piece
        if self._first and self._first.search(text):
            self._first = None
            self.rows += 1
        self.rows += len(self._find(text))
        self._end = text[-self._kept :]


class _Lines:
    """Counts lines where no term has any; ``heads`` of them are no rows."""

    def __init__(self, heads: int = 0) -> None:
        self._heads = heads
        self._lines = 0

    @property
    def rows(self) -> int:
        """The lines so far, without the heads."""
        return max(self._lines - self._heads, 0)

    def add(self, piece: bytes) -> None:
        """Count."""
        self._lines += piece.count(b"\n")


class _UnquotedLines(_Lines):
    """Counts lines outside of quotes."""

    def __init__(self, heads: int = 0) -> None:
        super().__init__(heads)
        self._is_quoted = False

    def add(self, piece: bytes) -> None:
        """Count; a quote inside quotes is doubled, and so turns it twice."""
        if not self._is_quoted and b'"' not in piece:
            super().add(piece)
            return
        for place, part in enumerate(piece.split(b'"')):
            self._is_quoted ^= place > 0
            if not self._is_quoted:
                super().add(part)


# A row of JSON opens after "[" or "},". Inside a text a quote is escaped, or it ends the text and
# "}" or "," follows; a row without any binding is not seen.
_JSON = (re.compile(rb'\[\{"[^},]'), re.compile(rb'\},\{"[^},]'), 5)
_XML = (None, re.compile(rb"<result>"), 8)

_COUNTS: dict[ResultFormat | GraphFormat, Callable[[], RowCount]] = {
    ResultFormat.JSON: lambda: _Marks(*_JSON),
    ResultFormat.XML: lambda: _Marks(*_XML),
    ResultFormat.CSV: lambda: _UnquotedLines(heads=1),
    ResultFormat.TSV: lambda: _Lines(heads=1),
    GraphFormat.N_TRIPLES: _Lines,
    GraphFormat.N_QUADS: _Lines,
}
_BY_TYPE = {
    media_type: made
    for form, made in _COUNTS.items()
    for media_type in (form.media_type, *form.also)
}


def find_row_count(media_type: str) -> RowCount | None:
    r"""Return a new count for a media type, or None where its bytes do not tell.

    >>> count = find_row_count("text/csv")
    >>> for piece in (b'name\r\n"two\r', b'\nlines"\r\nother\r\n'):
    ...     count.add(piece)
    >>> count.rows
    2
    >>> find_row_count("text/turtle")
    """
    made = _BY_TYPE.get(media_type)
    return made() if made else None
