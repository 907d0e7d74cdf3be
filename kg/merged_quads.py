"""Sorted N-Quads of several sources as one sorted file, in memory that does not grow with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.quad_lines import merge_blocks, read_blocks
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
    sources = [iter([quads.splitlines(keepends=True)]), *map(_verified, files)]
    digest = hashlib.sha256()
    with target.open("wb") as written:
        for block in merge_blocks(sources):
            check_statements(block)
            text = b"".join(block)
            digest.update(text)
            written.write(text)
    return digest.hexdigest()


def _verified(file: SortedFile) -> Iterator[list[bytes]]:
    """Yield the lines of a file, and know at its end whether it was the right one."""
    found = hashlib.sha256()
    yield from read_blocks(file.path, digest=found.update)
    if found.hexdigest() != file.digest:
        raise ChangedFileError(
            f"{file.path}: this is not what was imported; import it again, "
            "or remove it with sarcoma-kg import --remove and its name"
        )
