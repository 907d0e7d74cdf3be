"""Tables as text: CSV as RFC 4180 has it, and TSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from enum import Enum

__all__ = ["JOINT", "Separated", "join_values", "shield"]

JOINT = " | "
"""What stands between several values in a cell; a bar within a value is written ``\\|``."""

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Separated(Enum):
    """A format with one row a record, and a header row."""

    CSV = "text/csv; charset=utf-8; header=present"
    TSV = "text/tab-separated-values; charset=utf-8"

    @property
    def content_type(self) -> str:
        """The media type with its parameters."""
        return self.value

    def write(self, rows: Iterable[Sequence[str]]) -> bytes:
        r"""Return rows as text in UTF-8, their lines ended as the format says.

        CSV is RFC 4180: CRLF, and quotes where a cell needs them. TSV has no quotes: a tab,
        a line end and a backslash within a cell are written ``\t``, ``\n``, ``\r``, ``\\``.

        >>> Separated.CSV.write([["a", "b, c"]])
        b'a,"b, c"\r\n'
        >>> Separated.TSV.write([["a", "b\tc"]])
        b'a\tb\\tc\n'
        """
        if self is Separated.CSV:
            written = io.StringIO(newline="")
            csv.writer(written, lineterminator="\r\n").writerows(rows)
            return written.getvalue().encode()
        lines = ("\t".join(cell.translate(_ESCAPES) for cell in row) + "\n" for row in rows)
        return "".join(lines).encode()


def join_values(values: Iterable[str]) -> str:
    r"""Return several values as one cell.

    >>> join_values(["a", "b|c"])
    'a | b\\|c'
    """
    return JOINT.join([value.replace("|", "\\|") for value in values])


def shield(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before one.

    Numbers stay as they are.

    >>> shield("=1+1"), shield("-5"), shield("a=b")
    ("'=1+1", '-5', 'a=b')
    """
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
