"""The place of a histology in the tree: what is above, beside and below, with counts of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.pages.desk import PageDesk
from api.pages.parts_things import Thing, Things

__all__ = ["MOST_SHOWN", "Branch", "Tree", "tree_around"]

MOST_SHOWN = 300
"""Histologies that a tree shows: more would be no picture any more."""


class Place(StrEnum):
    """What a histology of the tree is to the one it is drawn for."""

    ABOVE = "above"
    HERE = "here"
    BESIDE = "beside"
    BELOW = "below"


@dataclass(frozen=True)
class Branch:
    """A histology of the tree: its results, those of narrower ones counted in, and its branches.

    What has several parents stands below each, and with its branches the first time only.
    """

    thing: Thing
    place: Place
    direct: int
    every: int
    branches: tuple[Branch, ...]
    is_again: bool = False


@dataclass(frozen=True)
class Tree:
    """The branches from the widest histologies on; ``is_cut`` where there is more."""

    branches: tuple[Branch, ...]
    is_cut: bool


def tree_around(desk: PageDesk, histology: str) -> Tree:
    """Return what lies around a histology: all above and below, and what has its parents."""
    drawing = _Drawing(desk, histology, desk.library.results_in)
    roots = drawing.roots
    branches = tuple(filter(None, (drawing.branch(each) for each in roots)))
    return Tree(branches, drawing.left <= 0)


class _Drawing:
    """A tree while it is drawn: what was drawn before is not drawn again, which ends cycles."""

    def __init__(self, desk: PageDesk, here: str, direct: Mapping[str, frozenset[str]]) -> None:
        self.left = MOST_SHOWN
        self._seen: set[str] = set()
        self._things = Things.at(desk)
        self._scopes = desk.library.paths.scopes
        self._children = desk.library.histologies.children
        self._direct = direct
        self._here = here
        self._above = self._scopes.wider(here)
        self._below = self._scopes.around(here) - {here}
        self._beside = frozenset(
            child for wide in self._parents(here) for child in self._children.get(wide, ())
        )

    @property
    def roots(self) -> tuple[str, ...]:
        """The widest histologies that the one here lies below; itself where there are none."""
        widest = {each for each in self._above if not self._scopes.wider(each)}
        return tuple(each.iri for each in self._things.all(widest or {self._here}))

    def branch(self, iri: str) -> Branch | None:
        """Return a histology with what is drawn below it; None where there is no room."""
        self.left -= 1
        if self.left < 0:
            return None
        children = self._drawn(iri)
        is_again = iri in self._seen and bool(children)
        self._seen.add(iri)
        below = () if is_again else self._things.all(children)
        around = self._scopes.around(iri)
        return Branch(
            thing=self._things.get(iri),
            place=self._place(iri),
            direct=len(self._direct.get(iri, ())),
            every=len({each for one in around for each in self._direct.get(one, ())}),
            branches=tuple(filter(None, [self.branch(each.iri) for each in below])),
            is_again=is_again,
        )

    def _drawn(self, iri: str) -> Iterable[str]:
        children = self._children.get(iri, frozenset())
        if iri in self._beside - {self._here} - self._above:
            return ()
        if iri == self._here or iri in self._below:
            return children
        return children & (self._above | self._beside | {self._here})

    def _parents(self, iri: str) -> frozenset[str]:
        return frozenset(wide for wide in self._above if iri in self._children.get(wide, ()))

    def _place(self, iri: str) -> Place:
        if iri == self._here:
            return Place.HERE
        if iri in self._above:
            return Place.ABOVE
        return Place.BELOW if iri in self._below else Place.BESIDE
