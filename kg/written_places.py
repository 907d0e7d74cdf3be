"""Where a statement was written when users wrote some: in a record, or in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from kg.journal import Entry
from kg.places import Key, PlaceFinder, Places
from kg.problem import Place

__all__ = ["WrittenPlaces"]


@dataclass(frozen=True)
class WrittenPlaces:
    """The places of the statements that some entries add or remove, else those of the records.

    The entries are read when a place is asked for; the last one that is about a statement counts.
    """

    entries: Sequence[Entry]
    records: PlaceFinder

    def find(self, subject: str, predicate: str | None = None) -> Place | None:
        """Return where a statement was last written, else its place in the records.

        Without a predicate, every statement about the subject counts; so it does for a subject
        that no record describes.
        """
        written = self._written.entries.get((subject, predicate))
        if written is None and not self.records.knows(subject):
            written = self._written.entries.get((subject, None))
        return written or self.records.find(subject, predicate) or self._written.find(subject)

    def knows(self, subject: str) -> bool:
        """Tell whether the subject itself has a place, not only a parent IRI of it."""
        return self._written.knows(subject) or self.records.knows(subject)

    @cached_property
    def _written(self) -> Places:
        entries: dict[Key, Place] = {}
        for entry in self.entries:
            entries |= dict(_places(entry))
        return Places(MappingProxyType(entries))


def _places(entry: Entry) -> Iterator[tuple[Key, Place]]:
    for number, line in enumerate(entry.content.split(b"\n"), 1):
        if line.startswith((b"A <", b"D <")):
            _, subject, predicate, _ = line.decode().split(" ", 3)
            place = Place(entry.name, number)
            yield (subject[1:-1], None), place
            yield (subject[1:-1], predicate[1:-1]), place
