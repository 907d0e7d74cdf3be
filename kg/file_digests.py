"""SHA-256 of files, remembered as long as a file is not touched: large ones are read once."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.quad_lines import sha256_of
from kg.seal import marks_of

__all__ = ["FileDigests", "touched_marks"]

_SMALL = 1 << 24
"""Bytes up to which a file is read each time."""

_SETTLED = 2_000_000_000
"""Nanoseconds after which a change would show in a file's time, whatever the file system."""

_KEPT = 1_000


@dataclass(frozen=True)
class FileDigests:
    """Tells digests of files, and remembers those of large ones in a file of its own."""

    path: Path

    def __call__(self, file: Path) -> str:
        """Return the SHA-256 of a file in hexadecimal; raises OSError."""
        before = touched_marks(file)
        if before["bytes"] < _SMALL:
            return sha256_of(file)
        name, known = str(file.resolve()), self._read()
        found = known.get(name)
        if isinstance(found, dict) and found == {**before, "sha256": found.get("sha256")}:
            return str(found["sha256"])
        digest = sha256_of(file)
        if touched_marks(file) == before and time.time_ns() - before["modified"] > _SETTLED:
            known.pop(name, None)
            self._write({**known, name: {**before, "sha256": digest}})
        return digest

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, known: dict[str, Any]) -> None:
        """Keep what was found last; a home that cannot be written keeps nothing."""
        kept = dict(list(known.items())[-_KEPT:])
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            made = self.path.with_name(f".{self.path.name}-{time.time_ns()}")
            made.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            made.replace(self.path)


def touched_marks(file: Path) -> dict[str, int]:
    """Return what tells that a file was touched, by those too who set its time afterwards.

    Raises OSError.
    """
    return {**marks_of(file), "changed": file.stat().st_ctime_ns}
