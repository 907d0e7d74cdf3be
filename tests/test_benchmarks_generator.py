"""The generator of benchmark graphs: its size, its sameness, and that the graphs are ours."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from benchmarks.generate import main, write_graph
from benchmarks.generator import Plan, generate, plan
from benchmarks.templates import Templates, compile_templates
from benchmarks.tokens import GROUP, Tokens
from benchmarks.violations import VIOLATIONS
from kg.catalogue import CATALOGUE, is_made
from kg.gate import read_gate
from kg.rules import infer, read_rules
from kg.shipped import find_shipped

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"


@cache
def templates() -> Templates:
    return compile_templates(1)


def graph_of(triples: int, violations: int = 0) -> tuple[Plan, str]:
    planned = plan(templates(), triples, 1, violations=violations)
    return planned, "".join(generate(templates(), planned))


def asserted(text: str) -> Store:
    store = Store()
    quads = parse(text.encode(), format=RdfFormat.N_QUADS)
    store.bulk_extend(q for q in quads if not is_made(str(q.graph_name)[1:-1]))
    return store


@pytest.mark.parametrize("triples", [30_000, 45_000, 100_000])
def test_a_graph_has_about_as_many_triples_as_asked_for(triples: int) -> None:
    planned, text = graph_of(triples)
    assert planned.size == text.count("\n")
    assert abs(planned.size / triples - 1) < 0.02


def test_the_size_of_ten_millions_is_known_before_a_line_is_made() -> None:
    planned = plan(templates(), 10_000_000, 1)
    assert abs(planned.size / 10_000_000 - 1) < 0.02
    assert len(planned.kinds) > 15_000


def test_lines_are_sorted_and_none_stands_twice() -> None:
    _, text = graph_of(45_000)
    lines = text.encode().splitlines()
    assert all(one < other for one, other in pairwise(lines))


def test_no_triple_stands_in_two_graphs() -> None:
    """Engines count those of a union once for each graph, or once: they could not be compared."""
    quads = list(parse(graph_of(30_000)[1].encode(), format=RdfFormat.N_QUADS))
    assert len({quad.triple for quad in quads}) == len(quads)


def test_the_same_seed_gives_the_same_graph(tmp_path: Path) -> None:
    write_graph(tmp_path / "again.nq", 30_000, 1)
    assert (tmp_path / "again.nq").read_text() == graph_of(30_000)[1]


def test_another_seed_gives_another_graph() -> None:
    one, other = (plan(templates(), 30_000, seed).kinds for seed in (1, 2))
    assert one != other


def test_a_graph_passes_shapes_and_checks() -> None:
    found = read_gate(find_shipped().shapes).results(asserted(graph_of(30_000)[1]))
    assert not [each for each in found if each.severity != "Info"]


def test_seeded_violations_are_found_and_no_others() -> None:
    planned, text = graph_of(30_000, violations=2 * len(VIOLATIONS))
    wanted = {v.expected(Tokens.of_unit(number)) for number, v in planned.violations.items()}
    found = read_gate(find_shipped().shapes).results(asserted(text))
    broken = {(each.focus, each.path, each.component) for each in found if each.severity != "Info"}
    assert broken == wanted
    assert planned.size == text.count("\n")


def test_what_is_inferred_is_what_the_rules_infer() -> None:
    _, text = graph_of(30_000)
    given = {
        quad
        for quad in parse(text.encode(), format=RdfFormat.N_QUADS)
        if is_made(str(quad.graph_name)[1:-1]) and quad.graph_name != NamedNode(CATALOGUE)
    }
    store = asserted(text)
    known = set(store)
    infer(store, read_rules(find_shipped().ontology / "rules"))
    assert {quad.triple for quad in given} == {q.triple for q in store if q not in known}


def test_the_degree_of_a_drug_does_not_depend_on_the_size() -> None:
    sizes = [degrees(asserted(graph_of(triples)[1])) for triples in (30_000, 90_000)]
    assert max(sizes[1]) - min(sizes[1]) <= max(sizes[0])
    assert abs(max(sizes[0]) - max(sizes[1])) <= 2


def degrees(store: Store) -> list[int]:
    about, drug = NamedNode(f"{ONTOLOGY}aboutDrug"), NamedNode(f"{ONTOLOGY}givesDrug")
    names = [
        NamedNode(f"https://w3id.org/sarcoma-kg/drug/{Tokens.of_unit(n).name}") for n in range(30)
    ]
    return [
        sum(1 for p in (about, drug) for _ in store.quads_for_pattern(None, p, name))
        for name in names
    ]


def test_names_and_documents_sort_as_their_numbers_do() -> None:
    tokens = [Tokens.of_unit(number) for number in range(0, 60_000, 37)]
    assert [each.name for each in tokens] == sorted({each.name for each in tokens})
    assert [each.document for each in tokens] == sorted(each.document for each in tokens)
    assert Tokens.of_unit(GROUP - 1).document == Tokens.of_unit(0).document


def test_labels_are_distinct() -> None:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store = asserted(graph_of(45_000)[1])
    drugs: list[Quad] = list(store.quads_for_pattern(None, kind, NamedNode(f"{ONTOLOGY}Drug")))
    labels = [q.object for d in drugs for q in store.quads_for_pattern(d.subject, label, None)]
    assert len(drugs) > 60
    assert len(set(labels)) == len(labels) == len(drugs)


def test_too_few_triples_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.generate.compile_templates", lambda _: templates())
    assert main(["--triples", "5000", "--out", str(tmp_path / "a.nq")]) == 2
    assert "too few" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--violations", "-1"], "'-1' is no whole number from 0 on"),
        (["--seed", "-1"], "'-1' is no whole number from 0 on"),
        (["--out", "nowhere/x.nq"], "nowhere/x.nq cannot be written: No such file or directory"),
        (["--triples", "5000"], "5,000 triples are too few"),
    ],
)
def test_options_out_of_range_are_told(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--triples", "30000", "--out", str(tmp_path / "x.nq"), *options]
    assert _status(given) == 2
    assert said in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def _status(given: list[str]) -> object:
    try:
        return main(given)
    except SystemExit as end:
        return end.code


def test_more_violations_than_drugs_are_refused() -> None:
    with pytest.raises(ValueError, match="need as many drugs"):
        plan(templates(), 30_000, 1, violations=1000)
