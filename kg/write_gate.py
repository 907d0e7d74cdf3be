"""What shapes and checks find in a graph with a write, each problem at its place."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Store

from kg.asserted import select_asserted
from kg.building import Base
from kg.catalogue import is_made
from kg.gate import NOWHERE, read_gate, show_results, stopping
from kg.journal import Entry, read_journal
from kg.namespaces import read_namespaces
from kg.places import PlaceFinder, Places
from kg.problem import Place, Problem, Refused
from kg.sources import OverlayError
from kg.written_places import WrittenPlaces

__all__ = ["YOUR_UPDATE", "blame", "pass_gate"]

YOUR_UPDATE = Place("your update", 0)
"""The place of what a refused write says."""

_RECORDS = Place("(a record)")


def pass_gate(
    base: Base,
    store: Store,
    entry: Entry,
    *,
    before: bytes,
    known: Iterable[Problem],
) -> tuple[Problem, ...]:
    """Return what is to be reviewed in a graph with a write that is not accepted yet.

    ``before`` are the N-Quads without it, ``known`` the problems found then: to read all records
    for their places takes long, and is left out where these tell. Raises Refused.
    """
    results = read_gate(base.shipped.shapes).results(select_asserted(store, is_made))
    namespaces = read_namespaces(base.shipped.context)
    places: PlaceFinder = WrittenPlaces([entry], _Remembered(before))
    problems = _recall(show_results(results, places=places, namespaces=namespaces), known)
    if any(each.place == _RECORDS for each in problems):
        entries = (*read_journal(entry.home), entry)
        places = WrittenPlaces(entries, _read_places(base))
        problems = show_results(results, places=places, namespaces=namespaces)
    if violations := stopping(problems):
        raise Refused(blame(each, entry.name) for each in violations)
    return problems


def blame(problem: Problem, entry: str) -> Problem:
    """Return a problem in an entry that will never be, or nowhere, as one of the update."""
    is_own = problem.place == NOWHERE or problem.place.file == entry
    return replace(problem, place=YOUR_UPDATE) if is_own else problem


@dataclass(frozen=True)
class _Remembered:
    """Tells of what a graph says that it has a place, and not which.

    Its lines are sorted, so that a subject is found without reading them all: there may be
    thousands of problems in a large graph.
    """

    quads: bytes

    def find(self, subject: str, predicate: str | None = None) -> Place | None:  # noqa: ARG002
        """Return a place for what has one."""
        return _RECORDS if self.knows(subject) else None

    def knows(self, subject: str) -> bool:
        """Tell whether a line begins with the subject."""
        start = f"<{subject}> ".encode()

        def beginning(position: int) -> bytes:
            line = self.quads.rfind(b"\n", 0, position) + 1
            return self.quads[line : line + len(start)]

        found = bisect_left(range(len(self.quads)), start, key=beginning)
        return self.quads.startswith(start, found)


def _recall(problems: Iterable[Problem], known: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems at records with the places that they had before, where that is sure."""
    earlier = tuple(known)
    count = Counter((each.message, each.severity) for each in earlier)
    places = {(each.message, each.severity): each.place for each in earlier}
    return tuple(
        sorted(
            replace(each, place=places[key]) if each.place == _RECORDS and count[key] == 1 else each
            for each in problems
            for key in [(each.message, each.severity)]
        )
    )


def _read_places(base: Base) -> PlaceFinder:
    try:
        return base.read_places()
    except (Refused, OverlayError, OSError):
        # The records were changed since, and are broken: their lines are not to be had.
        return Places()
