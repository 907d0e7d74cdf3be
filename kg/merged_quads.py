"""Sorted N-Quads of several sources as one sorted file, in memory that does not grow with them."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kg.statement_limits import check_statements

__all__ = ["ChangedFileError", "SortedFile", "merge_quads"]


class ChangedFileError(OSError):
    """A file is not what its digest says; the message names it."""


@dataclass(frozen=True)
class SortedFile:
    """A file of sorted N-Quads, each line once, with the SHA-256 that it must have."""

    path: Path
    digest: str


def merge_quads(quads: bytes, files: Sequence[SortedFile], target: Path) -> str:
    """Write canonical N-Quads and sorted files of other graphs to ``target``; return the SHA-256.

    Raises ChangedFileError for a file that is not what its digest says, and StatementError for
    a statement that no reader takes.
    """
    with ExitStack() as opened:
        streams = [
            _verified(opened.enter_context(each.path.open("rb")), each.digest) for each in files
        ]
        written = opened.enter_context(target.open("wb"))
        return _write(heapq.merge(_lines(quads), *streams), written)


def _lines(quads: bytes) -> list[bytes]:
    return [line + b"\n" for line in quads.split(b"\n") if line]


def _verified(file: BinaryIO, digest: str) -> Iterator[bytes]:
    """Yield the lines of a file, and know at its end whether it was the right one."""
    found = hashlib.sha256()
    for line in file:
        found.update(line)
        yield line
    if found.hexdigest() != digest:
        raise ChangedFileError(
            f"{file.name}: this is not what was imported; import it again, "
            "or remove it with sarcoma-kg import --remove and its name"
        )


def _write(lines: Iterable[bytes], file: BinaryIO) -> str:
    digest = hashlib.sha256()
    for line in _checked(lines):
        digest.update(line)
        file.write(line)
    return digest.hexdigest()


def _checked(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        check_statements((line,))
        yield line
