"""How far an import has come, on disk: where it goes on after its process died."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.disk_sync import sync
from kg.importing.record import Reject
from kg.importing.runs import Run, is_whole
from kg.importing.tally import Tally, reject_line

__all__ = ["Checkpoint", "Workplace", "read_checkpoint", "start_anew"]

_CHECKPOINT = "checkpoint.json"
_IDS = "ids.jsonl"
_REJECTS = "rejects.part"
_LISTS = (_IDS, _REJECTS)


@dataclass
class Checkpoint:
    """A state that an import can go on from; ``key`` tells files, terms, code and options.

    ``items`` is how many items of the importer are dealt with, ``lengths`` how many bytes of the
    lists of ids and rejects belong to them.
    """

    key: str
    retrieved: str
    items: int = 0
    is_read: bool = False
    runs: list[Run] = field(default_factory=list)
    lengths: dict[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def to_json(self) -> str:
        """Return the text of the file."""
        runs = [[run.name, run.digest] for run in self.runs]
        values = {**vars(self), "runs": runs, "tally": self.tally.to_json()}
        return json.dumps(values, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Checkpoint:
        """Return what the text of the file says; raises ValueError."""
        values = json.loads(text)
        try:
            runs = [Run(*run) for run in values["runs"]]
            return cls(**{**values, "runs": runs, "tally": Tally.from_json(values["tally"])})
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from None


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the last checkpoint in a folder, or None where there is none to go on from."""
    try:
        found = Checkpoint.from_json((folder / _CHECKPOINT).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in _LISTS}
    except (OSError, ValueError):
        return None
    is_long_enough = all(sizes[name] >= length for name, length in found.lengths.items())
    return found if is_long_enough and all(is_whole(folder, run) for run in found.runs) else None


def start_anew(folder: Path) -> None:
    """Empty the folder of an import that nobody can go on with."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


class Workplace:
    """The folder in which an import is made, open for its lists of ids and rejects to grow."""

    def __init__(self, folder: Path, checkpoint: Checkpoint) -> None:
        self.folder = folder
        self.state = checkpoint
        self._files = {name: (folder / name).open("ab") for name in _LISTS}
        for name, file in self._files.items():
            file.truncate(checkpoint.lengths.get(name, 0))
        self._remove_unknown_runs()

    def read_ids(self) -> Iterator[str]:
        """Yield the ids of the records that are dealt with."""
        with (self.folder / _IDS).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def read_rejects(self) -> Iterator[str]:
        """Yield the lines of the table of rejects."""
        with (self.folder / _REJECTS).open(encoding="utf-8", newline="\n") as lines:
            yield from lines

    def add_ids(self, ids: Iterable[str]) -> None:
        """Add ids of records that are dealt with."""
        self._files[_IDS].writelines(f"{json.dumps(each)}\n".encode() for each in ids)

    def add_rejects(self, rejects: Iterable[Reject]) -> None:
        """Add rejects to their table."""
        self._files[_REJECTS].writelines(reject_line(each).encode() for each in rejects)

    def save(self) -> None:
        """Bring everything to disk, and then the checkpoint in one step."""
        for name, file in self._files.items():
            file.flush()
            os.fsync(file.fileno())
            self.state.lengths[name] = file.tell()
        made = self.folder / f".{_CHECKPOINT}"
        made.write_text(self.state.to_json(), encoding="utf-8")
        sync(made)
        made.replace(self.folder / _CHECKPOINT)
        sync(self.folder)

    def close(self) -> None:
        """Close the files; the folder stays."""
        for file in self._files.values():
            file.close()

    def _remove_unknown_runs(self) -> None:
        known = {run.name for run in self.state.runs}
        for path in self.folder.glob("*.nq"):
            if path.name not in known:
                path.unlink()
