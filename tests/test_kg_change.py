"""Changes: found between two states, written as a patch, read back, and made again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from kg.change import (
    Change,
    PatchError,
    apply_change,
    dump_graphs,
    find_change,
    graph_of_line,
)
from kg.nquads import canonical_quads, load_quads

NODES = [NamedNode("e:a"), NamedNode("e:é"), BlankNode("b")]
OBJECTS = [
    *NODES,
    Literal('a "quoted" <e:g> _:b .\n\t\\'),
    Literal("a", language="en"),
    Literal(5),
    Triple(NamedNode("e:a"), NamedNode("e:p"), Literal("in <e:g> ")),
]
NAMES: list[NamedNode | BlankNode] = [NamedNode("e:g"), NamedNode("e:h"), BlankNode("graph")]
GRAPHS = [DefaultGraph(), *NAMES]
QUADS = st.builds(
    Quad,
    st.sampled_from(NODES),
    st.just(NamedNode("e:p")),
    st.sampled_from(OBJECTS),
    st.sampled_from(GRAPHS),
)


@st.composite
def stores(draw: st.DrawFn) -> Store:
    store = Store()
    for graph in draw(st.sets(st.sampled_from(NAMES))):
        store.add_graph(graph)
    store.extend(draw(st.lists(QUADS, max_size=8)))
    return store


@given(stores(), stores())
def test_a_change_leads_from_one_state_to_the_other_also_by_its_patch(
    before: Store, after: Store
) -> None:
    change = find_change(dump_graphs(before), dump_graphs(after))
    assert change.is_empty == (canonical_quads(before) == canonical_quads(after))
    assert Change.from_patch(change.to_patch()) == change
    made = load_quads(canonical_quads(before))
    apply_change(made, change)
    assert canonical_quads(made) == canonical_quads(after)
    apply_change(made, change)
    assert canonical_quads(made) == canonical_quads(after)


@given(QUADS)
def test_the_graph_of_a_line_is_that_of_its_quad(quad: Quad) -> None:
    store = Store()
    store.add(quad)
    line = (store.dump(format=RdfFormat.N_QUADS) or b"").rstrip(b"\n")
    name = quad.graph_name
    expected = name.value if isinstance(name, NamedNode) else str(name)
    assert graph_of_line(line) == ("" if isinstance(name, DefaultGraph) else expected)


def test_a_patch_has_one_order_and_words_of_its_own_for_graphs() -> None:
    change = find_change(
        {"": b"<e:a> <e:p> <e:b> .\n", "e:g": b"<e:a> <e:p> <e:b> .\n", "e:old": b""},
        {"": b"<e:a> <e:p> <e:c> .\n", "e:new": b"", "e:h": b"<e:z> <e:p> <e:b> .\n"},
    )
    assert change.to_patch().decode().splitlines() == [
        "TX .",
        "D <e:a> <e:p> <e:b> .",
        "D <e:a> <e:p> <e:b> <e:g> .",
        "GD <e:g> .",
        "GD <e:old> .",
        "GA <e:new> .",
        "A <e:a> <e:p> <e:c> .",
        "A <e:z> <e:p> <e:b> <e:h> .",
        "TC .",
    ]
    assert change.graphs == {"", "e:g", "e:old", "e:new", "e:h"}


@pytest.mark.parametrize(
    ("patch", "line", "reason"),
    [
        (b"", 1, "a transaction starts with"),
        (b"A <e:a> <e:b> <e:c> .\n", 1, "a transaction starts with"),
        (b"TX .\n", 2, "the end is missing"),
        (b"TX .\nA <e:a> <e:b> <e:c> .\n", 3, "the end is missing"),
        (b"TX .\nTC .", 2, "the end is missing"),
        (b"TX .\nB <e:a> .\nTC .\n", 2, "no operation of a patch: 'B <e:a> .'"),
        (b'H gate "off" .\nTX .\nA <e:a> <e:b> .\nTC .\n', 3, "no quad: "),
        (b"TX .\nA <e:a> <e:b> <e:c> .\nA # nothing\nTC .\n", 3, "a line holds one quad"),
        (b"TX .\nGA <e:a> <e:b> .\nTC .\n", 2, "no name of a graph"),
        (b'TX .\nGD "g" .\nTC .\n', 2, "no name of a graph"),
    ],
)
def test_what_is_no_patch_is_refused_at_its_line(patch: bytes, line: int, reason: str) -> None:
    with pytest.raises(PatchError, match=f"^line {line}: {reason}"):
        Change.from_patch(patch)


def test_a_graph_that_others_wrote_to_meanwhile_is_not_dropped() -> None:
    store = load_quads(b"<e:a> <e:p> <e:b> <e:g> .\n<e:a> <e:p> <e:c> <e:g> .\n")
    change = Change(removed=(b"<e:a> <e:p> <e:b> <e:g> .",), dropped_graphs=("e:g",))
    apply_change(store, change)
    assert canonical_quads(store) == b"<e:a> <e:p> <e:c> <e:g> .\n"
