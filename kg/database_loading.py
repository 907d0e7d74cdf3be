"""Canonical N-Quads as a database on disk, by the loader of the engine."""

from __future__ import annotations

import re
import tempfile
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from pyoxigraph import RdfFormat, Store, parse

from kg.nquads import read_empty_graphs, read_quads

__all__ = ["write_database"]

_SMALL = 1 << 20
"""Bytes of N-Quads up to which one transaction writes them faster than a bulk load."""

_ONE_LOAD = 512 << 20
"""Bytes above which the loader leaves several tables that overlap, of each million quads one.

A look-up reads all of them: at ten million quads it takes four times as long until they are one.
"""

_BLANK = b"_:"
_ANY_BLANK = re.compile(re.escape(_BLANK))
_AT_ONCE = 100_000


def write_database(path: Path, quads: Path) -> None:
    """Write the database of a file of canonical N-Quads; the memory needed does not grow with it.

    The loader names blank nodes anew: lines that may have one go another way.
    """
    store = Store(str(path))
    for graph in read_empty_graphs(quads):
        store.add_graph(graph)
    if quads.stat().st_size < _SMALL:
        store.extend(read_quads(quads))
    else:
        _load(store, quads)
    # A copy of the database has nothing that stands in its log only.
    store.flush()


def _load(store: Store, quads: Path) -> None:
    with quads.open("rb") as file, tempfile.TemporaryFile(dir=quads.parent) as aside:
        named = cast(BinaryIO, _Named(file, aside))
        store.bulk_load(named, RdfFormat.N_QUADS, lenient=True)
        aside.seek(0)
        while lines := list(islice(aside, _AT_ONCE)):
            store.bulk_extend(parse(b"".join(lines), format=RdfFormat.N_QUADS))
    if quads.stat().st_size > _ONE_LOAD:
        store.optimize()


class _Named:
    """A file of lines to read but for those that may have a blank node, which are put aside."""

    def __init__(self, file: BinaryIO, aside: BinaryIO) -> None:
        self._file, self._aside = file, aside
        self._text, self._at = b"", 0

    def read(self, size: int = -1, /) -> bytes:
        """Return some bytes, at most ``size`` where that is given; none at the end."""
        while self._at >= len(self._text):
            if not (text := self._file.read(_SMALL)):
                return b""
            self._text, self._at = self._without_blank(text + self._file.readline()), 0
        start, self._at = self._at, len(self._text) if size < 0 else self._at + size
        return self._text[start : self._at]

    def _without_blank(self, text: bytes) -> bytes:
        # The search of an expression takes half as long as that of ``in``.
        if not _ANY_BLANK.search(text):
            return text
        lines = text.splitlines(keepends=True)
        self._aside.writelines(line for line in lines if _BLANK in line)
        return b"".join(line for line in lines if _BLANK not in line)
