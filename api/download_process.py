"""A process that makes one file of a snapshot, or compares two, and ends."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

from api.download_wish import Wish
from api.sandbox import die_with, forgo_cores, yield_to_others
from kg.difference_writing import FILES, write_differences
from kg.export import known_prefixes
from kg.formats import GraphFormat
from kg.namespaces import Namespaces, read_namespaces
from kg.shipped import Shipped
from kg.snapshot import Snapshot, get_snapshot, hold
from kg.snapshot_shelf import Shelf
from kg.snapshot_shelf_parts import Part, find_part, write_part

__all__ = ["main"]

_NICENESS = 10


def main() -> None:
    """Do what the arguments say: a wish, and the id of the process that has it."""
    wish, parent = Wish.from_json(sys.argv[1]), int(sys.argv[2])
    die_with(parent)
    forgo_cores()
    yield_to_others(_NICENESS)
    named = read_namespaces(Shipped(wish.shipped).context)
    names = Namespaces(known_prefixes(named), named.ontology)
    with hold(get_snapshot(wish.home, wish.snapshot)) as snapshot:
        if wish.before is None:
            _make(wish, snapshot, names)
        else:
            with hold(get_snapshot(wish.home, wish.before)) as before:
                _compare(wish, before, snapshot, names)


def _make(wish: Wish, snapshot: Snapshot, names: Namespaces) -> None:
    part = find_part(wish.name, snapshot.manifest.graphs)
    if part is None:
        raise LookupError(f"snapshot {snapshot.id[:12]} has no part {wish.name!r}")
    if part == Part(None, GraphFormat.N_QUADS):
        Shelf(wish.shelf).put(wish.name, partial(_link, snapshot.nquads))
    else:
        write = partial(write_part, snapshot, part, prefixes=names.prefixes)
        Shelf(wish.shelf).put(wish.name, write)


def _compare(wish: Wish, before: Snapshot, after: Snapshot, names: Namespaces) -> None:
    with Shelf(wish.shelf).beside() as folder:
        write_differences(before, after, folder, names)
        # The summary comes last: where it is, the others are.
        for name in FILES:
            Shelf(wish.shelf).put(f"{wish.name}/{name}", partial(_move, folder / name))


def _link(path: Path, target: Path) -> None:
    """Make a file the same as another one, in no room where the drive can."""
    try:
        target.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, target)


def _move(path: Path, target: Path) -> None:
    path.replace(target)


if __name__ == "__main__":
    main()
