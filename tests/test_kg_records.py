"""Records: triples with the lines they come from, and faults that are refused at theirs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode

from kg.context import Context, Expects, Term, read_context
from kg.problem import Place, Problem, Refused
from kg.record_graph import MARKER
from kg.records import Records, parse_records, read_records

FOLDER = Path(__file__).parent / "loader"
CONTEXT = read_context(FOLDER / "context.jsonld")
ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
STUDY = "https://w3id.org/sarcoma-kg/study/example"
DRUG = "https://w3id.org/sarcoma-kg/drug/"
HEAD = "id: study:a\ntype: Study\n"


def complaints(text: str, context: Context = CONTEXT) -> list[str]:
    with pytest.raises(Refused) as caught:
        parse_records(text, context=context, shown_as="a.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture(scope="module")
def example() -> Records:
    return read_records(FOLDER / "study.yaml", context=CONTEXT, shown_as="study.yaml")


def lines(records: Records) -> set[str]:
    return {f"{triple} ." for triple in records.triples}


def test_values_keep_their_text_and_take_their_datatype(example: Records) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert lines(example) >= {
        f'<{STUDY}> <{label}> "no" .',
        f'<{STUDY}> <{ONTOLOGY}synonym> "012" .',
        f'<{STUDY}> <{ONTOLOGY}synonym> "12:30" .',
        f'<{STUDY}> <{ONTOLOGY}enrolled> "0120"^^<{xsd}integer> .',
        f'<{STUDY}> <{ONTOLOGY}started> "2017-01-31"^^<{xsd}date> .',
        f'<{STUDY}/arm/doxorubicin/dose/2> <{ONTOLOGY}amount> "5.50"^^<{xsd}decimal> .',
        f'<{STUDY}/result/response> <{ONTOLOGY}percent> "0.026"^^<{xsd}decimal> .',
    }


def test_nested_records_hang_under_their_study(example: Records) -> None:
    assert lines(example) >= {
        f"<{STUDY}/arm/both> <{ONTOLOGY}armOf> <{STUDY}> .",
        f"<{STUDY}/arm/both> <{ONTOLOGY}ofDrug> <{DRUG}doxorubicin> .",
        f"<{STUDY}/arm/both> <{ONTOLOGY}ofDrug> <{DRUG}ifosfamide> .",
        f"<{STUDY}/result/response> <{ONTOLOGY}arm> <{STUDY}/arm/doxorubicin> .",
        f"<https://example.org/paper> <{ONTOLOGY}cites> <{STUDY}> .",
    }


def test_parts_without_an_id_are_named_by_their_place(example: Records) -> None:
    passage = f"{STUDY}/result/response/passage"
    assert lines(example) >= {
        f"<{STUDY}/arm/both> <{ONTOLOGY}dose> <{STUDY}/arm/both/dose> .",
        f"<{STUDY}/arm/doxorubicin> <{ONTOLOGY}dose> <{STUDY}/arm/doxorubicin/dose/1> .",
        f"<{passage}> <{ONTOLOGY}range> <{passage}/range/2> .",
    }
    ends = (end for t in example.triples for end in (t.subject, t.object))
    assert not any(isinstance(end, BlankNode) for end in ends)


def test_markers_leave_no_trace(example: Records) -> None:
    assert NamedNode(MARKER) not in {triple.predicate for triple in example.triples}


@pytest.mark.parametrize(
    ("subject", "predicate", "line"),
    [
        (STUDY, None, 2),
        (STUDY, f"{ONTOLOGY}enrolled", 6),
        (STUDY, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", 3),
        (f"{STUDY}/arm/both", None, 20),
        (f"{STUDY}/arm/both", f"{ONTOLOGY}ofDrug", 22),
        (f"{STUDY}/arm/both/dose", f"{ONTOLOGY}amount", 24),
        (f"{STUDY}/result/response/passage/range/2", f"{ONTOLOGY}end", 34),
        (f"{STUDY}/nowhere", None, 2),
    ],
)
def test_every_statement_knows_its_line(
    example: Records, subject: str, predicate: str | None, line: int
) -> None:
    assert example.places.find(subject, predicate) == Place("study.yaml", line)


def test_described_is_what_says_more_than_its_id(example: Records) -> None:
    assert dict(example.described) == {
        STUDY: Place("study.yaml", 2),
        f"{STUDY}/arm/doxorubicin": Place("study.yaml", 12),
        f"{STUDY}/arm/doxorubicin/dose/1": Place("study.yaml", 16),
        f"{STUDY}/arm/doxorubicin/dose/2": Place("study.yaml", 18),
        f"{STUDY}/arm/both": Place("study.yaml", 20),
        f"{STUDY}/arm/both/dose": Place("study.yaml", 24),
        f"{STUDY}/result/response": Place("study.yaml", 26),
        f"{STUDY}/result/response/passage": Place("study.yaml", 31),
        f"{STUDY}/result/response/passage/range/1": Place("study.yaml", 33),
        f"{STUDY}/result/response/passage/range/2": Place("study.yaml", 34),
        "https://w3id.org/sarcoma-kg/study/other": Place("study.yaml", 36),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("just text", "a.yaml:1: a record must be a mapping with 'id' and 'type'"),
        ("- {id: study:a, type: Study}\n- study:b", "a.yaml:2: a record must be a mapping"),
        ("- - a", "a.yaml:1: a record must be a mapping"),
        (
            HEAD + "arms:\n  - {id: b, type: TrialArm}\n  - {id: b, type: TrialArm}",
            "a.yaml:5: study:a/arm/b is already described on line 4; merge the two records",
        ),
        (
            "- {id: drug:a, type: Drug}\n- {id: 'https://w3id.org/sarcoma-kg/drug/a', type: X}",
            "a.yaml:2: drug:a is already described on line 1; merge the two records",
        ),
        (
            "- {id: drug:a, type: Drug}\n"
            "- {id: drug:b, type: Drug, relatedTo: {id: drug:a, label: x}}",
            "a.yaml:2: drug:a is already described on line 1; merge the two records",
        ),
        (
            HEAD + "ofDrug: [b, drug:b]",
            "a.yaml:3: 'ofDrug' says 'drug:b' 2 times; keep one",
        ),
        (
            HEAD + "arms:\n  - id: b\n  - id: study:a/arm/b",
            "a.yaml:3: 'arms' says 'study:a/arm/b' 2 times; keep one",
        ),
        (
            HEAD + "doses:\n  - amount: 1\n  - {amount: 2, order: 1}",
            "a.yaml:4: one of several under 'doses' has no 'order'; write order: 1, 2, ...",
        ),
        (
            HEAD + "doses:\n  - {amount: 1, order: 1}\n  - {amount: 2, order: 01}",
            "a.yaml:5: order 1 is already used under 'doses'; number each one once",
        ),
        (
            HEAD + "doses: {amount: 1}\nrelatedTo: {id: study:a/dose, label: x}",
            "a.yaml:4: study:a/dose is already described on line 3; merge the two records",
        ),
        (
            HEAD + "relatedTo: {id: study:a/dose, label: x}\ndoses: {amount: 1}",
            "a.yaml:4: study:a/dose is already described on line 3; merge the two records",
        ),
    ],
)
def test_faults_that_show_in_the_triples(text: str, expected: str) -> None:
    [found] = complaints(text)
    assert found.startswith(expected)


def test_repeated_ids_are_reported_beside_other_problems() -> None:
    assert complaints("- {id: drug:a, type: Drug}\n- {id: drug:a, type: Drug, lable: x}") == [
        "a.yaml:2: unknown key 'lable'; did you mean 'label'?"
    ]
    assert len(complaints("a: ~\nid: study:a\ntype: [A, A]\nlable: x")) == 4


def test_a_value_that_jsonld_drops_is_named() -> None:
    """No context that is read can define this; the audit is the net below it."""
    string = CONTEXT.terms["label"].datatype
    term = Term("dropped", "https://e.org/dropped", Expects.TEXT, string, reverse=False)
    terms = {**CONTEXT.terms, "dropped": term}
    definitions = {**CONTEXT.definitions, "dropped": None}
    context = Context(definitions, terms, CONTEXT.namespaces, "id", "type")
    assert complaints(HEAD + "label: x\ndropped: [a, b]", context) == [
        "a.yaml:4: 'dropped' gives 0 statements for 2 values; see how the context defines the key"
    ]


def test_a_record_that_jsonld_refuses_is_named() -> None:
    definitions = {**CONTEXT.definitions, "label": {"@id": "label", "@type": "not absolute"}}
    context = Context(definitions, CONTEXT.terms, CONTEXT.namespaces, "id", "type")
    found = complaints("- {id: drug:a, type: Drug}\n- {id: drug:b, type: Drug, label: x}", context)
    assert found
    assert all("the record is no JSON-LD" in problem for problem in found)


def test_a_broken_file_keeps_its_own_problems() -> None:
    assert complaints("") == ["a.yaml:1: the file is empty; write a record or delete the file"]


KEYS = st.sampled_from([*CONTEXT.keys, "lable", "@id", "drug"])
TEXTS = st.one_of(
    st.sampled_from(["study:a", "a", "1", "2", "true", "2017-01-01", "PhaseTwo", "x y", "foo:b"]),
    st.text(max_size=6),
)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(tree=st.dictionaries(KEYS, TREES, max_size=5))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mapping_is_loaded_or_refused(tree: dict[str, Any]) -> None:
    document = {"id": "study:a", "type": "Study", **tree}
    attempt(yaml.safe_dump(document, allow_unicode=True))


@given(text=st.text(alphabet=st.sampled_from("ab:-#&*!|>'\"%@`{}[],? \n\t~=\\x0é1"), max_size=40))
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_loaded_or_refused(text: str) -> None:
    attempt(text)
    attempt(HEAD + text)


def attempt(text: str) -> None:
    """Whatever is loaded has distinct triples about named subjects with places."""
    records, problems = outcome(text)
    assert (records is None) == bool(problems)
    assert all(problem.place.line >= 1 for problem in problems)
    if records is not None:
        assert len(set(records.triples)) == len(records.triples) > 0
        subjects = [t.subject for t in records.triples if isinstance(t.subject, NamedNode)]
        assert len(subjects) == len(records.triples)
        ours = [subject.value for subject in subjects if "/study/a" in subject.value]
        assert all(records.places.find(subject) for subject in ours)


def outcome(text: str) -> tuple[Records | None, tuple[Problem, ...]]:
    try:
        return parse_records(text, context=CONTEXT, shown_as="a.yaml"), ()
    except Refused as refused:
        return None, refused.problems


def test_five_hundred_records_load_within_seconds() -> None:
    """Measured: 2,000 such records, 82,000 triples, in 3 s; the bound is for slow machines."""
    record = (FOLDER / "study.yaml").read_text(encoding="utf-8").partition("- id: https")[0]
    text = "".join(record.replace("study:example", f"study:example-{n}") for n in range(500))
    started = time.perf_counter()
    records = parse_records(text, context=CONTEXT, shown_as="a.yaml")
    assert len(records.triples) == 500 * 41
    assert time.perf_counter() - started < 15
