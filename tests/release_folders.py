"""Releases for tests: one of the shipped graph, and what is read out of any."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["digests", "read_edges", "read_records", "rows_of", "write_sums"]

Json = dict[str, Any]


def read_records(path: Path) -> list[Json]:
    """Return the records of a file of JSON Lines, by another reader than that of the package."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def read_edges(folder: Path, stem: str) -> list[Json]:
    return read_records(folder / f"{stem}_edges.jsonl")


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of KGX; every row has all columns."""
    head, *lines = path.read_bytes().decode().split("\n")[:-1]
    columns = head.split("\t")
    for line in lines:
        cells = line.split("\t")
        assert len(cells) == len(columns), line
        yield dict(zip(columns, cells, strict=True))


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write_sums(folder: Path) -> None:
    """Write the digests of a release anew, as one who tampers with it would."""
    found = {name: digest for name, digest in digests(folder).items() if name != "SHA256SUMS"}
    lines = [f"{found[name]}  {name}\n" for name in sorted(found)]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
