"""Folders in which something is made beside its place, hidden until it is whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["beside", "remove_leftovers"]


@contextmanager
def beside(folder: Path, purpose: str) -> Iterator[Path]:
    """Give a hidden folder to make something in; what is left there afterwards is removed."""
    made = Path(tempfile.mkdtemp(prefix=f".{purpose}-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove_leftovers(home: Path) -> None:
    """Remove what dead builds left half-made; the caller holds the lock of the home."""
    for path in (home / "snapshots").glob(".*"):
        shutil.rmtree(path, ignore_errors=True)
