"""Where a statement was written: from subject and predicate to file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from kg.problem import Place

__all__ = ["PlaceFinder", "Places", "turtle_places"]

Key = tuple[str, str | None]


class PlaceFinder(Protocol):
    """Something that knows where statements were written."""

    def find(self, subject: str, predicate: str | None = None) -> Place | None:
        """Return the place of a statement about a subject, or None."""

    def knows(self, subject: str) -> bool:
        """Tell whether the subject itself has a place, not only a parent IRI of it."""


@dataclass(frozen=True)
class Places:
    """The places of subjects, under (subject, None), and of their predicates."""

    entries: Mapping[Key, Place] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, subject: str, predicate: str | None = None) -> Place | None:
        """Return the place of a predicate, else of its subject, else of the nearest parent IRI.

        >>> places = Places({("https://e.org/study/a", None): Place("a.yaml", 3)})
        >>> print(places.find("https://e.org/study/a/arm/b/dose", "https://e.org/amount"))
        a.yaml:3
        >>> places.find("https://e.org/study/b") is None
        True
        """
        found = self.entries.get((subject, predicate))
        while found is None and subject:
            found = self.entries.get((subject, None))
            subject = subject.rpartition("/")[0]
        return found

    def knows(self, subject: str) -> bool:
        """Tell whether the subject itself has a place, not only a parent IRI of it."""
        return (subject, None) in self.entries

    @classmethod
    def merged(cls, several: Iterable[Places]) -> Places:
        """Return all places as one; where two know the same statement, the first one counts."""
        entries: dict[Key, Place] = {}
        for places in several:
            for key, place in places.entries.items():
                entries.setdefault(key, place)
        return cls(MappingProxyType(entries))


def turtle_places(text: str, *, shown_as: str) -> Places:
    """Return the places of the subjects of a Turtle text.

    It reads no grammar: a subject is a name that starts a line, as people write Turtle.

    >>> text = "@prefix e: <https://e.org/> ." + chr(10) + "e:a e:b e:c ."
    >>> print(turtle_places(text, shown_as="a.ttl").find("https://e.org/a"))
    a.ttl:2
    """
    entries: dict[Key, Place] = {}
    for line, iri in _subjects(text):
        entries.setdefault((iri, None), Place(shown_as, line))
    return Places(MappingProxyType(entries))


def _subjects(text: str) -> Iterator[tuple[int, str]]:
    prefixes: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if found := re.match(r"@?prefix\s+([\w.-]*):\s*<([^>]*)>", line, re.IGNORECASE):
            prefixes[found[1]] = found[2]
        elif found := re.match(r"<([^>]+)>(?=\s|$)", line):
            yield number, found[1]
        elif (
            found := re.match(r"([\w.-]*):([^\s;,\[\]()<>\"]*[^\s;,\[\]()<>\".])(?=\s|$)", line)
        ) and (found[1] in prefixes):
            yield number, prefixes[found[1]] + found[2]
