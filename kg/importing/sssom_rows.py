"""SSSOM in TSV: its metadata, its prefixes, its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.importing.record import Reject, RejectRule

__all__ = ["REQUIRED", "Row", "SssomHeader", "read_header", "read_rows"]

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
"""Columns that every mapping of SSSOM has."""

_LONGEST_FIELD = 1_000_000


@dataclass(frozen=True)
class SssomHeader:
    """The metadata of a mapping set, its columns, and the line of the latter."""

    metadata: Mapping[str, Any]
    columns: Sequence[str]
    line: int

    @property
    def curie_map(self) -> Mapping[str, str]:
        """The IRI prefix of each prefix, as the set says."""
        return self.metadata.get("curie_map") or {}


@dataclass(frozen=True)
class Row:
    """A mapping by the names of its columns, and the line that it stands in."""

    line: int
    cells: Mapping[str, str]


def read_header(file: Path) -> SssomHeader | Reject:
    """Return the header of a mapping set, or why the file is refused as a whole."""
    comments, line, text = list[str](), 0, ""
    try:
        with file.open(encoding="utf-8", newline="") as content:
            for text in content:
                line += 1
                if not text.startswith("#"):
                    break
                comments.append(text[1:])
        metadata = _read_metadata("".join(comments))
    except _MetadataError as error:
        return Reject(f"{file.name}:{error.line}", RejectRule.UNREADABLE, str(error))
    except (OSError, UnicodeDecodeError) as error:
        message = f"the file cannot be read ({type(error).__name__}); it must be text in UTF-8"
        return Reject(file.name, RejectRule.UNREADABLE, message)
    columns = text.rstrip("\r\n").split("\t")
    missing = [name for name in REQUIRED if name not in columns]
    prefixes = metadata.get("curie_map") if isinstance(metadata, dict) else ()
    if missing:
        message = f"a mapping set of SSSOM has the columns {', '.join(REQUIRED)}; "
        message += f"here {', '.join(missing)} is missing"
        return Reject(f"{file.name}:{line or 1}", RejectRule.WRONG_SCHEMA, message)
    if not isinstance(prefixes, dict | None) or not all(_is_text(prefixes or {})):
        message = "curie_map in the metadata must give an IRI for each prefix"
        return Reject(f"{file.name}:1", RejectRule.WRONG_SCHEMA, message)
    return SssomHeader(metadata, columns, line)


def read_rows(file: Path, header: SssomHeader) -> Iterator[Row | Reject]:
    """Yield the mappings; a row with more or fewer cells than columns is refused.

    One that ends the file, and has fewer, shows that the file is cut off.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    last = _last_line(file)
    with file.open(encoding="utf-8", newline="") as content:
        for _ in range(header.line):
            next(content)
        rows = csv.reader(content, delimiter="\t")
        while True:
            start = header.line + rows.line_num + 1
            try:
                cells = next(rows, None)
            except (csv.Error, UnicodeDecodeError) as error:
                yield Reject(f"{file.name}:{start}", RejectRule.UNREADABLE, f"no row: {error}")
                continue
            if cells is None:
                return
            if len(cells) == len(header.columns):
                yield Row(start, dict(zip(header.columns, cells, strict=True)))
            elif cells:
                is_cut = len(cells) < len(header.columns) and start >= last
                rule = RejectRule.TRUNCATED if is_cut else RejectRule.WRONG_SCHEMA
                message = f"the row has {len(cells)} cells, and there are {len(header.columns)} "
                yield Reject(f"{file.name}:{start}", rule, f"{message}columns; mend the row")


class _MetadataError(Exception):
    """The metadata of a set cannot be read, from some line on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _read_metadata(text: str) -> Any:
    """Return the metadata; an alias is refused, as what is made of aliases grows without bound."""
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                message = "an alias in the metadata is refused; write the value itself"
                raise _MetadataError(_line(event.start_mark), message)
        return yaml.safe_load(text) or {}
    except RecursionError:
        message = "the metadata before the table nest too deep; this is no mapping set"
        raise _MetadataError(1, message) from None
    except yaml.YAMLError as error:
        line = _line(getattr(error, "problem_mark", None))
        raise _MetadataError(line, "the metadata before the table are no YAML") from None


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _is_text(prefixes: Mapping[Any, Any]) -> Iterator[bool]:
    return (isinstance(each, str) for pair in prefixes.items() for each in pair)


def _last_line(file: Path) -> int:
    with file.open("rb") as content:
        return sum(1 for _ in content)
