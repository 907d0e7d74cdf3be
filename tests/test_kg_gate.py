"""Gate: shapes and checks over the asserted graphs, as problems with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.gate import Gate, n_triples, read_gate, stopping
from kg.namespaces import Namespaces
from kg.places import Places
from kg.problem import Place, Problem, Severity

NAMES = Namespaces({"drug": "http://e.org/drug/"}, "http://e.org/ontology/")
PREFIXES = """\
@prefix : <http://e.org/ontology/> .
@prefix drug: <http://e.org/drug/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = """
:DrugShape a sh:NodeShape ; sh:targetClass :Drug ;
  sh:property [ sh:path :label ; sh:minCount 1 ; sh:message "label: give one label" ] ;
  sh:property [ sh:path :code ; sh:maxLength 3 ; sh:message "code: at most 3 letters" ] ;
  sh:property [ sh:path :note ; sh:maxCount 0 ; sh:severity sh:Info ] ;
  sh:property [ sh:path :target ; sh:class :Target ; sh:message "target: no target" ] .
"""
CHECK = """\
# No drug has the code bad.
# severity: warning
PREFIX : <http://e.org/ontology/>
SELECT ?focus ?path WHERE { ?focus :code "bad" BIND (:code AS ?path) }
"""
PLACES = Places(
    {
        ("http://e.org/drug/a", None): Place("drugs.yaml", 1),
        ("http://e.org/drug/a", "http://e.org/ontology/code"): Place("drugs.yaml", 3),
        ("http://e.org/drug/b", None): Place("drugs.yaml", 7),
    }
)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "codes.rq").write_text(CHECK, encoding="utf-8")
    (tmp_path / "drug.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    return read_gate(tmp_path)


def _problems(gate: Gate, *texts: str) -> list[str]:
    store = Store()
    for number, text in enumerate(texts):
        graph = NamedNode(f"http://e.org/graph/{number}")
        store.load(PREFIXES + text, format=RdfFormat.TURTLE, to_graph=graph)
    return [str(found) for found in gate.problems(store, places=PLACES, namespaces=NAMES)]


def test_a_good_graph_passes(gate: Gate) -> None:
    assert _problems(gate, 'drug:a a :Drug ; :label "a" ; :code "abc" .') == []


def test_a_problem_stands_at_the_line_of_the_key_else_of_the_record(gate: Gate) -> None:
    assert _problems(gate, 'drug:a a :Drug ; :code "abcd" .') == [
        "drugs.yaml:1: drug:a: label: give one label",
        'drugs.yaml:3: drug:a: code: at most 3 letters (found "abcd")',
    ]


def test_warnings_of_checks_and_shapes_without_message_are_worded(gate: Gate) -> None:
    assert _problems(gate, 'drug:a a :Drug ; :label "a" ; :code "bad" ; :note 1 .') == [
        "drugs.yaml:1: info: drug:a: :note breaks sh:MaxCountConstraintComponent",
        "drugs.yaml:3: warning: drug:a: No drug has the code bad.",
    ]


def test_what_has_no_place_is_still_reported(gate: Gate) -> None:
    assert _problems(gate, "drug:c a :Drug .") == ["(no file):1: drug:c: label: give one label"]


def test_classes_are_seen_across_graphs_with_their_subclasses(gate: Gate) -> None:
    record = 'drug:b a :Drug ; :label "b" ; :target drug:x .'
    assert _problems(gate, record) == ["drugs.yaml:7: drug:b: target: no target (found drug:x)"]
    axiom = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
    axiom += ":Receptor rdfs:subClassOf :Target ."
    assert _problems(gate, record, axiom, "drug:x a :Receptor .") == []


def test_the_default_graph_is_checked_too(gate: Gate) -> None:
    store = Store()
    store.load(PREFIXES + "drug:a a :Drug .", format=RdfFormat.TURTLE)
    problems = gate.problems(store, places=PLACES, namespaces=NAMES)
    assert [str(each) for each in problems] == ["drugs.yaml:1: drug:a: label: give one label"]


def test_only_violations_stop() -> None:
    problems = [Problem(Place("a"), "m", severity) for severity in Severity]
    assert [problem.severity for problem in stopping(problems)] == [Severity.VIOLATION]


def test_the_graphs_of_a_store_are_dumped_as_one() -> None:
    assert n_triples(Store()) == b""
