"""One side of a comparison: a snapshot of a home, a release, or a file of N-Quads."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kg.inputs import Inputs
from kg.manifest import Manifest, read_validation
from kg.nquads import canonical_quads
from kg.snapshot import Snapshot, SnapshotMissing, find_snapshots, get_current, get_snapshot, hold

__all__ = ["CURRENT", "PREVIOUS", "NotNquadsError", "find_previous", "open_side"]

CURRENT, PREVIOUS = "current", "previous"
_DATA = "data.nq"
_PIECE = 20_000
"""Lines that are compared at a time with what a store makes of them."""


class NotNquadsError(ValueError):
    """A file to compare is no N-Quads; the message says where."""


@contextmanager
def open_side(home: Path, name: str) -> Iterator[Snapshot]:
    """Give what a name means: ``current``, ``previous``, a path, or the start of a snapshot's id.

    A path is that of a file of N-Quads, of a snapshot's or release's manifest, or of its folder.
    The quads of a file that is not sorted as snapshots are, are held in memory. Raises
    SnapshotMissing, and NotNquadsError.
    """
    path = Path(name)
    if path.exists() and name not in (CURRENT, PREVIOUS):
        with _opened(_data_of(path)) as snapshot:
            yield snapshot
        return
    with hold(_kept(home, name)) as snapshot:
        yield snapshot


def find_previous(home: Path, snapshot: Snapshot) -> Snapshot | None:
    """Return the newest snapshot of a home that is older than another one, or None."""
    known = find_snapshots(home)
    later = [each.id for each in known]
    if snapshot.id not in later:
        return next(iter(known), None)
    return next(iter(known[later.index(snapshot.id) + 1 :]), None)


def _kept(home: Path, name: str) -> Snapshot:
    if name == CURRENT:
        return get_current(home)
    if name != PREVIOUS:
        if not re.fullmatch("[0-9a-f]{1,64}", name):
            raise SnapshotMissing(
                f"there is no file or folder {name!r}, and it is no id of a snapshot; "
                f"give a path, some digits of an id, {CURRENT} or {PREVIOUS}"
            )
        return get_snapshot(home, name)
    current = get_current(home)
    found = find_previous(home, current)
    if found is None:
        raise SnapshotMissing(f"{home} keeps no snapshot that is older than the current one")
    return found


def _data_of(path: Path) -> Path:
    """Return the N-Quads that a folder, or the manifest in it, goes with."""
    folder = path if path.is_dir() else path.parent
    if path.is_dir() or path.suffix == ".json":
        path = folder / _DATA
    if not path.is_file():
        raise SnapshotMissing(f"there is no {path}; give a file of N-Quads, or the folder of one")
    return path


@contextmanager
def _opened(path: Path) -> Iterator[Snapshot]:
    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-") as folder:
        data = Path(folder) / _DATA
        identifier = _digest(path)
        if _is_said(path, identifier) or _is_canonical(path):
            data.symlink_to(path.resolve())
        else:
            data.write_bytes(_canonical(path))
            identifier = _digest(data)
        nothing = Inputs(digest="", files={})
        manifest = Manifest(identifier, 0, {}, nothing, read_validation([]), {})
        yield Snapshot(identifier, Path(folder), manifest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_said(path: Path, identifier: str) -> bool:
    """Tell whether a manifest beside a file says that it is the snapshot with this id."""
    try:
        manifest = (path.resolve().parent / "manifest.json").read_text(encoding="utf-8")
        return Manifest.from_json(manifest).id == identifier
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _is_canonical(path: Path) -> bool:
    """Tell whether the lines of a file are sorted, each once, and as a store writes them."""
    with path.open("rb") as file:
        if not all(before < after for before, after in pairwise(file)):
            return False
        file.seek(0)
        return all(_is_as_stored(piece) for piece in iter(lambda: [*islice(file, _PIECE)], []))


def _is_as_stored(lines: Sequence[bytes]) -> bool:
    store, quads = Store(), [line for line in lines if not line.startswith(b"# empty graph ")]
    try:
        store.bulk_extend(parse(b"".join(quads), format=RdfFormat.N_QUADS))
    except (SyntaxError, ValueError):
        return False
    return canonical_quads(store) == b"".join(quads)


def _canonical(path: Path) -> bytes:
    store = Store()
    try:
        store.bulk_extend(parse(path=path, format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise NotNquadsError(f"{path} is no N-Quads: {error}") from None
    return canonical_quads(store)
