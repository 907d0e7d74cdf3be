"""How the explorer draws: few crossings, nothing over anything else, and always the same."""

from __future__ import annotations

from itertools import pairwise, permutations

from api.pages.explore_boxes import Box, Boxes, Naming, boxes_of
from api.pages.explore_graph import ExploreEdge, ExploreGraph, How, Span
from api.pages.explore_layout import WIDTH, brackets_of, shapes_of
from api.pages.explore_order import Lane, crossings, ordered

ACTIONS = (("a", "kit"), ("b", "kit"), ("b", "vegfr2"), ("c", "vegfr"), ("c", "ret"))
PARTS = (("kit", "gist"), ("vegfr", "sarcoma"))
PAIRS = (("a", "gist"), ("b", "gist"), ("b", "sarcoma"), ("c", "sarcoma"), ("d", "sarcoma"))


def graph() -> ExploreGraph:
    edges = (
        *(ExploreEdge(Span.ACTION, *ends, (How.ACTS,), ("claim",)) for ends in ACTIONS),
        *(ExploreEdge(Span.PART, *ends, (How.PART,), ("claim",)) for ends in PARTS),
        *(ExploreEdge(Span.PAIR, *ends, (How.TRIAL,)) for ends in PAIRS),
    )
    return ExploreGraph(edges)


def naming() -> Naming:
    things = sorted({end for ends in (*ACTIONS, *PARTS, *PAIRS) for end in ends})
    ranks = {thing: rank for rank, thing in enumerate(things)}
    return Naming(ranks, dict.fromkeys(things, 1), {"vegfr2": frozenset({"vegfr"})})


def drawn() -> Boxes:
    return boxes_of(graph(), naming())


def test_a_graph_that_can_be_drawn_without_crossings_is() -> None:
    lanes = [Lane(str(n), (f"d{n}",), (f"h{n}",)) for n in range(6)]
    left = [f"d{n}" for n in (3, 0, 5, 1, 4, 2)]
    right = [f"h{n}" for n in (2, 5, 0, 4, 1, 3)]
    assert crossings(*ordered(left, lanes, right)) == 0
    assert crossings(left, lanes, right) > 5


def test_the_order_is_no_worse_than_any_other_of_a_small_graph() -> None:
    lanes = [
        Lane("1", ("a", "b"), ("x",)),
        Lane("2", ("c",), ("x", "y")),
        Lane("3", ("a",), ("y",)),
    ]
    found = crossings(*ordered("abc", lanes, "xy"))
    every = (
        crossings(left, middle, right)
        for left in permutations("abc")
        for middle in permutations(lanes)
        for right in permutations("xy")
    )
    assert found == min(every)


def test_every_thing_and_every_pair_has_one_box() -> None:
    boxes = drawn()
    assert set(boxes.drugs) == {"a", "b", "c", "d"}
    assert set(boxes.targets) == {"kit", "vegfr", "vegfr2", "ret"}
    assert set(boxes.histologies) == {"gist", "sarcoma"}
    assert set(boxes.pairs) == set(PAIRS)


def test_no_box_lies_over_another_one_or_beyond_the_picture() -> None:
    boxes = drawn()
    middle = [*boxes.targets.values(), *boxes.pairs.values()]
    for column in (list(boxes.drugs.values()), middle, list(boxes.histologies.values())):
        column.sort(key=lambda box: box.y)
        assert all(above.y + above.height < below.y for above, below in pairwise(column))
        assert all(box.y > 0 and box.y + box.height <= boxes.height for box in column)
        assert all(box.x >= 0 and box.right <= WIDTH for box in column)


def test_a_member_stands_below_its_family_and_is_joined_to_it() -> None:
    boxes = drawn()
    assert boxes.members == {"vegfr": ("vegfr2",)}
    family, member = boxes.targets["vegfr"], boxes.targets["vegfr2"]
    assert member.y == family.y + family.height + 7
    assert member.x > family.x
    (bracket,) = brackets_of(boxes)
    assert bracket.endswith(f"V{member.middle:.1f}H{member.x:.1f}")


def test_edges_run_from_box_to_box() -> None:
    boxes = drawn()
    shapes = shapes_of(graph(), boxes)
    assert {span: len(found) for span, found in shapes.items()} == {
        Span.ACTION: 5,
        Span.PART: 2,
        Span.PAIR: 5,
    }
    for shape in shapes[Span.ACTION]:
        (curve,) = shape.curves
        start, end = _ends(curve.path)
        assert _touches(start, boxes.drugs[shape.edge.start], is_right=True)
        assert _touches(end, boxes.targets[shape.edge.end], is_right=False)
    for shape in shapes[Span.PAIR]:
        assert shape.box == boxes.pairs[shape.edge.key]
        assert len(shape.reach) == 2


def test_the_same_graph_is_drawn_the_same_whatever_its_order() -> None:
    edges = graph().edges
    assert boxes_of(ExploreGraph(edges[::-1]), naming()) == boxes_of(ExploreGraph(edges), naming())


def _ends(path: str) -> tuple[tuple[float, float], tuple[float, float]]:
    start, _, rest = path.removeprefix("M").partition("C")
    numbers = [float(each) for each in (*start.split(), *rest.split())]
    return (numbers[0], numbers[1]), (numbers[-2], numbers[-1])


def _touches(point: tuple[float, float], box: Box, *, is_right: bool) -> bool:
    x, y = point
    return x == (box.right if is_right else box.x) and box.y <= y <= box.y + box.height
