"""Lines sorted on disk: runs as large as memory allows, merged into one file without repeats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import eq
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from kg.disk_sync import sync
from kg.quad_lines import merge_blocks, read_blocks, sha256_of

__all__ = [
    "Merged",
    "Run",
    "canonical_lines",
    "few_enough",
    "is_whole",
    "merge_runs",
    "sorted_blocks",
    "write_run",
]

_BLOCK = 10_000

_FAN_IN = 200
"""How many files are open at once at most: systems allow 256 at least."""


@dataclass(frozen=True)
class Run:
    """A file of sorted lines in the folder of an import: its name, and its SHA-256."""

    name: str
    digest: str


@dataclass(frozen=True)
class Merged:
    """What a merge wrote: how many lines, and their SHA-256."""

    lines: int
    digest: str


def canonical_lines(triples: Iterable[Triple], graph: str) -> list[bytes]:
    r"""Return triples as lines of N-Quads in a graph, their literals in a store's normal form.

    >>> from pyoxigraph import Literal
    >>> a = NamedNode("e:a")
    >>> value = Literal("5.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    >>> canonical_lines([Triple(a, a, value)], "e:g")
    [b'<e:a> <e:a> "5.5"^^<http://www.w3.org/2001/XMLSchema#decimal> <e:g> .\n']
    """
    store, name = Store(), NamedNode(graph)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, name) for t in triples)
    return (store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def write_run(folder: Path, number: int, lines: Iterable[bytes]) -> Run:
    """Write lines sorted and without repeats; they are on disk when this returns."""
    path = folder / f"run-{number:06}.nq"
    return Run(path.name, _write(path, sorted_blocks(lines)).digest)


def sorted_blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield lines sorted and without repeats, some thousand at once."""
    ordered = sorted(lines)
    if any(map(eq, ordered, islice(ordered, 1, None))):
        ordered = list(dict.fromkeys(ordered))
    for at in range(0, len(ordered), _BLOCK):
        yield ordered[at : at + _BLOCK]


def is_whole(folder: Path, run: Run) -> bool:
    """Tell whether a run is as it was written."""
    try:
        return sha256_of(folder / run.name) == run.digest
    except OSError:
        return False


def merge_runs(folder: Path, runs: Sequence[Run], target: Path) -> Merged:
    """Merge runs into one sorted file without repeats, a line at a time; the runs stay."""
    return _merge(few_enough(folder, [folder / run.name for run in runs]), target)


def few_enough(folder: Path, paths: Sequence[Path]) -> Sequence[Path]:
    """Return sorted files that may be open at once: too many are merged in a folder before."""
    level = 0
    while len(paths) > _FAN_IN:
        level += 1
        groups = [paths[start : start + _FAN_IN] for start in range(0, len(paths), _FAN_IN)]
        paths = [_merge_group(folder, level, *each) for each in enumerate(groups)]
    return paths


def _merge_group(folder: Path, level: int, number: int, paths: Sequence[Path]) -> Path:
    target = folder / f"merged-{level}-{number:06}.nq"
    _merge(paths, target)
    return target


def _merge(paths: Sequence[Path], target: Path) -> Merged:
    return _write(target, merge_blocks([read_blocks(path) for path in paths]))


def _write(path: Path, blocks: Iterable[list[bytes]]) -> Merged:
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for block in blocks:
            text = b"".join(block)
            file.write(text)
            digest.update(text)
            count += len(block)
    sync(path)
    return Merged(count, digest.hexdigest())
