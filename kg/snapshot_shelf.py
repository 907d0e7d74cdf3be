"""A shelf beside a snapshot: files that were made of it once, plain and compressed."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Copy", "Made", "Shelf"]

_PIECE = 1 << 20
_LEVEL = 6
_COPIES = ("plain", "compressed")


@dataclass(frozen=True)
class Copy:
    """A file as it is or compressed: where it lies, and its SHA-256 in hexadecimal."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Made:
    """A file that was made, as it is and compressed by gzip."""

    plain: Copy
    compressed: Copy


@dataclass(frozen=True)
class Shelf:
    """A folder of files that appear whole; it goes with the snapshot that it lies in."""

    folder: Path

    def find(self, name: str) -> Made | None:
        """Return what was made under a name, or None."""
        try:
            read = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
            return Made(*(self._copy(name, read[each]) for each in _COPIES))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, name: str, write: Callable[[Path], None]) -> Made:
        """Let ``write`` make a file, and keep it under a name.

        Whoever looks for it meanwhile finds nothing, or what was there before.
        """
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        with self.beside() as made:
            plain, compressed = made / "plain", made / "compressed"
            write(plain)
            _compress(plain, compressed)
            last = Path(name).name
            found = {
                "plain": _describe(plain, last),
                "compressed": _describe(compressed, f"{last}.gz"),
            }
            plain.replace(self.folder / name)
            compressed.replace(self.folder / f"{name}.gz")
            (made / "index").write_text(json.dumps(found), encoding="utf-8")
            (made / "index").replace(self.folder / f"{name}.json")
        return Made(*(self._copy(name, found[each]) for each in _COPIES))

    def _copy(self, name: str, described: dict[str, str]) -> Copy:
        path = (self.folder / name).with_name(described["name"])
        if not path.is_file():
            raise FileNotFoundError(path)
        return Copy(path, described["sha256"])

    @contextmanager
    def beside(self) -> Iterator[Path]:
        """Give a folder to make something in; what is left there afterwards is removed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=self.folder))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _compress(path: Path, target: Path) -> None:
    """Compress a file; without its name and time, the same bytes come of the same ones."""
    with (
        path.open("rb") as source,
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed, _PIECE)


def _describe(path: Path, name: str) -> dict[str, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": name, "sha256": digest}
