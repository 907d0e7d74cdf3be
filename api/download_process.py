"""A process that makes one file of a snapshot, or those of KGX, or compares two, and ends."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

from api.download_offer import KGX
from api.download_wish import Wish
from api.sandbox import die_with, forgo_cores, yield_to_others
from kg.difference_writing import FILES, write_differences
from kg.export import known_prefixes
from kg.formats import GraphFormat
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm
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
        if wish.name == KGX:
            _make_kgx(wish, snapshot)
        elif wish.before is None:
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


def _make_kgx(wish: Wish, snapshot: Snapshot) -> None:
    """Make all files of KGX: what tells of the claims is loaded once for them."""
    from api.kgx_claims import read_claims  # noqa: PLC0415 - no other file needs so much

    with Shelf(wish.shelf).beside() as folder:
        shipped, forms = Shipped(wish.shipped), tuple(KgxForm)
        for each in export_kgx(snapshot, shipped, folder, forms, read_claims):
            name = f"{KGX}/{each.name}"
            Shelf(wish.shelf).put(name, partial(_move, folder / each.name))


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
