from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.canned import Term
from api.cardinality import Cardinality, read_cardinality
from api.directory import Directory, Entry
from api.json_context import context_document
from api.records import RecordWriter
from api.statements import Statement, Statements
from kg.context import read_context
from kg.shipped import find_shipped

CONTEXT = read_context(find_shipped().ontology / "context.jsonld")
ONTOLOGY, ROOT = CONTEXT.namespaces.ontology, CONTEXT.namespaces.root
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
STUDY = f"{ROOT}study/x"
RESULT = f"{STUDY}/result/r"
DRUG = Entry(f"{ROOT}drug/imatinib", "drug:imatinib", "imatinib")
WRITER = RecordWriter(
    CONTEXT,
    Directory({DRUG.iri: DRUG}, CONTEXT.namespaces),
    Cardinality(
        frozenset({f"{ONTOLOGY}percent", f"{ONTOLOGY}order"}),
        {f"{ONTOLOGY}EvidenceItem": frozenset({f"{ONTOLOGY}line"})},
    ),
)


def say(
    predicate: str, value: str, datatype: str | None = None, inferred: bool = False
) -> Statement:
    return Statement(ONTOLOGY + predicate, Term(value, datatype and XSD + datatype), inferred)


def write(
    *statements: Statement, exact: bool = False, **parts: tuple[Statement, ...]
) -> dict[str, Any]:
    about = {RESULT: statements, **{f"{RESULT}/{name}": found for name, found in parts.items()}}
    writer = RecordWriter(CONTEXT, WRITER.directory, WRITER.cardinality, is_exact=exact)
    record = writer.write(RESULT, Statements(about, {}))
    assert record.pop("id") == "study:x/result/r"
    assert record.pop("iri") == RESULT
    return record


def test_a_reference_has_an_id_and_a_label() -> None:
    record = write(say("aboutDrug", DRUG.iri), say("endpoint", f"{ONTOLOGY}ObjectiveResponseRate"))
    assert record == {
        "aboutDrug": [{"id": "drug:imatinib", "label": "imatinib"}],
        "endpoint": [{"id": "sarcoma:ObjectiveResponseRate"}],
    }


def test_shapes_tell_one_value_from_a_list() -> None:
    item = Statement(TYPE, Term(f"{ONTOLOGY}EvidenceItem"))
    line = say("line", f"{ONTOLOGY}FirstLine")
    assert write(line)["line"] == [{"id": "sarcoma:FirstLine"}]
    assert write(item, line)["line"] == {"id": "sarcoma:FirstLine"}


def test_two_values_are_a_list_whatever_the_shapes_say() -> None:
    record = write(say("percent", "10", "decimal"), say("percent", "9", "decimal"))
    assert record["percent"] == [10, 9]


@pytest.mark.parametrize(
    ("datatype", "text", "plain", "exact"),
    [
        ("decimal", "46.1", 46.1, "46.1"),
        ("decimal", "17", 17, "17"),
    ],
)
def test_decimals_are_numbers_in_json_and_texts_in_json_ld(
    datatype: str, text: str, plain: float, exact: str
) -> None:
    statement = say("percent", text, datatype)
    assert write(statement)["percent"] == plain
    assert write(statement, exact=True)["percent"] == exact


@pytest.mark.parametrize("exact", [False, True])
def test_whole_numbers_and_truth_values_are_what_they_are(exact: bool) -> None:
    record = write(
        say("responders", "5", "integer"), say("isSubgroup", "true", "boolean"), exact=exact
    )
    assert record == {"responders": [5], "isSubgroup": [True]}


def test_what_rules_compute_is_marked_and_typed() -> None:
    months = say("months", "3.45", "decimal", inferred=True)
    assert write(months) == {"months": 3.45, "inferred": ["months"]}
    assert write(months, exact=True)["months"] == {"@type": f"{XSD}decimal", "@value": "3.45"}


def test_the_key_fits_the_value() -> None:
    dates = say("asOf", "2017-03", "gYearMonth"), say("asOf", "2017", "gYear")
    assert write(*dates) == {"asOfMonth": ["2017-03"], "asOfYear": ["2017"]}
    recommended = say("recommends", DRUG.iri), say("recommends", f"{ROOT}procedure/surgery")
    assert set(write(*recommended)) == {"recommendsDrug", "recommendsProcedure"}


def test_a_part_is_nested_once_and_in_order() -> None:
    record = write(
        say("range", f"{RESULT}/b"),
        say("range", f"{RESULT}/a"),
        say("passage", f"{RESULT}/a"),
        a=(say("order", "2", "integer"),),
        b=(say("order", "1", "integer"),),
    )
    a, b = "study:x/result/r/a", "study:x/result/r/b"
    assert record["passage"] == [{"id": a, "order": 2}]
    assert record["ranges"] == [{"id": a}, {"id": b, "order": 1}]


def test_numbered_parts_stand_in_their_order() -> None:
    record = write(
        say("range", f"{RESULT}/a"),
        say("range", f"{RESULT}/b"),
        a=(say("order", "2", "integer"),),
        b=(say("order", "1", "integer"),),
    )
    assert [each["order"] for each in record["ranges"]] == [1, 2]


def test_parts_that_point_to_their_record_stand_under_its_key() -> None:
    arm = f"{STUDY}/arm/a"
    about = {STUDY: (), arm: (say("armOf", STUDY), say("givesDrug", DRUG.iri))}
    record = WRITER.write(STUDY, Statements(about, {STUDY: ((f"{ONTOLOGY}armOf", arm),)}))
    assert record["arms"] == [
        {"id": "study:x/arm/a", "givesDrug": [{"id": "drug:imatinib", "label": "imatinib"}]}
    ]


def test_types_stand_first_and_those_of_owl_are_left_out() -> None:
    owl = Statement(TYPE, Term("http://www.w3.org/2002/07/owl#NamedIndividual"))
    wider = Statement(TYPE, Term(f"{ONTOLOGY}Claim"), is_inferred=True)
    record = write(owl, wider, Statement(TYPE, Term(f"{ONTOLOGY}EvidenceItem")))
    assert record == {"type": ["EvidenceItem", "Claim"]}


def test_the_context_of_the_answers_adds_to_that_of_the_records() -> None:
    served = context_document(CONTEXT)["@context"]
    assert CONTEXT.definitions.items() <= served.items()
    assert served["items"] == "@graph"
    assert served["total"] is None


def test_cardinality_is_read_from_shapes(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        """
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:1> sh:targetSubjectsOf <urn:p> ; sh:path <urn:p> ; sh:maxCount 1 .
        <urn:2> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:q> ; sh:maxCount 1 ] .
        <urn:3> sh:targetObjectsOf <urn:r> ; sh:property [ sh:path <urn:s> ; sh:maxCount 1 ] .
        <urn:4> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:t> ; sh:maxCount 2 ] .
        """
    )
    found = read_cardinality(tmp_path)
    assert found.is_one("urn:p", [])
    assert found.is_one("urn:q", ["urn:B", "urn:C"])
    assert not found.is_one("urn:q", ["urn:B"])
    assert found.is_one("urn:s", ["urn:r"])
    assert not found.is_one("urn:t", ["urn:C"])
