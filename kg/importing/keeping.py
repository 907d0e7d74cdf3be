"""Where a finished import is kept: in a home behind a link, or in a folder of one's own."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from filelock import FileLock, Timeout

from kg.disk_sync import sync, sync_tree
from kg.home_lock import home_locked
from kg.importing.folder import Import, ImportDamagedError, imports_folder, read_import
from kg.importing.progress import ImportProgress
from kg.progress import Silence

__all__ = [
    "FolderTarget",
    "HomeTarget",
    "ImportMissing",
    "Target",
    "import_locked",
    "remove_import",
]

_KEPT = ".kept-"
_KEY = ".made-of"


class ImportMissing(LookupError):  # noqa: N818 - not an error of the import
    """There is no such import; the message says which there are."""


class Target(Protocol):
    """Where an import goes; its lock stays beside it where it ``keeps_lock``."""

    @property
    def keeps_lock(self) -> bool:
        """Whether the file of the lock is left where it is."""

    @property
    def place(self) -> Path:
        """The path of the import."""

    def find_made(self, key: str) -> Import | None:
        """Return the sound import that was made of the same files, terms, code and options."""

    def keep(self, made: Path, key: str) -> Import:
        """Put a finished folder in the place of the former import, in one step."""

    def tidy(self) -> None:
        """Remove what a process left that died after that."""


@dataclass(frozen=True)
class HomeTarget:
    """The imports of a home: each a link to a hidden folder, so that one rename replaces it."""

    home: Path
    name: str
    keeps_lock: ClassVar[bool] = True

    @property
    def place(self) -> Path:
        """The link of the import."""
        return imports_folder(self.home) / self.name

    def find_made(self, key: str) -> Import | None:
        """Return the import where it is sound and was made of the same."""
        try:
            found = read_import(self.place)
            if found is None or (self.place / _KEY).read_text(encoding="utf-8") != key:
                return None
            found.check()
        except OSError:
            return None
        return found

    def keep(self, made: Path, key: str) -> Import:
        """Link to a finished folder; no build reads the imports meanwhile."""
        (made / _KEY).write_text(key, encoding="utf-8")
        sync_tree(made)
        kept = self.place.with_name(f"{_KEPT}{secrets.token_hex(8)}")
        with home_locked(self.home, Silence()):
            made.rename(kept)
            _link(self.place, kept.name)
            _remove_unlinked(self.place.parent)
        return _read_kept(self.place)

    def tidy(self) -> None:
        """Remove the folders that nothing links to."""
        with home_locked(self.home, Silence()):
            _remove_unlinked(self.place.parent)


@dataclass(frozen=True)
class FolderTarget:
    """A folder of its own, such as one that is to be shipped; it is always made anew."""

    place: Path
    keeps_lock: ClassVar[bool] = False

    def find_made(self, key: str) -> Import | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def keep(self, made: Path, key: str) -> Import:  # noqa: ARG002
        """Rename a finished folder, the former one taken away just before.

        What else stands in the former one, such as a licence, is kept.
        """
        for path in sorted(self.place.glob("*")):
            if not (made / path.name).exists():
                shutil.copy2(path, made / path.name)
        sync_tree(made)
        former = self.place.with_name(f".removed-{secrets.token_hex(8)}")
        if self.place.exists():
            self.place.rename(former)
        made.rename(self.place)
        sync(self.place.parent)
        shutil.rmtree(former, ignore_errors=True)
        return _read_kept(self.place)

    def tidy(self) -> None:
        """Leave all as it is."""


@contextmanager
def import_locked(target: Target, progress: ImportProgress) -> Iterator[None]:
    """Hold the lock of an import, which dies with its process; say so when it takes a moment.

    Beside a folder of a user's own nothing is left of it; those who wait take a new one.
    """
    target.place.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.place.with_name(f".{target.place.name}.lock"))
    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        progress.say(f"waiting for another import of {target.place.name}")
        lock.acquire()
    try:
        yield
    finally:
        if not target.keeps_lock:
            # While it is held: once it is released, the file may be another one's lock.
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def remove_import(home: Path, name: str) -> None:
    """Remove an import from a home, damaged or not; raises ImportMissing where there is none."""
    place = imports_folder(home) / name
    if not place.is_symlink() and not place.is_dir():
        raise ImportMissing(f"there is no import {name!r} in {home}; see sarcoma-kg import --list")
    with home_locked(home, Silence()):
        _take_away(place)
        _remove_unlinked(place.parent)


def _link(place: Path, kept: str) -> None:
    beside = place.with_name(f".link-{secrets.token_hex(8)}")
    beside.symlink_to(kept)
    if place.is_dir() and not place.is_symlink():
        place.rename(place.with_name(f"{_KEPT}{secrets.token_hex(8)}"))
    beside.replace(place)
    sync(place.parent)


def _take_away(place: Path) -> None:
    if place.is_symlink():
        place.unlink()
    else:
        place.rename(place.with_name(f"{_KEPT}{secrets.token_hex(8)}"))
    sync(place.parent)


def _remove_unlinked(folder: Path) -> None:
    """Remove the folders and links that nothing leads to, such as former imports."""
    linked = {path.resolve() for path in folder.glob("[!.]*") if path.is_symlink()}
    for path in folder.glob(".link-*"):
        path.unlink(missing_ok=True)
    for path in folder.glob(f"{_KEPT}*"):
        if path.resolve() not in linked:
            shutil.rmtree(path, ignore_errors=True)


def _read_kept(place: Path) -> Import:
    found = read_import(place)
    if found is None:
        raise ImportDamagedError(f"{place}: the import is gone just after it was made; try again")
    return found
