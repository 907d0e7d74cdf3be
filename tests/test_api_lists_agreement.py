"""The lists say the same as SPARQL over the graph, of every kind and of every field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from list_client import ROOT, Lists, ask, count, counts
from pyoxigraph import Store

from api.kinds import KINDS, Kind
from api.list_fields import Field, FieldType
from api.list_kinds import fields_of
from kg.prefixes import compress

ONTOLOGY = f"{ROOT}ontology/"
SHIPPED = [kind for kind in KINDS if kind.path not in ("imported-trials", "imported-evidence")]
"""Nothing shipped is of the others: tests/test_api_imports.py has some."""

PREFIXES = {
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "http://www.w3.org/ns/dcat#": "dcat:",
}
"""What the context has prefixes for, and this graph refers to."""

BULKY = {"relevantToHistology", "hasEvidence"}
"""What rules repeat by the hundred: a filter finds the same."""


@pytest.fixture(scope="module")
def lists(address: str) -> Iterator[Lists]:
    found = Lists(address)
    yield found
    found.close()


@pytest.fixture(scope="module")
def store(served_store: Store) -> Store:
    return served_store


def in_tens(fields: list[Field]) -> list[str]:
    """Give the names of fields as a parameter takes them: repeated, and with commas."""
    names = [field.name for field in fields]
    return [",".join(names[start : start + 10]) for start in range(0, len(names), 10)]


def stated_by(field: Field) -> str:
    """Give what a record states a value by, written after its class."""
    if not field.part:
        return f"{field.path} ?value"
    kept = f"a :{field.part_class} ; " if field.part_class else ""
    return f"{field.part} [ {kept}{field.path} ?value ]"


def short(iri: str) -> str:
    if iri.startswith(ONTOLOGY):
        return f"sarcoma:{iri.removeprefix(ONTOLOGY)}"
    if not iri.startswith(ROOT):
        base = next((each for each in PREFIXES if iri.startswith(each)), None)
        return iri.replace(base, PREFIXES[base]) if base else compress(iri) or iri
    kind, _, slug = iri.removeprefix(ROOT).partition("/")
    return f"{kind}:{slug}"


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.path)
def test_totals_and_facets_are_those_of_the_graph(lists: Lists, store: Store, kind: Kind) -> None:
    things = [field for field in fields_of(kind.path) if field.type is FieldType.THING]
    answer = lists.get(kind.path, limit=1, facets=in_tens(things))
    assert answer["total"] == count(store, f"?item a :{kind.class_name}") > 0
    for field in things:
        stating = f"?item a :{kind.class_name} ; {stated_by(field)}"
        stated = ask(
            store,
            f"SELECT ?value (COUNT(DISTINCT ?item) AS ?n) WHERE {{ {stating} }} GROUP BY ?value",
        )
        facet = answer["facets"][field.name]
        expected = {short(value): int(found) for value, found in stated}
        assert counts(facet["values"]) == expected, field.name
        assert facet["distinct"] == len(expected)
        having = count(store, stating)
        assert facet["missing"] == answer["total"] - having


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.path)
def test_whatever_records_state_is_a_field(store: Store, kind: Kind) -> None:
    stated = ask(store, f"SELECT DISTINCT ?p WHERE {{ ?item a :{kind.class_name} ; ?p ?value }}")
    steps = " ".join(f"{field.part} {field.path}" for field in fields_of(kind.path))
    words = set(steps.replace("^", " ^").replace("/", " ").replace("|", " ").split())
    own = {predicate.removeprefix(ONTOLOGY) for (predicate,) in stated if ONTOLOGY in predicate}
    named = {word.strip("()").removeprefix(":") for word in words}
    assert own - named <= BULKY


@pytest.mark.parametrize("kind", ["evidence", "comparisons", "trials", "adverse-events", "claims"])
def test_every_number_is_filtered_by_both_ends(lists: Lists, store: Store, kind: str) -> None:
    class_name = next(each.class_name for each in KINDS if each.path == kind)
    numbers = [field for field in fields_of(kind) if field.type is FieldType.NUMBER]
    assert numbers
    for field in numbers:
        path = f"({field.part})/({field.path})" if field.part else field.path
        found = [
            float(value)
            for (value,) in ask(
                store, f"SELECT ?v WHERE {{ ?item a :{class_name} ; {path} ?v }} ORDER BY ?v"
            )
        ]
        if not found:
            continue
        middle = found[len(found) // 2]
        least, most = field.parameters
        for parameter, sign in ((least, ">="), (most, "<=")):
            pattern = f"?item a :{class_name} ; {path} ?v FILTER (?v {sign} {middle})"
            assert lists.total(kind, **{parameter: middle}) == count(store, pattern), parameter


@pytest.mark.parametrize("kind", ["evidence", "recommendations", "trials", "approvals", "claims"])
def test_a_wider_histology_finds_what_is_about_narrower_ones(
    lists: Lists, store: Store, kind: str
) -> None:
    class_name = next(each.class_name for each in KINDS if each.path == kind)
    link = ":includesHistology|:condition" if kind == "trials" else ":aboutHistology"
    for slug in (
        "sarcoma",
        "soft-tissue-sarcoma",
        "liposarcoma",
        "gastrointestinal-stromal-tumour",
    ):
        exactly = f"?item a :{class_name} ; {link} histology:{slug}"
        below = f"?item a :{class_name} ; ({link})/rdfs:subClassOf* histology:{slug}"
        histology = f"histology:{slug}"
        assert lists.total(kind, histology=histology) == count(store, below)
        assert lists.total(kind, histology=histology, direct="true") == count(store, exactly)


def test_filters_of_evidence_agree_with_sparql(lists: Lists, store: Store) -> None:
    item = "?item a :EvidenceItem "
    questions: list[tuple[dict[str, object], str]] = [
        ({"drug": "imatinib"}, "; :aboutDrug drug:imatinib"),
        ({"drug": ["imatinib", "sunitinib"]}, "; :aboutDrug ?d . "
         "FILTER (?d IN (drug:imatinib, drug:sunitinib))"),
        ({"drug": "imatinib, sunitinib"}, "; :aboutDrug ?d . "
         "FILTER (?d IN (drug:imatinib, drug:sunitinib))"),
        ({"treatmentMode": "combination"}, "; :treatmentMode ?m . "
         "FILTER (?m IN (:Combination, :DrugWithRadiotherapy))"),
        ({"phase": "Phase2"}, "; :ofStudy/:phase :Phase2"),
        ({"studyType": "RandomisedTrial"}, "; :ofStudy [ a :RandomisedTrial ]"),
        ({"level": "Level1"}, "; :evidenceLevel :Level1"),
        ({"comparator": "dacarbazine"}, "; :comparatorDrug drug:dacarbazine"),
        ({"document": "jnccn-2007"}, "; :passage/:inDocument document:jnccn-2007"),
        ({"isSubgroup": "true"}, "; :isSubgroup true"),
        ({"isSubgroup": "false"}, ". FILTER NOT EXISTS { ?item :isSubgroup true }"),
        ({"numeric": "false"}, ". FILTER NOT EXISTS { ?item :responders|:percent|:percentLow|"
         ":value|:valueLow|:difference|:hazardRatio|:pValue ?v }"),
        ({"has": "pValue,hazardRatio"}, "; :pValue ?p ; :hazardRatio ?h"),
        ({"lacks": "evaluable"}, ". FILTER NOT EXISTS { ?item :evaluable ?n }"),
        ({"population": "RESISTANT"},
         "; :population ?p . FILTER (CONTAINS(LCASE(?p), 'resistant'))"),
        ({"maxPValue": 0.05, "pOperator": "LessThan"},
         "; :pValue ?p ; :pOperator :LessThan . FILTER (?p <= 0.05)"),
        ({"doseDrug": "doxorubicin", "minDose": 75, "doseUnit": "mg/m2"},
         "; :arm/:dose [ :ofDrug drug:doxorubicin ; :amount|:amountLow|:amountHigh ?n ;"
         " :unit :MilligramPerSquareMetre ] . FILTER (?n >= 75)"),
        ({"counts": "StableDisease"}, "; :endpointDefinition/:counts :StableDisease"),
        ({"type": "ComparativeResult"}, "; a :ComparativeResult"),
        ({"intervention": "drug-class:taxanes"}, "; :aboutClass <" + ROOT + "drug-class/taxanes>"),
    ]  # fmt: skip
    for given, pattern in questions:
        expected = count(store, item + pattern)
        assert lists.total("evidence", **given) == expected > 0, given


def test_dates_count_as_their_last_day(lists: Lists, store: Store) -> None:
    issued = ask(store, "SELECT ?issued WHERE { ?d a :SourceDocument ; :issued ?issued }")
    assert sorted(issued) == [("2007",), ("2017-03",), ("2021-01-22",)]
    of_2007 = count(store, "?item a :EvidenceItem ; :passage/:inDocument document:jnccn-2007")
    assert lists.total("evidence", asOf="2007") == of_2007
    assert lists.total("evidence", as_of="2007-12-31") == of_2007
    assert lists.total("evidence", asOf="2007-12-30") == 0
    assert lists.total("evidence", asOf="2006") == 0
    dated = count(store, "?item a :EvidenceItem ; :passage/:inDocument/:issued ?i")
    assert lists.total("evidence", asOf="2030") == dated
    of_2017 = count(store, "?item a :EvidenceItem ; :passage/:inDocument document:alberta-2017")
    assert lists.total("evidence", minIssued="2017-03", maxIssued="2017") == of_2017
