"""The gate of large graphs finds, a part at a time, what the whole graph shows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple
from shape_cases import read_cases, read_check_cases
from shape_records import BASE, ontology, valid_records

from kg.database_loading import write_database
from kg.files_gate import find_results
from kg.gate import Gate, n_triples, read_gate
from kg.nquads import canonical_quads
from kg.reference_shapes import validate_by_reference
from kg.shapes import Result, read_shapes
from kg.shipped import find_shipped

GATE = read_gate(find_shipped().shapes)
MADE = f"{BASE}graph/inferred-of-nothing"


def _quads(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    return (Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples)


def _seeded() -> Store:
    """Return all valid records with a case for every rule of every shape and of every check."""
    store, fixtures = Store(), f"{BASE}graph/fixtures"
    store.extend(_quads(ontology(), f"{BASE}graph/ontology"))
    store.extend(_quads(valid_records(), fixtures))
    for case in read_cases():
        store.extend(_quads(case.triples, fixtures))
    for name, cases in read_check_cases().items():
        for each in cases:
            # Cases of checks are numbered by themselves: they must not meet those of others.
            apart = [_named(triple, f"-{name}") for triple in each.triples]
            store.extend(_quads((*apart, *each.extra), each.graph))
    blank = BlankNode("nameless")
    nameless = NamedNode(f"{BASE}ontology/responders")
    store.add(Quad(blank, nameless, blank, NamedNode(fixtures)))
    return store


def _named(triple: Triple, ending: str) -> Triple:
    def rename(term: object) -> object:
        if isinstance(term, NamedNode) and "-case-" in term.value:
            kind, _, rest = term.value.partition("-case-")
            number, slash, below = rest.partition("/")
            return NamedNode(f"{kind}-case-{number}{ending}{slash}{below}")
        return term

    return Triple(rename(triple.subject), triple.predicate, rename(triple.object))  # type: ignore[arg-type]


def _folder(tmp_path: Path, store: Store) -> Path:
    folder = tmp_path / "snapshot"
    folder.mkdir()
    (folder / "data.nq").write_bytes(canonical_quads(store))
    write_database(folder / "database", folder / "data.nq")
    return folder


@pytest.fixture(scope="module")
def seeded() -> Store:
    return _seeded()


@pytest.fixture(scope="module")
def expected(seeded: Store) -> tuple[Result, ...]:
    return tuple(sorted(set(GATE.results(seeded))))


def test_every_shape_and_check_is_broken_by_the_seeds(expected: tuple[Result, ...]) -> None:
    broken = {result.component for result in expected}
    assert {check.name for check in GATE.checks} <= broken
    found = {(each.component, each.path, each.message) for each in expected}
    assert len(found) > 450


@pytest.mark.parametrize("part_lines", [200, 3_000, 1_000_000])
def test_parts_find_what_the_whole_does(
    tmp_path: Path, seeded: Store, expected: tuple[Result, ...], part_lines: int
) -> None:
    found = find_results(GATE, _folder(tmp_path, seeded), part_lines=part_lines)
    assert set(found) == set(expected)
    assert found == expected


def test_keys_that_are_too_many_for_memory_are_asked_of_the_database(
    tmp_path: Path, seeded: Store, expected: tuple[Result, ...]
) -> None:
    assert find_results(GATE, _folder(tmp_path, seeded), most_keys=10) == expected


def test_what_a_build_made_is_not_judged(
    tmp_path: Path, seeded: Store, expected: tuple[Result, ...]
) -> None:
    made = Store()
    made.extend(seeded)
    made.extend(_quads(valid_records(), MADE))
    derived = NamedNode(f"{BASE}ontology/actsOn")
    link = Triple(NamedNode(f"{BASE}drug/x"), derived, NamedNode(f"{BASE}target/y"))
    made.extend(_quads([link], MADE))
    folder = _folder(tmp_path, made)
    assert find_results(GATE, folder, part_lines=3_000) == expected


def test_shapes_that_look_anywhere_are_given_the_whole_graph(
    tmp_path: Path, seeded: Store, expected: tuple[Result, ...]
) -> None:
    path, star = BlankNode(), NamedNode("http://www.w3.org/ns/shacl#zeroOrMorePath")
    shape = NamedNode("e:shape")
    far = (
        Triple(shape, NamedNode("http://www.w3.org/ns/shacl#path"), path),
        Triple(path, star, NamedNode(f"{BASE}ontology/none")),
    )
    gate = Gate((*GATE.shapes, *far), GATE.checks)
    found = find_results(gate, _folder(tmp_path, seeded), part_lines=200)
    assert set(expected) <= set(found)


@pytest.mark.soak
def test_parts_find_what_the_reference_finds(tmp_path: Path, seeded: Store) -> None:
    shapes_only = Gate(read_shapes(find_shipped().shapes), ())
    found = find_results(shapes_only, _folder(tmp_path, seeded), part_lines=500)
    assert set(found) == set(validate_by_reference(n_triples(seeded), GATE.shapes))
