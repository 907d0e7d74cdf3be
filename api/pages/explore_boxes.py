"""The boxes of the explorer's picture: three columns, and the counts of each pair between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.pages.explore_graph import ExploreEdge, ExploreGraph, Span
from api.pages.explore_order import Lane, ordered
from api.pages.explore_strokes import strokes_of

__all__ = ["Box", "Boxes", "Naming", "boxes_of"]

_TOP, _LINE, _PADDING = 36.0, 16.0, 14.0
_PILL_HEIGHT, _BETWEEN_PILLS, _GAP = 24.0, 7.0, 12.0
_INDENT = 26.0
_TALLEST = 150.0

_DRUGS, _TARGETS, _HISTOLOGIES = (0.0, 180.0), (425.0, 230.0), (870.0, 250.0)
_PILLS = (390.0, 300.0)
"""Where each column starts, and how wide it is."""


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True)
class Naming:
    """What the layout knows of names: the rank of each thing by its name, and how many lines."""

    rank: Mapping[str, int]
    lines: Mapping[str, int]
    families: Mapping[str, frozenset[str]]

    def sorted(self, things: Iterable[str]) -> list[str]:
        """Return things in the order of their names."""
        return sorted(things, key=lambda iri: (self.rank.get(iri, 0), iri))


@dataclass(frozen=True)
class Boxes:
    """All boxes: of things in the order of each column, and of pairs by their ends.

    ``members`` are the targets below each family that is drawn.
    """

    drugs: Mapping[str, Box]
    targets: Mapping[str, Box]
    histologies: Mapping[str, Box]
    pairs: Mapping[tuple[str, str], Box]
    members: Mapping[str, tuple[str, ...]]
    height: float


def boxes_of(graph: ExploreGraph, naming: Naming) -> Boxes:
    """Return where the things of a graph lie, in an order with few crossings."""
    groups = _groups(graph.targets, naming)
    lanes = [*_target_lanes(graph, groups), *_pair_lanes(graph, naming)]
    first = naming.sorted(graph.drugs)
    last = naming.sorted(graph.histologies)
    drugs, middle, histologies = ordered(first, lanes, last)
    targets, pairs, bottom = _stacked(middle, groups, naming)
    joined = _joined(graph, targets, pairs)
    left = _column(drugs, _DRUGS, joined, bottom, naming)
    right = _column(histologies, _HISTOLOGIES, joined, bottom, naming)
    ends = [box.y + box.height for column in (left, right) for box in column.values()]
    height = max((bottom, *ends)) + _GAP
    members = {family: tuple(found) for family, found in groups.items() if found}
    return Boxes(left, targets, right, pairs, members, height)


def _groups(targets: Iterable[str], naming: Naming) -> dict[str, list[str]]:
    """Return families with their members, and other targets alone."""
    found: dict[str, list[str]] = {}
    members: dict[str, list[str]] = defaultdict(list)
    shown = naming.sorted(targets)
    for target in shown:
        over = naming.sorted(naming.families.get(target, frozenset()) & set(shown) - {target})
        if over:
            members[over[0]].append(target)
        else:
            found[target] = []
    return {target: members.get(target, []) for target in found}


def _target_lanes(graph: ExploreGraph, groups: Mapping[str, Sequence[str]]) -> list[Lane]:
    actions, parts = graph.of(Span.ACTION), graph.of(Span.PART)
    return [
        Lane(
            key=head,
            left=tuple(edge.start for edge in actions if edge.end in (head, *below)),
            right=tuple(edge.end for edge in parts if edge.start in (head, *below)),
        )
        for head, below in groups.items()
    ]


def _pair_lanes(graph: ExploreGraph, naming: Naming) -> list[Lane]:
    def key(edge: ExploreEdge) -> tuple[int, int, str, str]:
        return (naming.rank.get(edge.start, 0), naming.rank.get(edge.end, 0), *edge.key)

    pairs = sorted(graph.of(Span.PAIR), key=key)
    return [
        Lane("\n".join(edge.key), (edge.start,) * strokes, (edge.end,) * strokes)
        for edge in pairs
        for strokes in [len(strokes_of(edge))]
    ]


def _stacked(
    lanes: Iterable[Lane], groups: Mapping[str, Sequence[str]], naming: Naming
) -> tuple[dict[str, Box], dict[tuple[str, str], Box], float]:
    """Return the boxes of the column in the middle, from the top, and where it ends."""
    targets: dict[str, Box] = {}
    pairs: dict[tuple[str, str], Box] = {}
    y, was_pill = _TOP, False
    for lane in lanes:
        start, _, end = lane.key.partition("\n")
        is_pill = bool(end)
        y += _BETWEEN_PILLS if is_pill and was_pill else _GAP
        was_pill = is_pill
        if is_pill:
            pairs[start, end] = Box(_PILLS[0], y, _PILLS[1], _PILL_HEIGHT)
            y += _PILL_HEIGHT
            continue
        for place, target in enumerate((start, *groups[start])):
            indent = _INDENT if place else 0.0
            height = _height(target, naming)
            y += _BETWEEN_PILLS if place else 0.0
            targets[target] = Box(_TARGETS[0] + indent, y, _TARGETS[1] - indent, height)
            y += height
    return targets, pairs, y


def _joined(
    graph: ExploreGraph, targets: Mapping[str, Box], pairs: Mapping[tuple[str, str], Box]
) -> Mapping[str, list[tuple[float, float]]]:
    """Return for each thing of the outer columns the heights of its edges, and their widths."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for edge in graph.edges:
        width = sum(stroke.width + 1 for stroke in strokes_of(edge))
        if edge.span is not Span.PART:
            place = pairs[edge.key] if edge.span is Span.PAIR else targets[edge.end]
            found[edge.start].append((place.middle, width))
        if edge.span is not Span.ACTION:
            place = pairs[edge.key] if edge.span is Span.PAIR else targets[edge.start]
            found[edge.end].append((place.middle, width))
    return found


def _column(
    things: Iterable[str],
    column: tuple[float, float],
    joined: Mapping[str, Sequence[tuple[float, float]]],
    bottom: float,
    naming: Naming,
) -> dict[str, Box]:
    """Return boxes at the mean height of their edges, or as near as there is room."""
    boxes: dict[str, Box] = {}
    y = _TOP
    for thing in things:
        edges = joined[thing]
        height = max(_height(thing, naming), min(_TALLEST, sum(width for _, width in edges) + 4))
        wanted = sum(at for at, _ in edges) / len(edges) - height / 2
        y = max(y + _GAP, wanted)
        boxes[thing] = Box(column[0], y, column[1], height)
        y += height
    return _pushed_up(boxes, bottom)


def _pushed_up(boxes: Mapping[str, Box], bottom: float) -> dict[str, Box]:
    """Return a column moved up as far as it stands out below, and no further than the top."""
    least = _TOP + _GAP + sum(box.height + _GAP for box in boxes.values())
    limit = max(bottom, least)
    moved: dict[str, Box] = {}
    for thing, box in reversed(list(boxes.items())):
        y = min(box.y, limit - box.height)
        moved[thing] = Box(box.x, y, box.width, box.height)
        limit = y - _GAP
    return dict(reversed(list(moved.items())))


def _height(thing: str, naming: Naming) -> float:
    return _PADDING + _LINE * naming.lines.get(thing, 1)
