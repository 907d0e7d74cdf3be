"""The styles and scripts that were built, in memory: what pages link to, by digests of content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["ADDRESS", "Asset", "Assets", "installed_assets", "read_assets"]

ADDRESS = "/assets"
_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
_BUILT = Path(__file__).parent / "built"


@dataclass(frozen=True)
class Asset:
    """One file; ``digest`` changes with its content."""

    content: bytes
    media_type: str
    digest: str


@dataclass(frozen=True)
class Assets:
    """The files by name; none where they were not built."""

    files: Mapping[str, Asset]

    def __bool__(self) -> bool:
        """Tell whether anything was built."""
        return bool(self.files)

    def address(self, name: str) -> str:
        """Return the address of a file, under which its content never changes.

        >>> asset = Asset(b"", "text/css", "e3b0c442")
        >>> Assets({"site.css": asset}).address("site.css")
        '/assets/site.css?v=e3b0c442'
        """
        return f"{ADDRESS}/{name}?v={self.files[name].digest}"


def read_assets(folder: Path) -> Assets:
    """Return what was built into a folder: nothing where there is no such folder."""
    found = sorted(each for each in folder.glob("*") if each.suffix in _MEDIA_TYPES)
    return Assets({each.name: _read(each) for each in found})


@cache
def installed_assets() -> Assets:
    """Return what was built into this installation."""
    return read_assets(_BUILT)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, _MEDIA_TYPES[path.suffix], digest)
