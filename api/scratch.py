"""Copies of databases for a moment; those of servers that died are removed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.folder_lock import read_locked, removal_locked

__all__ = ["copy_database", "scratch_folder"]

_PREFIX = ".scratch-"
_NEEDLESS = ("LOCK", "LOG")


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Give a folder in another one, to be used for the time of the block."""
    for path in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError), removal_locked(path) as free:
            if free:
                shutil.rmtree(path, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        with read_locked(made):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def copy_database(database: Path, copy: Path) -> Path:
    """Make a copy of a database that nobody writes to, to be written to, and return its folder.

    Tables are never changed in place, so that a link will do; a backup would leave out what is
    in the log only.
    """
    copy.mkdir()
    for path in database.iterdir():
        if path.suffix == ".sst":
            _link(path, copy / path.name)
        elif path.name not in _NEEDLESS:
            shutil.copyfile(path, copy / path.name)
    return copy


def _link(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, target)
