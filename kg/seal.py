"""A seal on the data of a snapshot: who finds it unbroken need not read them again."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

__all__ = ["SEAL_FILE", "is_sealed", "marks_of", "seal"]

SEAL_FILE = "seal.json"
"""The name of the file in the folder of a snapshot."""


def seal(data: Path, digest: str) -> None:
    """Note beside a file that it has this SHA-256, and how to tell that it was not touched since.

    In a folder that cannot be written nothing happens.
    """
    with suppress(OSError):
        text = json.dumps(_marks(data, digest))
        made = data.with_name(f".{SEAL_FILE}")
        made.write_text(text + "\n", encoding="utf-8")
        made.replace(data.with_name(SEAL_FILE))


def is_sealed(data: Path, digest: str) -> bool:
    """Tell whether a file was found to have this SHA-256, and is what it was then.

    Size, inode and time of change tell it: who alters a file and sets all of them back is found
    by ``sarcoma-kg check --snapshot`` only, which reads everything.
    """
    try:
        found = json.loads(data.with_name(SEAL_FILE).read_text(encoding="utf-8"))
        return bool(found == _marks(data, digest))
    except (OSError, ValueError):
        return False


def marks_of(file: Path) -> dict[str, int]:
    """Return what tells that a file was touched; raises OSError."""
    status = file.stat()
    return {"bytes": status.st_size, "inode": status.st_ino, "modified": status.st_mtime_ns}


def _marks(data: Path, digest: str) -> dict[str, int | str]:
    return {"sha256": digest, **marks_of(data)}
