"""Canonical N-Quads as a database on disk, by the loader of the engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kg.nquads import read_empty_graphs, read_quads
from kg.quad_lines import read_blocks

__all__ = ["write_database"]

_SMALL = 1 << 20
"""Bytes of N-Quads up to which one transaction writes them faster than a bulk load."""

_BLANK = b"_:"
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
    elif any(_BLANK in text for text in _texts(quads)):
        _load_apart(store, quads)
    else:
        store.bulk_load(path=quads, format=RdfFormat.N_QUADS, lenient=True)
    # A copy of the database has nothing that stands in its log only.
    store.flush()


def _load_apart(store: Store, quads: Path) -> None:
    with tempfile.TemporaryFile(dir=quads.parent) as named:
        blank = list[bytes]()
        for block in read_blocks(quads):
            named.writelines(line for line in block if _BLANK not in line)
            blank += (line for line in block if _BLANK in line)
            if len(blank) > _AT_ONCE:
                store.bulk_extend(parse(b"".join(blank), format=RdfFormat.N_QUADS))
                blank.clear()
        store.bulk_extend(parse(b"".join(blank), format=RdfFormat.N_QUADS))
        named.seek(0)
        store.bulk_load(named, RdfFormat.N_QUADS, lenient=True)


def _texts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while text := file.read(_SMALL):
            yield text + file.readline()
