"""The curves of the explorer's picture: from box to box, beside one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.pages.explore_boxes import Box, Boxes
from api.pages.explore_graph import ExploreEdge, ExploreGraph, Span
from api.pages.explore_strokes import Stroke, strokes_of

__all__ = ["WIDTH", "Curve", "EdgeShape", "brackets_of", "shapes_of"]

WIDTH = 1120
"""The width of the picture; its height follows from what is in it."""

_BESIDE = 1.0
_OUT = 13.0
_Port = tuple[str, tuple[str, str]]
"""The side of a box, and an edge that begins or ends there."""


@dataclass(frozen=True)
class Curve:
    """A stroke as it lies: its path as SVG writes it."""

    stroke: Stroke
    path: str


@dataclass(frozen=True)
class EdgeShape:
    """An edge with its curves; ``reach`` are those by which a pointer finds it."""

    edge: ExploreEdge
    curves: tuple[Curve, ...]
    reach: tuple[str, ...]
    box: Box | None = None


def shapes_of(graph: ExploreGraph, boxes: Boxes) -> Mapping[Span, tuple[EdgeShape, ...]]:
    """Return the shapes of all edges, by the columns that they join."""
    ports = _ports(graph, boxes)
    return {span: tuple(_shape(edge, boxes, ports) for edge in graph.of(span)) for span in Span}


def brackets_of(boxes: Boxes) -> Iterator[str]:
    """Yield the lines that join each family with its members."""
    for family, members in boxes.members.items():
        x = boxes.targets[family].x + _OUT
        for member in members:
            box = boxes.targets[member]
            start = boxes.targets[family].y + boxes.targets[family].height
            yield f"M{x:.1f} {start:.1f}V{box.middle:.1f}H{box.x:.1f}"


def _ends(edge: ExploreEdge, boxes: Boxes) -> list[tuple[tuple[str, Box], tuple[str, Box]]]:
    """Return the stretches of an edge: from the right of a box to the left of the next."""
    match edge.span:
        case Span.ACTION:
            return [
                (("drug " + edge.start, boxes.drugs[edge.start]),
                 ("target " + edge.end, boxes.targets[edge.end])),
            ]  # fmt: skip
        case Span.PART:
            return [
                (("part " + edge.start, boxes.targets[edge.start]),
                 ("histology " + edge.end, boxes.histologies[edge.end])),
            ]  # fmt: skip
    pair = ("", boxes.pairs[edge.key])
    return [
        (("drug " + edge.start, boxes.drugs[edge.start]), pair),
        (pair, ("histology " + edge.end, boxes.histologies[edge.end])),
    ]


def _ports(graph: ExploreGraph, boxes: Boxes) -> Mapping[_Port, float]:
    """Return at what height each edge begins and ends: side by side, in the order of their ends."""
    sides: dict[str, list[tuple[float, tuple[str, str], float, Box]]] = defaultdict(list)
    for edge in graph.edges:
        width = _width(strokes_of(edge))
        for (start, left), (end, right) in _ends(edge, boxes):
            sides[start].append((right.middle, edge.key, width, left))
            sides[end].append((left.middle, edge.key, width, right))
    found: dict[_Port, float] = {}
    for side, joined in sides.items():
        if side:
            found |= _spread(side, sorted(joined, key=lambda each: each[:2]))
    return found


def _spread(
    side: str, joined: list[tuple[float, tuple[str, str], float, Box]]
) -> Iterator[tuple[_Port, float]]:
    box = joined[0][3]
    total = sum(width for _, _, width, _ in joined)
    room = box.height - 6
    # Where there is no room for all beside one another, they overlap alike.
    scale = min(1.0, room / total) if total else 1.0
    y = box.middle - total * scale / 2
    for _, key, width, _ in joined:
        yield (side, key), y + width * scale / 2
        y += width * scale


def _shape(edge: ExploreEdge, boxes: Boxes, ports: Mapping[_Port, float]) -> EdgeShape:
    strokes = strokes_of(edge)
    curves: list[Curve] = []
    reach: list[str] = []
    for (start, left), (end, right) in _ends(edge, boxes):
        y1 = ports.get((start, edge.key), left.middle)
        y2 = ports.get((end, edge.key), right.middle)
        reach.append(_curve(left.right, y1, right.x, y2))
        offset = -_width(strokes) / 2
        for stroke in strokes:
            at = offset + (stroke.width + _BESIDE) / 2
            curves.append(Curve(stroke, _curve(left.right, y1 + at, right.x, y2 + at)))
            offset += stroke.width + _BESIDE
    return EdgeShape(edge, tuple(curves), tuple(reach), boxes.pairs.get(edge.key))


def _width(strokes: tuple[Stroke, ...]) -> float:
    return sum(stroke.width + _BESIDE for stroke in strokes)


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a curve that leaves and arrives level.

    >>> _curve(0, 10, 100, 30)
    'M0 10C50 10 50 30 100 30'
    """
    middle = (x1 + x2) / 2
    numbers = (x1, y1, middle, y1, middle, y2, x2, y2)
    a, b, c, d, e, f, g, h = (f"{number:.1f}".removesuffix(".0") for number in numbers)
    return f"M{a} {b}C{c} {d} {e} {f} {g} {h}"
