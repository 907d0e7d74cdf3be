"""What the explorer says of an edge: in one sentence, in its counts, and in its marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.pages.explore_graph import ExploreEdge, How, Span
from api.path_results import Side

__all__ = ["MARKS", "Mark", "counts_in_words", "marks_of", "sentence_of", "sides_of"]


@dataclass(frozen=True)
class Mark:
    """A letter on an edge, and what it stands for."""

    letter: str
    meaning: str


MARKS: Mapping[How, Mark] = {
    How.LABORATORY: Mark("L", "results in the laboratory only, none in patients"),
    How.RECOMMENDED: Mark("R", "recommended by a document"),
    How.CLASS: Mark("C", "a class of the drug is recommended"),
    How.TRIAL: Mark("T", "in a trial: registered, or without a result here"),
    How.HYPOTHESIS: Mark("M", "mechanism: a hypothesis"),
    How.IMPORTED_HYPOTHESIS: Mark("I", "mechanism by the word of an import: a hypothesis"),
}
"""The letters that pairs of a drug and a histology are marked with."""

_SAID = {
    How.LABORATORY: "in the laboratory only, none in patients",
    How.RECOMMENDED: "recommended",
    How.CLASS: "its class is recommended",
    How.TRIAL: "in a trial",
    How.HYPOTHESIS: "mechanism as a hypothesis",
    How.IMPORTED_HYPOTHESIS: "mechanism by the word of an import, as a hypothesis",
}
_SIDES = {
    Side.FOR: "for",
    Side.AGAINST: "against",
    Side.INCONCLUSIVE: "inconclusive",
    Side.UNSTATED: "without a direction",
}


def marks_of(edge: ExploreEdge) -> tuple[Mark, ...]:
    """Return the marks of a pair."""
    return tuple(mark for how, mark in MARKS.items() if how in edge.how)


def sides_of(edge: ExploreEdge) -> tuple[tuple[str, str], ...]:
    """Return the sides of a pair that have results: the name of each, and its count in words."""
    sides = edge.sides
    return tuple(
        (side.value, f"{sides[side]} {word}") for side, word in _SIDES.items() if sides[side]
    )


def counts_in_words(edge: ExploreEdge) -> str:
    """Return the results of a pair by their sides, such as "14 for, 3 against".

    >>> counts_in_words(ExploreEdge(Span.PAIR, "a", "b", (How.TRIAL,)))
    'no result'
    """
    return ", ".join(words for _, words in sides_of(edge)) or "no result"


def sentence_of(edge: ExploreEdge, start: str, end: str) -> str:
    """Return what an edge says, for those who do not see it; the ends are labels."""
    if edge.span is Span.PAIR:
        also = [_SAID[how] for how in edge.how if how in _SAID]
        total = len(edge.results)
        results = f"{total} result{'' if total == 1 else 's'}, {counts_in_words(edge)}"
        # What is to be read in the picture comes first, as it stands there.
        letters = " ".join(mark.letter for mark in marks_of(edge))
        marked = f" {letters}: {'; '.join(also)}" if letters else ""
        return f"{start} in {end}: {results if total else 'no result'}{marked}"
    count = len(edge.claims)
    behind = f"{count} statement{'' if count == 1 else 's'}"
    if edge.span is Span.PART:
        return f"{start} has a part in {end}: {behind}"
    how = "; ".join(each.value for each in edge.how)
    return f"{start}, {end}: {how}; {behind}"
