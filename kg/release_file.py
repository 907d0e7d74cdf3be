"""A file of a release: what it holds, in which format, and under which licences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["APACHE", "CC_BY", "ReleaseFile", "media_type_of", "walk_files"]

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
APACHE = "https://www.apache.org/licenses/LICENSE-2.0"

_MEDIA_TYPES = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".rdfp": "application/rdf-patch",
    ".rq": "application/sparql-query",
    ".trig": "application/trig",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}


@dataclass(frozen=True)
class ReleaseFile:
    """A file by its name in the release; no licence means that none is stated for all of it."""

    name: str
    what: str
    licences: tuple[str, ...] = ()


def media_type_of(name: str) -> str:
    """Return the media type of a file by the end of its name.

    >>> media_type_of("data.nq"), media_type_of("LICENSE")
    ('application/n-quads', 'text/plain')
    """
    return _MEDIA_TYPES.get(Path(name).suffix, "text/plain")


def walk_files(folder: Path) -> Iterator[str]:
    """Yield the names of all files below a folder in order, with slashes; links count as files."""
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()
