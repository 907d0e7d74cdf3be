"""A hierarchy to browse: what is next to its terms, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Around", "Hierarchy", "Stated", "Tree"]


@dataclass(frozen=True)
class Around:
    """The next wider and the next narrower terms of a term."""

    wider: frozenset[str] = frozenset()
    narrower: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stated:
    """What a hierarchy states of a term: its id, its label, and more by the names of fields."""

    id: str
    label: str
    more: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hierarchy:
    """A hierarchy: where it comes from, and how large it is.

    ``source`` has its name, title, version, licence and the like as they are shown.
    """

    name: str
    graph: str
    source: Mapping[str, str | None]
    roots: tuple[str, ...]
    terms: int
    edges: int


class Tree(Protocol):
    """Reads a hierarchy, whichever it is."""

    @property
    def hierarchy(self) -> Hierarchy:
        """Where it comes from, and how large it is."""

    async def find(self, name: str) -> Sequence[str]:
        """Return the terms that an identifier, a code, a label or a synonym means."""

    async def around(self, terms: Iterable[str]) -> Mapping[str, Around]:
        """Return what is next to some terms."""

    async def wider(self, term: str) -> frozenset[str]:
        """Return all terms that are wider than one, at any distance."""

    async def stated(self, terms: Iterable[str]) -> Mapping[str, Stated]:
        """Return what some terms are."""

    def here(self, term: str) -> frozenset[str]:
        """Return the histologies that a term is aligned with."""

    def below(self, term: str) -> frozenset[str]:
        """Return the histologies that a term or any narrower one is aligned with."""

    def question(self, term: str, stated: Stated) -> str:
        """Return the name by which filters take the term."""
