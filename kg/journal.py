"""The accepted writes of a home, one file each: ``journal/00000001.patch`` and so on.

An entry counts from the moment that it has its name. Builds read them all, so that a write
outlives changed records and a lost snapshot. Who appends or drops holds the lock of the home.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.change import Change, PatchError
from kg.disk_sync import sync

__all__ = [
    "Entry",
    "JournalDamagedError",
    "append",
    "count_entries",
    "drop_last",
    "make_entry",
    "read_journal",
    "remove_unfinished",
]

_NAME = re.compile(r"\d{8}\.patch")
_UNFINISHED = ".entry-"
_GATED = b'H gate "passed" .\n'
_UNGATED = b'H gate "off" .\n'
_REMEDY = "restore it, or take back the last entries with sarcoma-kg journal --drop-last"


class JournalDamagedError(OSError):
    """An entry cannot be read or is missing; the message names the file and the remedy."""


@dataclass(frozen=True)
class Entry:
    """An accepted write: an RDF Patch, and a header that says whether the gate was on."""

    path: Path
    content: bytes

    @property
    def number(self) -> int:
        """The place of the entry in the journal, from 1."""
        return int(self.path.stem)

    @property
    def home(self) -> Path:
        """The folder that its journal lies in."""
        return self.path.parent.parent

    @property
    def name(self) -> str:
        """The portable name of its file."""
        return f"journal/{self.path.name}"

    @property
    def is_gated(self) -> bool:
        """Whether the graph with this write passed the gate."""
        return not self.content.startswith(_UNGATED)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def change(self) -> Change:
        """The change that was accepted; raises JournalDamagedError."""
        try:
            return Change.from_patch(self.content)
        except PatchError as error:
            reason = f"this entry of the journal is damaged ({error.message})"
            raise JournalDamagedError(f"{self.path}:{error.line}: {reason}; {_REMEDY}") from None


def read_journal(home: Path) -> tuple[Entry, ...]:
    """Return the entries of a home in their order; raises JournalDamagedError for a gap."""
    return tuple(Entry(path, path.read_bytes()) for path in _paths(home))


def count_entries(home: Path) -> int:
    """Return how many entries the journal of a home has; raises JournalDamagedError for a gap."""
    return len(_paths(home))


def append(home: Path, change: Change, *, gated: bool = True) -> Entry:
    """Add a change to the journal, on disk when this returns: it is accepted then."""
    number = count_entries(home) + 1
    entry = make_entry(home, number, change, gated=gated)
    folder = entry.path.parent
    is_new = not folder.is_dir()
    folder.mkdir(exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(entry.content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(unfinished).rename(entry.path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    for changed in [folder, home] if is_new else [folder]:
        sync(changed)
    return entry


def make_entry(home: Path, number: int, change: Change, *, gated: bool) -> Entry:
    """Return the entry that a change would be, without writing it."""
    header = _GATED if gated else _UNGATED
    return Entry(home / "journal" / f"{number:08}.patch", header + change.to_patch())


def drop_last(home: Path) -> str | None:
    """Remove the last entry, readable or not, and return its name; None where there is none."""
    paths = [path for path in _files(home / "journal") if _NAME.fullmatch(path.name)]
    if not paths:
        return None
    last = max(paths)
    last.unlink()
    sync(last.parent)
    return f"journal/{last.name}"


def remove_unfinished(home: Path) -> None:
    """Remove what dead writers left of entries that never counted."""
    for path in _files(home / "journal"):
        if path.name.startswith(_UNFINISHED):
            path.unlink(missing_ok=True)


def _paths(home: Path) -> list[Path]:
    folder = home / "journal"
    found = sorted(path for path in _files(folder) if _NAME.fullmatch(path.name))
    for number, path in enumerate(found, 1):
        if int(path.stem) != number:
            missing = folder / f"{number:08}.patch"
            raise JournalDamagedError(f"{missing}: this entry of the journal is gone; {_REMEDY}")
    return found


def _files(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
