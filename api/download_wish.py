"""What a process of its own shall make of a snapshot, and where it goes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Wish"]


@dataclass(frozen=True)
class Wish:
    """A file of a snapshot by its name, or ``kgx``, or what differs from the snapshot ``before``.

    ``home`` is where the snapshots lie, ``shelf`` the folder for what is made, ``shipped`` the
    folder of the ontology.
    """

    home: Path
    snapshot: str
    shelf: Path
    name: str
    shipped: Path
    before: str | None = None

    def to_json(self) -> str:
        """Return the wish as JSON text."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Wish:
        """Return the wish in a JSON text."""
        read = json.loads(text)
        paths = {name: Path(read[name]) for name in ("home", "shelf", "shipped")}
        return cls(**{**read, **paths})
