"""Snapshots: a graph named by the hash of its content, swapped in whole or not at all.

A home holds ``snapshots/<id>/`` with ``data.nq``, ``manifest.json``, ``merges.json`` and
``database/``, and ``current``, a link to the one that is served.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from kg.beside import beside
from kg.database_loading import write_database
from kg.disk_sync import sync, sync_tree
from kg.folder_lock import read_locked, removal_locked
from kg.manifest import Manifest
from kg.merges_file import MERGES_FILE, write_merges
from kg.merging import Merges, find_shared
from kg.quad_lines import sha256_of
from kg.seal import is_sealed, seal

__all__ = [
    "KEPT",
    "Snapshot",
    "SnapshotDamagedError",
    "SnapshotMissing",
    "adopt_folder",
    "find_current",
    "find_snapshots",
    "get_current",
    "get_snapshot",
    "hold",
    "is_sound",
    "make_current",
    "open_database",
    "renew_age",
    "renew_manifest",
    "write_snapshot",
]

KEPT = 3

_DIGITS = 64


class SnapshotMissing(LookupError):  # noqa: N818 - not an error of the snapshot
    """There is no such snapshot; the message says where it was looked for."""


class SnapshotDamagedError(OSError):
    """The database of a snapshot cannot be read; the message says which folder to delete."""


@dataclass(frozen=True)
class Snapshot:
    """A graph on disk that nobody changes any more."""

    id: str
    directory: Path
    manifest: Manifest

    @property
    def nquads(self) -> Path:
        """The file of its sorted N-Quads, whose SHA-256 is the id."""
        return self.directory / "data.nq"

    @property
    def merges(self) -> Path:
        """The file of what its graphs share, see ``kg.merges_file``."""
        return self.directory / MERGES_FILE

    @property
    def database(self) -> Path:
        """The folder of its Oxigraph database; open it with ``open_database`` only."""
        return self.directory / "database"


def find_current(home: Path) -> Snapshot | None:
    """Return the snapshot that is served from a home, or None when it has none."""
    return _find(Path(os.path.realpath(home / "current")))


def get_current(home: Path) -> Snapshot:
    """Return the snapshot that is served from a home; raises SnapshotMissing."""
    found = find_current(home)
    if found is None:
        raise SnapshotMissing(f"there is no snapshot in {home}; make one with sarcoma-kg build")
    return found


def get_snapshot(home: Path, prefix: str) -> Snapshot:
    """Return the one snapshot whose id starts with ``prefix``; raises SnapshotMissing."""
    whole = _find(home / "snapshots" / prefix) if len(prefix) == _DIGITS else None
    if whole and whole.id == prefix:
        return whole
    found = [each for each in find_snapshots(home) if prefix and each.id.startswith(prefix)]
    if len(found) != 1:
        known = ", ".join(each.id[:12] for each in find_snapshots(home)) or "none"
        raise SnapshotMissing(
            f"{len(found)} snapshots in {home} have an id that starts with {prefix!r}; "
            f"there are: {known}"
        )
    return found[0]


def find_snapshots(home: Path) -> tuple[Snapshot, ...]:
    """Return all snapshots of a home, the newest first."""
    found = [snapshot for path in _folders(home) if (snapshot := _find(path))]
    return tuple(sorted(found, key=_age, reverse=True))


@contextmanager
def hold(snapshot: Snapshot) -> Iterator[Snapshot]:
    """Keep a snapshot from being removed while it is used; raises SnapshotMissing."""
    with ExitStack() as locks:
        with suppress(FileNotFoundError):
            locks.enter_context(read_locked(snapshot.directory))
        # A build may have removed it before the lock was ours.
        if not snapshot.directory.is_dir():
            raise SnapshotMissing(f"snapshot {snapshot.id[:12]} was just removed; try again")
        yield snapshot


def open_database(snapshot: Snapshot) -> Store:
    """Open the database of a snapshot to read; raises SnapshotDamagedError."""
    try:
        return Store.read_only(str(snapshot.database))
    except (OSError, RuntimeError) as error:
        reason = str(error).partition(":")[0].lower()
        raise SnapshotDamagedError(
            f"the database of snapshot {snapshot.id[:12]} cannot be read ({reason}); "
            f"delete the folder {snapshot.directory} and run sarcoma-kg build"
        ) from None


def is_sound(snapshot: Snapshot) -> bool:
    """Tell whether a snapshot holds what its id says, and a database that opens.

    The data are read where it is not known yet that they are whole, and nobody changed them since.
    """
    try:
        open_database(snapshot)
        if is_sealed(snapshot.nquads, snapshot.id):
            return True
        is_whole = sha256_of(snapshot.nquads) == snapshot.id
    except OSError:
        return False
    if is_whole:
        seal(snapshot.nquads, snapshot.id)
    return is_whole


def write_snapshot(
    home: Path, quads: bytes | Path, manifest: Manifest, *, as_current: bool = True
) -> Snapshot:
    """Write a snapshot, make it the current one if wanted, and remove all but the last few.

    ``quads`` are its N-Quads, or a file of them in the folder of the snapshots, which is moved.

    Everything is made in a folder beside and synced to disk before a rename shows it: killed
    at any moment, the home still has its old current snapshot, or already the new one. The
    caller holds the lock of the home.
    """
    target = _target(home, manifest)
    if _is_there(target):
        _replace_manifest(target, manifest)
    else:
        _write_folder(target.parent, target, quads, manifest)
    if as_current:
        make_current(home, manifest.id)
    _remove_old(home, keep=manifest.id)
    return Snapshot(manifest.id, target, manifest)


def adopt_folder(home: Path, made: Path, manifest: Manifest) -> Snapshot:
    """Make a folder with sorted N-Quads, their merges and their database a snapshot of a home.

    The folder is moved. It is not current yet; the caller holds the lock of the home.
    """
    target = _target(home, manifest)
    if _is_there(target):
        _replace_manifest(target, manifest)
        shutil.rmtree(made)
    else:
        made.chmod(0o755)
        _show(made, target, manifest)
    _remove_old(home, keep=manifest.id)
    return Snapshot(manifest.id, target, manifest)


def renew_manifest(home: Path, manifest: Manifest) -> Snapshot:
    """Give the snapshot with the id of a manifest that manifest; the caller holds the lock."""
    target = home / "snapshots" / manifest.id
    _replace_manifest(target, manifest)
    return Snapshot(manifest.id, target, manifest)


def _target(home: Path, manifest: Manifest) -> Path:
    folder = home / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / manifest.id


def _is_there(target: Path) -> bool:
    """Tell whether a snapshot stands in its folder already, and is sound."""
    found = _find(target)
    return found is not None and found.id == target.name and is_sound(found)


def make_current(home: Path, identifier: str) -> None:
    """Make a snapshot the one that is served, in one step; the caller holds the lock.

    It counts as the newest from then on.
    """
    with beside(home / "snapshots", "link") as made:
        (made / "current").symlink_to(Path("snapshots") / identifier)
        renew_age(home / "snapshots" / identifier)
        (made / "current").replace(home / "current")
    sync(home)


def renew_age(directory: Path) -> None:
    """Let a snapshot count as the newest; in a home that cannot be written, nothing happens."""
    with suppress(PermissionError):
        os.utime(directory / "manifest.json")


def _folders(home: Path) -> Iterator[Path]:
    return (path for path in (home / "snapshots").glob("*") if path.name[0] != ".")


def _find(directory: Path) -> Snapshot | None:
    try:
        manifest = Manifest.from_json((directory / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Snapshot(manifest.id, directory, manifest)


def _age(snapshot: Snapshot) -> int:
    return (snapshot.directory / "manifest.json").stat().st_mtime_ns


def _write_folder(folder: Path, target: Path, quads: bytes | Path, manifest: Manifest) -> None:
    with beside(folder, "building") as made:
        made.chmod(0o755)
        data = made / "data.nq"
        if isinstance(quads, Path):
            quads.rename(data)
        else:
            data.write_bytes(quads)
        with data.open("rb") as lines:
            write_merges(made / MERGES_FILE, Merges(find_shared(lines)))
        write_database(made / "database", data)
        _show(made, target, manifest)


def _show(made: Path, target: Path, manifest: Manifest) -> None:
    """Let a finished folder be the snapshot, in one step."""
    (made / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    seal(made / "data.nq", manifest.id)
    sync_tree(made)
    if target.exists():
        target.rename(target.with_name(f".damaged-{made.name}-{target.name[:12]}"))
    made.rename(target)
    sync(target.parent)


def _replace_manifest(target: Path, manifest: Manifest) -> None:
    with beside(target.parent, "manifest") as made:
        (made / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
        sync(made / "manifest.json")
        (made / "manifest.json").replace(target / "manifest.json")
    sync(target)


def _remove_old(home: Path, *, keep: str) -> None:
    """Remove all but the last few; what is current or held by a reader stays.

    What another version of this package left goes too: nobody here can read it.
    """
    current = Path(os.path.realpath(home / "current"))
    kept = {keep, current.name if current.is_dir() else keep}
    folders = {each: _find(each) for each in _folders(home) if each.name not in kept}
    readable = sorted(filter(None, folders.values()), key=_age, reverse=True)
    others = [each.directory for each in readable]
    alien = [each for each, found in folders.items() if found is None and each.is_dir()]
    for directory in (*others[KEPT - len(kept) :], *alien):
        with removal_locked(directory) as free:
            if free:
                doomed = directory.with_name(f".removed-{directory.name}")
                directory.rename(doomed)
                shutil.rmtree(doomed, ignore_errors=True)
