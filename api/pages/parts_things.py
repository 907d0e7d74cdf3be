"""Things as pages show them: by name, with a link to where they are described."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.directory import Directory
from api.entity_address import Addresses
from api.library import Library
from api.pages.desk import PageDesk

__all__ = ["Thing", "Things", "is_web"]

_LONGEST = 300
"""Characters of a name that are shown: longer ones are mistakes, or worse."""


@dataclass(frozen=True)
class Thing:
    """A thing: its IRI, what it is called, and the address of its page, where there is one."""

    iri: str
    label: str
    address: str | None = None
    is_elsewhere: bool = False

    @property
    def slug(self) -> str:
        """The last part of the IRI, which parameters name it by.

        >>> Thing("https://example.org/drug/imatinib", "imatinib").slug
        'imatinib'
        """
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Things:
    """Names things by a directory, and finds their addresses."""

    directory: Directory
    addresses: Addresses

    @classmethod
    def of(cls, library: Library) -> Things:
        """Return the names of a library."""
        return cls(library.directory, Addresses(library.directory.namespaces.root))

    @classmethod
    def at(cls, desk: PageDesk) -> Things:
        """Return the names of the library of a desk, with the addresses of its server."""
        return cls(desk.library.directory, desk.addresses)

    def get(self, iri: str) -> Thing:
        """Return a thing by its name: its label, else its CURIE or IRI."""
        label = self.directory.label(iri) or self.directory.shorten(iri)
        own = self.addresses.of(iri)
        outside = iri if own is None and is_web(iri) else None
        return Thing(iri, _clipped(label), own or outside, outside is not None)

    def all(self, iris: Iterable[str]) -> tuple[Thing, ...]:
        """Return some things in the order of their names, each once."""
        found = (self.get(iri) for iri in dict.fromkeys(iris))
        return tuple(sorted(found, key=lambda each: (each.label.casefold(), each.iri)))


def is_web(iri: str) -> bool:
    """Tell whether an IRI may be linked to: only HTTP starts no program.

    >>> is_web("https://example.org/"), is_web("javascript:alert(1)")
    (True, False)
    """
    return iri.lower().startswith(("http://", "https://"))


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
