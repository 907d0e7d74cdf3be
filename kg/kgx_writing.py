"""Files of KGX: JSON Lines, and tables of tab-separated values, written without holding them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from kg.kgx import Record, Value

__all__ = ["KgxForm", "read_json_lines", "write_records", "write_tsv"]

_SEPARATOR = "|"
_IN_PLACE = "¦"
"""What stands for a separator within a value of a list: the table has no way to escape one."""


class KgxForm(StrEnum):
    """A format of KGX, by its name on the command line."""

    TSV = "kgx-tsv"
    JSONL = "kgx-jsonl"

    @property
    def ending(self) -> str:
        """How the names of its files end.

        >>> KgxForm.TSV.ending
        'tsv'
        """
        return self.value.removeprefix("kgx-")


def write_records(records: Iterable[Record], path: Path) -> int:
    """Write records as JSON Lines, and return how many there were."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def read_json_lines(path: Path) -> Iterator[Record]:
    """Yield the records of a file of JSON Lines; raises ValueError for what is none."""
    # Not splitlines(): a text may hold other ends of lines, such as U+2028.
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def write_tsv(lines: Path, path: Path, first: Sequence[str]) -> None:
    """Write the records of a file of JSON Lines as a table.

    ``first`` are the columns that come first, also where they are empty; the others follow by
    name. Values of a list are separated by ``|``.
    """
    others = {name for record in read_json_lines(lines) for name in record} - {*first}
    columns = (*first, *sorted(others))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\t".join(columns) + "\n")
        for record in read_json_lines(lines):
            file.write("\t".join(_cell(record.get(name, "")) for name in columns) + "\n")


def _cell(value: Value) -> str:
    r"""Return a value as a cell; the table has no quotes, so that tabs and ends become blanks.

    >>> _cell(["a|b", "c\td"]), _cell(True), _cell(5.5), _cell("a\r\nb")
    ('a¦b|c d', 'true', '5.5', 'a b')
    """
    if isinstance(value, list):
        return _SEPARATOR.join(_plain(each).replace(_SEPARATOR, _IN_PLACE) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return _plain(str(value))


def _plain(text: str) -> str:
    return " ".join(text.split()) if not text.isprintable() else text
