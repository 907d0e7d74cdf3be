from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
import pytest

from kg.context import read_context
from kg.places import turtle_places
from kg.records import Records, parse_records
from kg.references import check_references

CONTEXT = read_context(Path(__file__).parent / "loader" / "context.jsonld")
ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
TERMS = [
    *("Drug", "Study", "TrialArm", "PhaseTwo", "ofDrug", "arm", "armOf", "phase", "dose"),
    *("relatedTo", "cites", "amount", "synonym"),
]
DECLARED = [ONTOLOGY + term for term in TERMS]
DRUGS = """\
- {id: drug:doxorubicin, type: Drug, label: x}
- {id: drug:ifosfamide, type: Drug, label: y}
- {id: regimen:aim, type: Drug}
"""


def load(text: str, name: str) -> Records:
    return parse_records(text, context=CONTEXT, shown_as=name)


def complaints(*sources: Records, declared: Sequence[str] = DECLARED) -> list[str]:
    found = check_references(sources, declared=declared, namespaces=CONTEXT.namespaces)
    return [str(problem) for problem in found]


def study(text: str) -> Records:
    return load("id: study:a\ntype: Study\n" + text, "study.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "ofDrug: doxorubicin",
        "ofDrug: [doxorubicin, drug:ifosfamide]",
        "phase: PhaseTwo",
        "relatedTo: https://example.org/anything",
        "relatedTo: xsd:anything",
        "arms: {id: b, type: TrialArm, arm: b}",
        "doses: {amount: 1}",
        "relatedTo: {id: drug:new, synonyms: x}",
        "citedBy: drug:doxorubicin",
    ],
)
def test_known_references_pass(text: str) -> None:
    assert complaints(load(DRUGS, "drugs.yaml"), study(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ofDrug: doxorubicine", "unknown drug 'doxorubicine'; did you mean drug:doxorubicin?"),
        ("ofDrug: zebra", "unknown drug 'zebra'; describe drug:zebra, or refer to another"),
        ("ofDrug: aim", "unknown drug 'aim'; did you mean regimen:aim?"),
        ("phase: PhaseTow", "unknown name 'PhaseTow'; did you mean PhaseTwo?"),
        ("relatedTo: study:a/arm/b", "unknown study:a/arm/b; describe study:a/arm/b, or refer to"),
        (
            "relatedTo: https://w3id.org/sarcoma-kg/unheard/of",
            "unknown IRI <https://w3id.org/sarcoma-kg/unheard/of>; describe https://w3id.org/",
        ),
        ("relatedTo: {id: drug:doxorubicine}", "unknown drug 'doxorubicine'; did you mean drug:"),
        ("pooled: true", "unknown property 'pooled'; describe :pooled, or refer to another"),
    ],
)
def test_unknown_references_name_their_line_and_a_near_match(text: str, expected: str) -> None:
    [found] = complaints(load(DRUGS, "drugs.yaml"), study(text))
    assert found.startswith(f"study.yaml:3: {expected}")


def test_an_unknown_class_is_called_a_class() -> None:
    [found] = complaints(load("id: drug:a\ntype:\n  - Drug\n  - Drgu", "drugs.yaml"))
    assert found == "drugs.yaml:2: unknown class 'Drgu'; did you mean Drug?"


def test_a_nested_reference_is_near_its_siblings() -> None:
    text = "arms: {id: doxorubicin, type: TrialArm, arm: doxorubicine}"
    [found] = complaints(study(text))
    assert found == (
        "study.yaml:3: unknown study:a/arm/doxorubicine; did you mean study:a/arm/doxorubicin?"
    )


def test_each_place_of_an_unknown_reference_is_reported_once() -> None:
    text = "ofDrug: zebra\narms:\n  - {id: a, type: TrialArm, ofDrug: zebra}"
    assert [found.split(": ")[0] for found in complaints(study(text))] == [
        "study.yaml:3",
        "study.yaml:5",
    ]


def test_one_unknown_property_is_one_problem_a_file() -> None:
    first = load("- {id: drug:a, type: Drug, pooled: true}", "a.yaml")
    both = "- {id: drug:b, type: Drug, pooled: true}\n- {id: drug:c, type: Drug, pooled: true}"
    assert len(complaints(first, load(both, "b.yaml"))) == 2


def test_a_record_described_in_two_files_names_both() -> None:
    overlay = load("id: drug:doxorubicin\ntype: Drug\nlabel: mine", "mine.yaml")
    assert complaints(load(DRUGS, "drugs.yaml"), overlay) == [
        "mine.yaml:1: drug:doxorubicin is already described at drugs.yaml:1; rename this one"
    ]


def test_a_nested_record_described_in_two_files_names_both() -> None:
    other = load("id: study:a/arm/b\ntype: TrialArm", "other.yaml")
    assert complaints(study("arms: {id: b, type: TrialArm}"), other) == [
        "other.yaml:1: study:a/arm/b is already described at study.yaml:3; rename this one"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ofDrug: {id: doxorubicin, synonyms: mine}",
        "arms: {id: b, type: TrialArm, ofDrug: {id: doxorubicin, synonyms: mine}}",
    ],
)
def test_a_nested_record_may_not_add_to_another_one(text: str) -> None:
    assert complaints(load(DRUGS, "drugs.yaml"), study(text)) == [
        "study.yaml:3: drug:doxorubicin is already described at drugs.yaml:1; rename this one"
    ]


def test_a_record_may_not_take_the_part_of_another_one() -> None:
    mine = load("id: study:b\ntype: Study\narms: {id: study:a/arm/b}", "mine.yaml")
    assert complaints(study("arms: {id: b, type: TrialArm}"), mine) == [
        "mine.yaml:3: study:a/arm/b is already described at study.yaml:3; rename this one"
    ]


def test_a_part_that_was_named_by_its_place_is_described_too() -> None:
    text = "id: drug:a\ntype: Drug\nrelatedTo: {id: study:a/dose, amount: 2}"
    assert complaints(study("doses: {amount: 1}"), load(text, "mine.yaml")) == [
        "mine.yaml:3: study:a/dose is already described at study.yaml:3; rename this one"
    ]


def test_a_record_described_again_is_one_problem_with_all_its_parts() -> None:
    text = "doses: {amount: 1}\narms: {id: b, type: TrialArm}"
    mine = load("id: study:a\ntype: Study\n" + text, "mine.yaml")
    assert complaints(study(text), mine) == [
        "mine.yaml:1: study:a is already described at study.yaml:1; rename this one"
    ]


def test_a_record_may_not_redefine_the_ontology() -> None:
    text = "id: https://w3id.org/sarcoma-kg/ontology/Drug\ntype: Study"
    assert complaints(load(text, "mine.yaml")) == [
        "mine.yaml:1: :Drug is already described in the ontology; rename this one"
    ]


def test_turtle_files_can_be_checked_too() -> None:
    turtle = "@prefix : <https://w3id.org/sarcoma-kg/ontology/> .\n\n:Drug :relatedTo :Drgu .\n"
    quads = pyoxigraph.parse(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    source = Records(
        tuple(quad.triple for quad in quads), turtle_places(turtle, shown_as="o.ttl"), {}
    )
    assert complaints(source) == ["o.ttl:3: unknown name 'Drgu'; did you mean Drug?"]
