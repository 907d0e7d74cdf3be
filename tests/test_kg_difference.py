"""Differences between graphs: every one is found, none is made up by the labels of blank nodes."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from kg.change import Change as Patch
from kg.change import apply_change
from kg.difference import find_differences
from kg.difference_blank_nodes import has_blank_node, match_blank_nodes, rename_blank_nodes
from kg.difference_files import compared
from kg.nquads import canonical_quads, load_quads
from kg.snapshot import Snapshot


def lines_of(text: str) -> list[bytes]:
    return sorted(line.strip().encode() for line in text.splitlines() if line.strip())


def written(folder: Path, name: str, lines: list[bytes]) -> Path:
    path = folder / name
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def differences(folder: Path, old: list[bytes], new: list[bytes]) -> tuple[set[bytes], set[bytes]]:
    with compared(written(folder, "old", old), written(folder, "new", new)) as comparison:
        found = list(comparison.subjects)
    assert len({each.subject for each in found}) == len(found)
    return (
        {line for each in found for line in each.removed},
        {line for each in found for line in each.added},
    )


LETTERS = st.sampled_from(["a", "b", "ab", "a-", "b0"])
LINES = st.builds(
    lambda s, p, o, g: f"<e:{s}> <e:{p}> {o} {g}.".encode(),
    LETTERS,
    st.sampled_from("pq"),
    st.sampled_from(['"x"', '"x y"', '"x"@en', "<e:a>", '"<e:g> ."']),
    st.sampled_from(["", "<e:g> ", "<e:h> "]),
)


@given(st.sets(LINES), st.sets(LINES))
def test_what_went_and_came_is_what_sets_say(old: set[bytes], new: set[bytes]) -> None:
    found = list(find_differences(sorted(old), sorted(new)))
    assert {line for each in found for line in each.removed} == old - new
    assert {line for each in found for line in each.added} == new - old
    for each in found:
        of_subject = {line for line in old & new if line.startswith(each.subject + b" ")}
        assert set(each.kept) == of_subject
        assert each.is_new == (not any(line.startswith(each.subject + b" ") for line in old))
        assert each.is_gone == (not any(line.startswith(each.subject + b" ") for line in new))
    assert [each.subject + b" " for each in found] == sorted(each.subject + b" " for each in found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("_:a <e:p> <e:x> .", True),
        ("<e:a> <e:p> _:x <e:g> .", True),
        ("<e:a> <e:p> <e:x> _:g .", True),
        ('<e:a> <e:p> "_:x \\" _:y" <e:g> .', False),
        ("<e:a> <e:p> <e:_:x> .", False),
        ("<e:a> <e:p> <<( _:a <e:p> <e:x> )>> .", True),
    ],
)
def test_a_blank_node_is_told_from_a_text(line: str, expected: bool) -> None:
    assert has_blank_node(line.encode()) is expected
    renamed = rename_blank_nodes(line.encode(), {b"_:a": b"_:z", b"_:x": b"_:z", b"_:g": b"_:z"})
    assert (renamed != line.encode()) is expected


OWL = """
<e:A> <e:sub> _:{0} <e:g> .
_:{0} <e:onProperty> <e:p> <e:g> .
_:{0} <e:some> _:{1} <e:g> .
_:{1} <e:first> <e:X> <e:g> .
_:{1} <e:rest> _:{2} <e:g> .
_:{2} <e:first> <e:Y> <e:g> .
_:{2} <e:rest> <e:nil> <e:g> .
<e:B> <e:sub> _:{3} <e:g> .
_:{3} <e:onProperty> <e:p> <e:g> .
_:{3} <e:some> <e:Z> <e:g> .
<e:plain> <e:p> "1" <e:g> .
"""


@pytest.mark.parametrize("labels", list(permutations("0123")))
def test_other_labels_are_no_difference(labels: tuple[str, ...], tmp_path: Path) -> None:
    old, new = lines_of(OWL.format(*"0123")), lines_of(OWL.format(*labels))
    assert differences(tmp_path, old, new) == (set(), set())


def test_one_more_restriction_is_that_alone(tmp_path: Path) -> None:
    more = "<e:C> <e:sub> _:0 <e:g> .\n_:0 <e:some> <e:W> <e:g> .\n"
    old, new = lines_of(OWL.format(*"0123")), lines_of(OWL.format(*"1234") + more)
    removed, added = differences(tmp_path, old, new)
    assert removed == set()
    (label,) = {line.split(b" ")[0] for line in added if line.startswith(b"_:")}
    assert added == {b"<e:C> <e:sub> " + label + b" <e:g> .", label + b" <e:some> <e:W> <e:g> ."}
    assert all(label not in line.split(b" ") for line in old)
    assert differences(tmp_path, new, old)[1] == set()
    assert len(differences(tmp_path, new, old)[0]) == 2


def test_a_node_with_the_same_label_is_changed_where_it_stands(tmp_path: Path) -> None:
    old, new = lines_of(OWL.format(*"0123")), lines_of(OWL.format(*"0123").replace("e:Y", "e:V"))
    removed, added = differences(tmp_path, old, new)
    assert removed == {b"_:2 <e:first> <e:Y> <e:g> ."}
    assert added == {b"_:2 <e:first> <e:V> <e:g> ."}


def test_of_parts_that_are_alike_one_goes(tmp_path: Path) -> None:
    old = lines_of("".join(f"<e:a> <e:p> _:x{n} .\n_:x{n} <e:q> _:y{n} .\n" for n in range(5)))
    new = lines_of("".join(f"<e:a> <e:p> _:y{n} .\n_:y{n} <e:q> _:z{n} .\n" for n in range(4)))
    removed, added = differences(tmp_path, old, new)
    assert (len(removed), added) == (2, set())


def ring(size: int, label: str) -> list[bytes]:
    nodes = [f"_:{label}{n}" for n in range(size)]
    random.Random(label).shuffle(nodes)
    pairs = zip(nodes, (*nodes[1:], nodes[0]), strict=True)
    return sorted(f"{one} <e:next> {other} .".encode() for one, other in pairs)


def test_a_ring_is_the_same_ring_wherever_it_starts(tmp_path: Path) -> None:
    assert differences(tmp_path, ring(12, "a"), ring(12, "b")) == (set(), set())
    two = sorted(ring(6, "c") + ring(6, "d"))
    removed, added = differences(tmp_path, ring(12, "a"), two)
    assert removed
    assert added


@given(
    edges=st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from("pq"), st.integers(0, 7)),
        max_size=10,
        unique=True,
    ),
    order=st.permutations(range(6)),
    left_out=st.sets(st.integers(0, 9)),
)
@settings(max_examples=200)
def test_a_patch_leads_to_a_graph_that_says_the_same(
    edges: list[tuple[int, str, int]],
    order: list[int],
    left_out: set[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The differences, applied to the old graph, give one that is the new one but for labels."""

    def quads(chosen: list[tuple[int, str, int]], names: list[str]) -> bytes:
        store = Store()
        for subject, predicate, item in chosen:
            target = BlankNode(names[item]) if item < 6 else NamedNode(f"e:{item}")
            store.add(Quad(BlankNode(names[subject]), NamedNode(f"e:{predicate}"), target))
        return canonical_quads(store)

    folder = tmp_path_factory.mktemp("graphs")
    old = quads(edges, [f"n{n}" for n in range(6)])
    chosen = [edge for number, edge in enumerate(edges) if number not in left_out]
    new = quads(chosen, [f"n{order[n]}" for n in range(6)])
    removed, added = differences(folder, old.splitlines(), new.splitlines())
    assert removed <= set(old.splitlines())
    store = load_quads(old)
    apply_change(store, Patch(removed=tuple(sorted(removed)), added=tuple(sorted(added))))
    wanted, found = Dataset(load_quads(new)), Dataset(store)
    for each in (wanted, found):
        each.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    assert set(wanted) == set(found)
    if not left_out.intersection(range(len(edges))):
        assert (removed, added) == (set(), set())


def test_no_two_nodes_get_one_label() -> None:
    old = [b"_:a <e:p> <e:x> .", b"_:b <e:p> <e:x> ."]
    new = [*old, b"_:c <e:p> <e:x> .", b"_:d <e:q> _:a ."]
    names = match_blank_nodes(old, new)
    assert len(set(names.values())) == len(names) == 4


def test_too_many_blank_nodes_are_compared_by_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.difference_files.MOST_BLANK", 3)
    old, new = lines_of(OWL.format(*"0123")), lines_of(OWL.format(*"1230"))
    with compared(written(tmp_path, "old", old), written(tmp_path, "new", new)) as comparison:
        assert comparison.is_by_label
        assert list(comparison.subjects)


def test_graphs_without_triples_are_told_of(tmp_path: Path) -> None:
    old = [b"# empty graph <e:a>", b"# empty graph <e:b>", b"<e:s> <e:p> <e:o> ."]
    new = [b"# empty graph <e:b>", b"# empty graph <e:c>", b"<e:s> <e:p> <e:o> ."]
    with compared(written(tmp_path, "old", old), written(tmp_path, "new", new)) as comparison:
        assert list(comparison.subjects) == []
    assert (comparison.dropped_graphs, comparison.created_graphs) == (("e:a",), ("e:c",))


def test_the_shipped_graph_with_other_labels_is_the_same(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    store = Store()
    fresh: dict[BlankNode, BlankNode] = {}

    def renamed(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return fresh.setdefault(term, BlankNode(f"x{9999 - len(fresh)}"))
        return term

    for quad in parse(path=snapshot.nquads, format=RdfFormat.N_QUADS):
        subject, item = renamed(quad.subject), renamed(quad.object)
        store.add(Quad(subject, quad.predicate, item, quad.graph_name))
    assert len(fresh) > 50
    new = tmp_path / "new"
    new.write_bytes(canonical_quads(store))
    assert new.read_bytes() != snapshot.nquads.read_bytes()
    with compared(snapshot.nquads, new) as comparison:
        assert list(comparison.subjects) == []
        assert not comparison.is_by_label
