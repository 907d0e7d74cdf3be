"""How far the loading of a snapshot into an endpoint has come: a small file in the home."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Checkpoint", "checkpoint_path", "read_checkpoint", "write_checkpoint"]


@dataclass(frozen=True)
class Checkpoint:
    """The place in the N-Quads up to which all triples have arrived, and how many those are.

    ``token`` is that of the entry in the endpoint's ledger: an endpoint that lost what it held
    has another one, or none.
    """

    token: str
    offset: int = 0
    triples: int = 0


def checkpoint_path(home: Path, address: str, snapshot: str) -> Path:
    """Return the file for a snapshot and the address of an endpoint."""
    place = hashlib.sha256(address.encode()).hexdigest()[:16]
    return home / "publish" / f"{place}-{snapshot[:12]}.json"


def read_checkpoint(path: Path) -> Checkpoint | None:
    """Return what a file says, or None where there is none, or none that is whole."""
    try:
        return Checkpoint(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint in place of the former one, in one step."""
    made = path.with_suffix(f".{os.getpid()}")
    made.write_text(json.dumps(asdict(checkpoint)), encoding="utf-8")
    made.replace(path)
