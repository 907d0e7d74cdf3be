"""The order of the explorer's columns: few crossings, and always the same for the same graph."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Lane", "crossings", "ordered"]

_SWEEPS = 12
_SIFTINGS = 4

Names = tuple[str, ...]


@dataclass(frozen=True)
class Lane:
    """What takes one place in the middle column: things on it, with what they are joined to.

    A family and its members share a lane; a drug in a histology has one of its own. ``left`` and
    ``right`` are the neighbours in the outer columns, once for each stroke.
    """

    key: str
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


Lanes = tuple[Lane, ...]
Columns = tuple[Names, Lanes, Names]


def ordered(left: Sequence[str], lanes: Sequence[Lane], right: Sequence[str]) -> Columns:
    """Return three columns by the barycentres of their neighbours, then sifted one by one.

    The best of some rounds is kept. What is given first stays first where nothing else decides.

    >>> lanes = [Lane("1", ("b",), ("y",)), Lane("2", ("a",), ("x",))]
    >>> first, middle, last = ordered(["a", "b"], lanes, ["y", "x"])
    >>> first, [lane.key for lane in middle], last
    (('b', 'a'), ['1', '2'], ('y', 'x'))
    """
    columns = (tuple(left), tuple(lanes), tuple(right))
    best = (crossings(*columns), columns)
    for arrange, rounds in ((_averaged, _SWEEPS), (_sifted, _SIFTINGS)):
        columns = best[1]
        for _ in range(rounds):
            columns = arrange(*columns)
            if (found := crossings(*columns)) < best[0]:
                best = (found, columns)
    return best[1]


def _averaged(start: Names, middle: Lanes, end: Names) -> Columns:
    """Return columns in the order of the means of what each thing is joined to."""
    places = {**_places(start), **_places(end)}
    middle = _inner(middle, places)
    at = {lane.key: place for lane, place in zip(middle, _spread(len(middle)), strict=True)}
    start = _outer(start, ((name, at[lane.key]) for lane in middle for name in lane.left))
    end = _outer(end, ((name, at[lane.key]) for lane in middle for name in lane.right))
    return start, middle, end


def _sifted(start: Names, middle: Lanes, end: Names) -> Columns:
    """Return columns with each thing moved to the place of its column where it crosses least."""
    first, last = ({name: at for at, name in enumerate(column)} for column in (start, end))
    ends = [
        (sorted(first[name] for name in lane.left), sorted(last[name] for name in lane.right))
        for lane in middle
    ]
    middle = tuple(middle[place] for place in _sifting(ends))
    columns = []
    for column, side in ((start, "left"), (end, "right")):
        joined: dict[str, list[int]] = {name: [] for name in column}
        for at, lane in enumerate(middle):
            for name in getattr(lane, side):
                joined[name].append(at)
        columns.append(tuple(column[place] for place in _sifting([(joined[n],) for n in column])))
    return columns[0], middle, columns[1]


def _sifting(ends: Sequence[tuple[list[int], ...]]) -> list[int]:
    """Return the places of things in a better order; ``ends`` are their sorted other ends."""
    order = list(range(len(ends)))
    cost = [[_crossed(above, below) for below in ends] for above in ends]
    for thing in range(len(ends)):
        rest = [each for each in order if each != thing]
        at = order.index(thing)
        # The cost of standing first, and then below one more of the others each time.
        costs = [0]
        for each in rest:
            costs.append(costs[-1] + cost[each][thing] - cost[thing][each])
        least = min(costs)
        place = at if costs[at] == least else costs.index(least)
        order = [*rest[:place], thing, *rest[place:]]
    return order


def _crossed(above: tuple[list[int], ...], below: tuple[list[int], ...]) -> int:
    """Return how many edges of two things cross where one of them stands above the other."""
    return sum(
        bisect_left(lower, end) for upper, lower in zip(above, below, strict=True) for end in upper
    )


def crossings(left: Sequence[str], lanes: Sequence[Lane], right: Sequence[str]) -> int:
    """Return how many pairs of edges cross.

    >>> crossings(["a", "b"], [Lane("1", ("b",)), Lane("2", ("a",))], [])
    1
    """
    total = 0
    for column, side in ((left, "left"), (right, "right")):
        at = {name: place for place, name in enumerate(column)}
        seen: list[int] = []
        for lane in lanes:
            found = [at[name] for name in getattr(lane, side)]
            total += sum(1 for place in found for before in seen if before > place)
            seen += found
    return total


def _spread(count: int) -> list[float]:
    """Return places from 0 to 1, so that columns of any length compare."""
    return [(place + 0.5) / count for place in range(count)]


def _places(column: Sequence[str]) -> dict[str, float]:
    return dict(zip(column, _spread(len(column)), strict=True))


def _inner(lanes: Sequence[Lane], places: Mapping[str, float]) -> tuple[Lane, ...]:
    def mean(lane: Lane) -> float:
        joined = [places[name] for name in (*lane.left, *lane.right)]
        return sum(joined) / len(joined) if joined else 1.0

    return tuple(sorted(lanes, key=mean))


def _outer(column: Sequence[str], joined: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    found: dict[str, list[float]] = defaultdict(list)
    for name, place in joined:
        found[name].append(place)
    own: Mapping[str, float] = _places(column)
    means = {
        name: sum(found[name]) / len(found[name]) if name in found else own[name] for name in column
    }
    return tuple(sorted(column, key=means.__getitem__))
