"""The strokes that an edge of the explorer is drawn with: their kind, and their width."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from api.pages.explore_graph import ExploreEdge, How, Span
from api.path_results import Side

__all__ = ["KINDS_OF_STROKES", "Stroke", "strokes_of", "width_of"]

_WIDEST = 9.0
_SLIM = 1.6

KINDS_OF_STROKES: Mapping[str, str] = {
    "for": "results for",
    "against": "results against",
    "inconclusive": "inconclusive results",
    "unstated": "results without a direction",
    "recommended": "recommended, no result",
    "class": "its class recommended, no result",
    "trial": "in a trial, no result",
    "hypothesis": "mechanism alone, no result",
    "acts": "acts on the target",
    "through": "acts through another target, or as what it becomes",
    "member": "inferred: acts on a member of the family",
    "part": "the target has a part in the tumour",
    "imported": "no document says so: an import does",
}
"""The kinds of strokes, and what each says; the styles give each its own dashes."""

_ACTIONS = (
    (How.ACTS, "acts"),
    (How.INDIRECTLY, "through"),
    (How.PRODRUG, "through"),
    (How.MEMBER, "member"),
)
_STANDINGS = (
    (How.RECOMMENDED, "recommended"),
    (How.CLASS, "class"),
    (How.TRIAL, "trial"),
)


@dataclass(frozen=True)
class Stroke:
    """A line of a kind, with its width in units of the picture."""

    kind: str
    width: float


def strokes_of(edge: ExploreEdge) -> tuple[Stroke, ...]:
    """Return the parallel strokes of an edge: of a pair, one for each side that has results."""
    if edge.span is Span.PART:
        return (Stroke("part", width_of(len(edge.claims))),)
    if edge.span is Span.ACTION:
        stated = (kind for how, kind in _ACTIONS if how in edge.how and not edge.is_imported)
        kind = next(stated, "imported")
        return (Stroke(kind, width_of(len(edge.claims))),)
    sides = ((side, edge.sides[side]) for side in Side)
    drawn = tuple(Stroke(side.value, width_of(count)) for side, count in sides if count)
    return drawn or (Stroke(_standing(edge), _SLIM),)


def width_of(count: int) -> float:
    """Return how wide the stroke of so many results or statements is: by the root of their number.

    >>> [width_of(count) for count in (0, 1, 4, 36, 1000)]
    [1.6, 2.1, 3.2, 7.6, 9.0]
    """
    return round(min(_WIDEST, 1 + 1.1 * sqrt(count)), 1) if count else _SLIM


def _standing(edge: ExploreEdge) -> str:
    """Return the kind of the stroke of a pair without results."""
    found = next((kind for how, kind in _STANDINGS if how in edge.how), None)
    return found or ("hypothesis" if How.HYPOTHESIS in edge.how else "imported")
