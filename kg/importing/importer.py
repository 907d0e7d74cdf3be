"""What an importer is: a way to read the files of one database, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from kg.importing.record import Item
from kg.importing.terms import Terms

__all__ = ["Download", "Importer", "Read", "VersionOf"]


class Read(Protocol):
    """Reads files as items, one after the other; the same files and terms give the same items."""

    def __call__(self, files: Sequence[Path], terms: Terms) -> Iterator[Item]:
        """Yield the records of files, and what cannot be read; whole sets are never in memory."""


@dataclass(frozen=True)
class Asked:
    """What to download: all on sarcomas, and from the source's own address, where it is ""."""

    query: str = ""
    address: str = ""


Download = Callable[[Path, Callable[[str], None], Asked], Sequence[Path]]
VersionOf = Callable[[Sequence[Path]], str | None]


@dataclass(frozen=True)
class Importer:
    """A source that can be imported: ``endings`` are those of its files, lower-case.

    ``source`` is its address and ``licence`` an IRI; "" is not stated. ``version_of`` finds the
    version that files state. Gzipped files are unzipped beforehand where it ``is_unzipped``.
    ``download`` fetches files to a folder, tells how far it is, and returns them.
    """

    name: str
    title: str
    source: str
    licence: str
    attribution: str
    read: Read
    version_of: VersionOf
    endings: tuple[str, ...]
    help: str
    is_unzipped: bool = True
    download: Download | None = None

    def described(self, said: Mapping[str, str]) -> Importer:
        """Return the importer with what a user says of the source, by the names of fields."""
        return replace(self, **said)  # type: ignore[arg-type]
