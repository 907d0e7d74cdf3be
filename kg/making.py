"""How far the snapshot of large files has come, on disk: where it goes on after a death."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.disk_sync import sync
from kg.importing.runs import Run, is_whole

__all__ = ["Making", "Workplace", "open_workplace"]

_STATE = "state.json"


@dataclass(frozen=True)
class Making:
    """A state to go on from; ``key`` tells inputs and code.

    ``files`` are sorted, of the next one ``offset`` bytes, all of them in ``runs``; ``labels``
    are those of the blank nodes in these bytes. ``quads`` is
    the SHA-256 of the merged lines, once there are all. ``is_loaded`` tells that the database
    is.
    """

    key: str
    files: int = 0
    offset: int = 0
    labels: tuple[str, ...] = ()
    is_sorted: bool = False
    runs: tuple[Run, ...] = ()
    quads: str = ""
    is_loaded: bool = False
    graphs: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text of the file."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Making:
        """Return what the text of the file says; raises ValueError."""
        try:
            values = json.loads(text)
            runs = tuple(Run(**each) for each in values["runs"])
            return cls(**{**values, "runs": runs, "labels": tuple(values["labels"])})
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from None


@dataclass(frozen=True)
class Workplace:
    """The folder in which a snapshot is made."""

    folder: Path

    @property
    def data(self) -> Path:
        """The sorted lines of all files."""
        return self.folder / "snapshot" / "data.nq"

    @property
    def snapshot(self) -> Path:
        """The folder that becomes the snapshot."""
        return self.folder / "snapshot"

    @property
    def database(self) -> Path:
        """The folder of the database."""
        return self.folder / "snapshot" / "database"

    def save(self, state: Making) -> None:
        """Bring a state to disk in one step."""
        made = self.folder / f".{_STATE}"
        made.write_text(state.to_json(), encoding="utf-8")
        sync(made)
        made.replace(self.folder / _STATE)
        sync(self.folder)

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def open_workplace(folder: Path, key: str) -> tuple[Workplace, Making]:
    """Return the folder to make a snapshot in, and how far it came; another key begins anew."""
    place = Workplace(folder)
    found = _read(folder)
    if found is None or found.key != key or not _is_sound(place, found):
        place.remove()
        found = Making(key)
    place.snapshot.mkdir(parents=True, exist_ok=True)
    known = {run.name for run in found.runs}
    for path in folder.glob("*.nq"):
        if path.name not in known:
            path.unlink()
    return place, found


def _read(folder: Path) -> Making | None:
    try:
        return Making.from_json((folder / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _is_sound(place: Workplace, state: Making) -> bool:
    if state.quads:
        return is_whole(place.snapshot, Run(place.data.name, state.quads))
    return all(is_whole(place.folder, run) for run in state.runs)
