from __future__ import annotations

from pathlib import Path

import pytest

from kg.context import read_context
from kg.record_check import check_record, find_iri_fault
from kg.yaml_source import Mapping, parse_yaml

CONTEXT = read_context(Path(__file__).parent / "loader" / "context.jsonld")
HEAD = "id: study:a\ntype: Study\n"


def complaints(text: str) -> list[str]:
    source = parse_yaml(text, shown_as="a.yaml")
    assert isinstance(source.tree, Mapping)
    return [str(problem) for problem in check_record(source.tree, CONTEXT, shown_as="a.yaml")]


@pytest.mark.parametrize(
    "text",
    [
        "label: 1,000",
        "enrolled: 12",
        "ofDrug: doxorubicin",
        "ofDrug: [drug:a, 'https://example.org/x', b.c_d-E]",
        "phase: [PhaseTwo, drug:x]",
        "arms: {id: a, ofDrug: b}",
        "arms:\n  - {id: a}\n  - {id: study:a/arm/b}",
        "citedBy: [study:b, {id: study:c}]",
        "doses: {amount: 1}",
        "phase: order",
    ],
)
def test_sound_records_pass(text: str) -> None:
    assert complaints(HEAD + text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lable: x", "a.yaml:3: unknown key 'lable'; did you mean 'label'?"),
        ("zebra: x", "a.yaml:3: unknown key 'zebra'"),
        ("drug: x", "a.yaml:3: unknown key 'drug'; did you mean 'ofDrug'?"),
        ("rdfs:label: x", "a.yaml:3: unknown key 'rdfs:label'"),
        ("https://e.org/p: x", "a.yaml:3: unknown key 'https://e.org/p'"),
        ("urn:sarcoma-kg:part: '1'", "a.yaml:3: unknown key 'urn:sarcoma-kg:part'"),
        ("'@type': Drug", "a.yaml:3: key '@type' is refused; keywords of JSON-LD belong in the"),
        ("arms: {id: b, '@context': x}", "a.yaml:3: key '@context' is refused"),
        (
            "enrolled: 1,000",
            "a.yaml:3: 'enrolled': '1,000' is not an integer of up to 18 digits; write it ",
        ),
        ("pooled: yes", "a.yaml:3: 'pooled': 'yes' is not a boolean; write it like 'true' or "),
        ("started: 2017-13-01", "a.yaml:3: 'started': '2017-13-01' is not a date; write it like "),
        ("enrolled:\n  - 1\n  - x", "a.yaml:5: 'enrolled': 'x' is not an integer"),
        ("doses: {amount: 5 mg}", "a.yaml:3: 'amount': '5 mg' is not a decimal number"),
        ("label: {label: x}", "a.yaml:3: 'label' takes a text, but here stands a record"),
        ("enrolled: {label: x}", "a.yaml:3: 'enrolled' takes a text, but here stands a record"),
        ("phase: {label: x}", "a.yaml:3: 'phase' takes a name that the ontology declares, but"),
        ("arms: doxorubicin", "a.yaml:3: 'arms': a record is expected, but here stands 'doxo"),
        ("label: [[a]]", "a.yaml:3: 'label' holds a list inside a list; write one list"),
        ("label:\n  - a\n  - a", "a.yaml:5: 'label' has 'a' on line 4 already; keep one of them"),
        ("relatedTo: foo:bar", "a.yaml:3: 'relatedTo': 'foo:bar' has the undeclared prefix 'foo'"),
        ("relatedTo: drugs:bar", "a.yaml:3: 'relatedTo': 'drugs:bar' has the undeclared prefix "),
        ("relatedTo: _:b0", "a.yaml:3: 'relatedTo': '_:b0' has the undeclared prefix '_'"),
        ("relatedTo: label:x", "a.yaml:3: 'relatedTo': 'label:x' has the undeclared prefix"),
        ("relatedTo: urn:x", "a.yaml:3: 'relatedTo': 'urn:x' has the undeclared prefix 'urn'"),
        ("relatedTo: http:x", "a.yaml:3: 'relatedTo': 'http:x' has the undeclared prefix 'http'"),
        ("relatedTo: 'drug:'", "a.yaml:3: 'relatedTo': 'drug:' is ill-formed; write a name"),
        ("relatedTo: drug://x", "a.yaml:3: 'relatedTo': 'drug://x' is ill-formed"),
        ("relatedTo: drug:a b", "a.yaml:3: 'relatedTo': 'drug:a b' is ill-formed"),
        ("relatedTo: drug:../x", "a.yaml:3: 'relatedTo': 'drug:../x' is ill-formed"),
        ("relatedTo: drug:x/", "a.yaml:3: 'relatedTo': 'drug:x/' is ill-formed"),
        ("relatedTo: xsd:<x>", "a.yaml:3: 'relatedTo': 'xsd:<x>' is no IRI"),
        ("relatedTo: https://e.org/a b", "a.yaml:3: 'relatedTo': 'https://e.org/a b' is no IRI"),
        ("relatedTo: https://e.org/<a>", "a.yaml:3: 'relatedTo': 'https://e.org/<a>' is no IRI"),
        ("relatedTo: a b", "a.yaml:3: 'relatedTo': 'a b' is ill-formed"),
        ("relatedTo: ../x", "a.yaml:3: 'relatedTo': '../x' is ill-formed"),
        ("relatedTo: '@id'", "a.yaml:3: 'relatedTo': '@id' is ill-formed"),
        ("relatedTo: '#x'", "a.yaml:3: 'relatedTo': '#x' is ill-formed"),
        ("relatedTo: /x", "a.yaml:3: 'relatedTo': '/x' is ill-formed"),
        ("phase: phase two", "a.yaml:3: 'phase': 'phase two' is not a name"),
        (
            "phase: :PhaseTwo",
            "a.yaml:3: 'phase': ':PhaseTwo' begins with a colon; write 'PhaseTwo'",
        ),
        ("phase: foo:x", "a.yaml:3: 'phase': 'foo:x' has the undeclared prefix 'foo'"),
        ("phase: drug", "a.yaml:3: 'phase': 'drug' is a word of the context, not a name of the"),
        ("phase: id", "a.yaml:3: 'phase': 'id' is a word of the context"),
        ("phase: label", "a.yaml:3: 'phase': 'label' is a word of the context"),
        ("arms: {id: a b}", "a.yaml:3: id 'a b' is ill-formed"),
        ("arms: {id: foo:b}", "a.yaml:3: id 'foo:b' has the undeclared prefix 'foo'"),
        ("arms: {id: [a]}", "a.yaml:3: 'id' takes one text"),
        ("arms: {id: {id: a}}", "a.yaml:3: 'id' takes one text"),
        ("arms: {id: a, type: {label: x}}", "a.yaml:3: 'type' takes a name that the ontology"),
        ("arms: {id: a, type: Trial Arm}", "a.yaml:3: 'type': 'Trial Arm' is not a name"),
        ("arms: {id: a, type: drug:x}", "a.yaml:3: 'type': 'drug:x' is not a name; names are"),
        ("arms: {id: a, type: [A, 'https://e.org/X']}", "a.yaml:3: 'type': 'https://e.org/X' is"),
    ],
)
def test_faults_are_one_sentence_with_a_line(text: str, expected: str) -> None:
    [found] = complaints(HEAD + text)
    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type: Study", "a.yaml:1: the record has no 'id'; write one"),
        ("id: study:a", "a.yaml:1: the record has no 'type'; write one"),
        ("type: Study\nid: a", "a.yaml:2: id 'a' has no prefix; write one of document:, drug:, "),
        ("type: Study\nid: foo:a", "a.yaml:2: id 'foo:a' has the undeclared prefix 'foo'"),
        ("type: Study\nid: study:a b", "a.yaml:2: id 'study:a b' is ill-formed"),
        ("type: Study\nid: study:a#b", "a.yaml:2: id 'study:a#b' must not hold '?' or '#'"),
        ("type: Study\nid: https://e.org/", "a.yaml:2: id 'https://e.org/' must not hold"),
        ("type: Study\nid: http://e.org/a", "a.yaml:2: id 'http://e.org/a' must begin with https"),
        ("type: Study\nid: [study:a]", "a.yaml:2: 'id' takes one text"),
    ],
)
def test_top_level_records_need_an_id_and_a_type(text: str, expected: str) -> None:
    [found] = complaints(text)
    assert found.startswith(expected)


def test_ids_may_be_https_iris() -> None:
    assert complaints("id: https://example.org/a\ntype: Study") == []


def test_every_fault_of_a_record_is_reported() -> None:
    assert len(complaints("lable: x\nenrolled: y\narms:\n  - {x: y}\n  - z")) == 6


@pytest.mark.parametrize("text", ["drug:a", "study:a/arm/b", "https://e.org/a", "http://e.org/a#b"])
def test_references_may_be_curies_and_web_iris(text: str) -> None:
    assert find_iri_fault(text, CONTEXT) is None
