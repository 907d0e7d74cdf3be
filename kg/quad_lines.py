"""Lines of canonical N-Quads taken apart, and sorted files of them read and merged in blocks."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

__all__ = ["Parts", "merge_blocks", "read_blocks", "sha256_of", "split_line"]

Parts = tuple[bytes, bytes, bytes, bytes]
"""Subject, predicate, object and graph of a line; the default graph is empty."""

_BLOCK = 1 << 20
_END = -len(b" .\n")


def split_line(line: bytes) -> Parts:
    r"""Return the terms of a line as a store writes it.

    >>> split_line(b'<e:a> <e:b> "c <e:d>"@en <e:g> .\n')
    (b'<e:a>', b'<e:b>', b'"c <e:d>"@en', b'<e:g>')
    >>> split_line(b'<e:a> <e:b> "c <e:d>" .\n')[2:], split_line(b"<e:a> <e:b> <e:c> .\n")[2:]
    ((b'"c <e:d>"', b''), (b'<e:c>', b''))
    >>> split_line(b'_:a <e:b> <<( <e:a> <e:b> "c" )>> <e:g> .\n')[2:]
    (b'<<( <e:a> <e:b> "c" )>>', b'<e:g>')
    """
    subject, predicate, rest = line.split(b" ", 2)
    rest = rest[:_END]
    if not rest.startswith((b'"', b"<<(")):
        value, _, graph = rest.partition(b" ")
        return subject, predicate, value, graph
    value, _, graph = rest.rpartition(b" ")
    # No name of a graph has a quotation mark, and every literal ends after one.
    if value and graph[:1] in b"<_" and b'"' not in graph:
        return subject, predicate, value, graph
    return subject, predicate, rest, b""


def read_blocks(
    path: Path, *, digest: Callable[[bytes], object] | None = None
) -> Iterator[list[bytes]]:
    """Yield the lines of a file, some thousand at once; ``digest`` is told every byte."""
    with path.open("rb") as file:
        yield from _blocks(file, digest)


def merge_blocks(sources: Sequence[Iterator[list[bytes]]]) -> Iterator[list[bytes]]:
    r"""Yield the lines of sorted sources as one sorted sequence without repeats, in blocks.

    >>> one, two = iter([[b"a\n"], [b"c\n"]]), iter([[b"b\n", b"c\n", b"d\n"]])
    >>> [line for block in merge_blocks([one, two]) for line in block]
    [b'a\n', b'b\n', b'c\n', b'd\n']
    """
    waiting = [(lines, source) for source in sources if (lines := next(source, []))]
    while waiting:
        # All lines up to the smallest last one are known, so that a sort of them is final.
        last = min(lines[-1] for lines, _ in waiting)
        block = list[bytes]()
        for lines, _ in waiting:
            count = bisect_right(lines, last)
            block += lines[:count]
            del lines[:count]
        if len(waiting) > 1:
            block.sort()
        yield list(dict.fromkeys(block))
        waiting = [
            (left, source) for lines, source in waiting if (left := lines or next(source, []))
        ]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, of any size, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _blocks(file: BinaryIO, digest: Callable[[bytes], object] | None) -> Iterator[list[bytes]]:
    while block := file.read(_BLOCK):
        block += file.readline()
        if digest:
            digest(block)
        yield block.splitlines(keepends=True)
