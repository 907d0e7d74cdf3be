"""What things are called in the explorer: in its picture, and in its addresses."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from api.directory import AmbiguousName, Directory, UnknownName
from api.pages.explore_graph import ExploreEdge, ExploreGraph
from api.pages.explore_view import View, edge_name

__all__ = ["COLUMNS", "ExploreNames", "identifier", "lines_of"]

COLUMNS = {
    "drug": (("drugs",), 19),
    "target": (("targets", "families"), 24),
    "histology": (("histologies",), 28),
}
"""The kinds of things in each column, and how many characters go into a line there."""

_MOST_LINES = 2
_LONGEST = 200
"""Characters of a name that are shown: longer ones are mistakes, or worse."""


@dataclass(frozen=True)
class ExploreNames:
    """The names of things under a directory."""

    directory: Directory

    def label(self, iri: str) -> str:
        """Return what a thing is called."""
        return (self.directory.label(iri) or self.directory.shorten(iri))[:_LONGEST]

    def find(self, name: str, kinds: Sequence[str]) -> str | None:
        """Return what a name means, or None where it means nothing, or several things."""
        with suppress(UnknownName, AmbiguousName):
            return self.directory.get(name, kinds).iri
        return None

    def short(self, iri: str, kinds: Sequence[str]) -> str:
        """Return the shortest name that means a thing in an address."""
        names = (iri.rpartition("/")[2], self.directory.shorten(iri))
        return next((name for name in names if name and self.find(name, kinds) == iri), iri)

    def choosing(self, view: View, parameter: str, iri: str) -> View:
        """Return a view with a thing chosen, and no other of its column."""
        kinds, _ = COLUMNS[parameter]
        bare = view.choosing("family", ()) if parameter == "target" else view
        return bare.choosing(parameter, [self.short(iri, kinds)])

    def dropping(self, view: View, parameter: str, iri: str) -> View:
        """Return a view in which a thing of a column is not chosen any more."""
        kinds, _ = COLUMNS[parameter]
        for name in (parameter, "family") if parameter == "target" else (parameter,):
            given = view.chosen.get(name, ())
            kept = [each for each in given if self.find(each, kinds) != iri]
            # A list with commas names it too: then none of it is kept.
            view = view.choosing(name, kept if len(kept) < len(given) else ())
        return view

    def edge(self, edge: ExploreEdge) -> str:
        """Return the name of an edge in an address."""
        return edge_name(*map(self.directory.shorten, edge.key))

    def find_edge(self, graph: ExploreGraph, name: str) -> ExploreEdge | None:
        """Return the edge that a name means, by any names of its ends."""
        for edge in graph.edges:
            if self.edge(edge) == name:
                return edge
        start, _, end = name.partition("|")
        starts = {self.find(start, kinds) for kinds, _ in COLUMNS.values()}
        ends = {self.find(end, kinds) for kinds, _ in COLUMNS.values()}
        found = (edge for edge in graph.edges if edge.start in starts and edge.end in ends)
        return next(found, None)

    def ranks(self, things: Iterable[str]) -> dict[str, int]:
        """Return the place of each thing by its label."""
        ordered = sorted(things, key=lambda iri: (self.label(iri).casefold(), iri))
        return {iri: place for place, iri in enumerate(ordered)}


def lines_of(label: str, width: int) -> tuple[str, ...]:
    """Return a label in at most two lines.

    >>> lines_of("gastrointestinal stromal tumour", 20)
    ('gastrointestinal', 'stromal tumour')
    >>> lines_of("a" * 50, 20)
    ('aaaaaaaaaaaaaaaaaaaa', '…')
    """
    found = textwrap.wrap(label, width, max_lines=_MOST_LINES, placeholder="…")
    return tuple(found) or (label,)


def identifier(*names: str) -> str:
    """Return an id for what has some names, the same in every view.

    >>> identifier("drug", "https://example.org/drug/a")
    'x332d7b4437'
    """
    return "x" + hashlib.sha256("\n".join(names).encode()).hexdigest()[:10]
