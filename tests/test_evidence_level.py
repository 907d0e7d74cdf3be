"""The level of a result: one for each, by its study's design, its size and how it is reported."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from pyoxigraph import Quad, QuerySolutions, RdfFormat, Store, parse

from kg.build import Assembly
from kg.rules import Rule, infer, read_rules
from kg.shipped import find_shipped

SHIPPED = find_shipped()
ONTOLOGY = SHIPPED.ontology
DOC = SHIPPED.root / "docs" / "evidence-levels.md"
TERMS = "https://w3id.org/sarcoma-kg/ontology/"
PREFIXES = f"""
@prefix : <{TERMS}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix result: <https://w3id.org/sarcoma-kg/study/x/result/> .
@prefix study: <https://w3id.org/sarcoma-kg/study/> .
"""
RANDOMISED = "study:x a :RandomisedTrial ; :phase :Phase3 . "
PHASE_2 = "study:x a :ClinicalTrial ; :phase :Phase2 . "
RATE = "result:a a :ProportionResult ; :ofStudy study:x ; :percent 30.0 "
COMPARISON = "result:a a :ComparativeResult ; :ofStudy study:x ; :finding :Higher "
ARM = "; :arm study:arm . study:arm :numberOfPatients 15 . "

# What the records say of a result, and the level that follows.
CASES = {
    "a comparison of a randomised trial with a p-value": (
        RANDOMISED + COMPARISON + "; :pValue 0.04 .",
        1,
    ),
    "with a hazard ratio": (RANDOMISED + COMPARISON + "; :hazardRatio 0.8 .", 1),
    "with a confidence interval, and its difference": (
        RANDOMISED + COMPARISON + "; :difference 2.0 ; :ciLow 1.0 ; :ciHigh 3.0 .",
        1,
    ),
    "the same of a part of the patients": (
        RANDOMISED + COMPARISON + "; :pValue 0.04 ; :isSubgroup true .",
        2,
    ),
    "the figure of one arm of a randomised trial": (RANDOMISED + RATE + ".", 2),
    "one arm, though a p-value stands in its record": (RANDOMISED + RATE + "; :pValue 0.04 .", 2),
    "a comparison of a randomised trial in words": (RANDOMISED + COMPARISON + ".", 3),
    "words on a part of a randomised trial": (RANDOMISED + COMPARISON + "; :isSubgroup true .", 4),
    "twenty patients of a phase II trial": (PHASE_2 + RATE + "; :evaluable 20 .", 3),
    "nineteen": (PHASE_2 + RATE + "; :evaluable 19 .", 4),
    "the evaluable ones count, not the arm": (
        PHASE_2 + "study:x :numberOfPatients 40 . " + RATE + "; :evaluable 19 .",
        4,
    ),
    "the patients counted for the result": (PHASE_2 + RATE + "; :numberOfPatients 25 .", 3),
    "the arm, not its larger study": (
        PHASE_2 + "study:x :numberOfPatients 40 . " + RATE + ARM,
        4,
    ),
    "two arms together": (
        PHASE_2 + RATE + "; :arm study:other " + ARM + "study:other :numberOfPatients 15 .",
        3,
    ),
    "the study where nothing else is counted": (
        PHASE_2 + "study:x :numberOfPatients 40 . " + RATE + ".",
        3,
    ),
    "a denominator that is uncertain does not count": (
        PHASE_2 + RATE + "; :uncertainEvaluable 43 .",
        4,
    ),
    "a size that is not stated": (PHASE_2 + RATE + ".", 4),
    "a part with a number of its own": (
        PHASE_2 + RATE + "; :evaluable 30 ; :isSubgroup true .",
        4,
    ),
    "a part without one: the study's does not count": (
        PHASE_2 + "study:x :numberOfPatients 40 . " + RATE + "; :isSubgroup true .",
        5,
    ),
    "a trial of no printed phase": (
        "study:x a :ClinicalTrial . " + RATE + "; :evaluable 60 .",
        4,
    ),
    "a phase that is said not to be printed": (
        "study:x a :ClinicalTrial ; :phase :PhaseNotStated . " + RATE + "; :evaluable 60 .",
        4,
    ),
    "a kind of clinical trial": (
        "study:x a :SingleArmTrial ; :phase :Phase2 . " + RATE + "; :evaluable 60 .",
        3,
    ),
    "words on a phase II trial": (
        PHASE_2 + "result:a a :QualitativeResult ; :ofStudy study:x ; :evaluable 60 .",
        4,
    ),
    "several trials together": (
        "study:x a :TrialSeries ; :phase :Phase2 . " + RATE + "; :evaluable 200 .",
        5,
    ),
    "a retrospective analysis": ("study:x a :RetrospectiveAnalysis . " + RATE + ".", 5),
    "a case series": ("study:x a :CaseSeries . " + RATE + ".", 5),
    "a design without a name": ("study:x a :Study . " + RATE + ".", 5),
    "words on a design without a name": ("study:x a :Study . " + COMPARISON + ".", 6),
    "a laboratory study": ("study:x a :LaboratoryStudy . " + RATE + ".", 6),
    "words on a part of a laboratory study": (
        "study:x a :LaboratoryStudy . " + COMPARISON + "; :isSubgroup true .",
        6,
    ),
    "no study": ("result:a a :ProportionResult ; :percent 30.0 .", 6),
}


@pytest.fixture(scope="module")
def rule() -> Rule:
    return next(one for one in read_rules(ONTOLOGY / "rules") if one.name == "evidence-level")


@pytest.fixture(scope="module")
def ontology() -> tuple[Quad, ...]:
    return tuple(parse(path=str(ONTOLOGY / "sarcoma.ttl")))


@pytest.mark.parametrize("case", CASES)
def test_the_level_follows_from_the_records(
    case: str, rule: Rule, ontology: tuple[Quad, ...]
) -> None:
    statements, level = CASES[case]
    store = Store()
    store.extend(ontology)
    store.extend(parse(PREFIXES + statements, format=RdfFormat.TURTLE))
    infer(store, [rule])
    assert list(levels(store).values()) == [{f"Level{level}"}]


def test_every_result_has_one_level(assembly: Assembly) -> None:
    found = select(assembly.store, "?item a :EvidenceItem")
    assert {one["item"] for one in found} == set(levels(assembly.store))
    assert [item for item, given in levels(assembly.store).items() if len(given) != 1] == []


def test_every_level_has_results(assembly: Assembly) -> None:
    given = set().union(*levels(assembly.store).values())
    assert given == {f"Level{number}" for number in range(1, 7)}


def test_no_other_rule_changes_a_level(assembly: Assembly, rule: Rule) -> None:
    asserted = Store()
    asserted.extend(
        quad for quad in assembly.store if "/graph/inferred-" not in str(quad.graph_name)
    )
    infer(asserted, [rule])
    assert levels(asserted) == levels(assembly.store)


def test_nobody_can_write_a_level() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert "evidenceLevel" not in context
    derived = (SHIPPED.shapes / "checks" / "key-derived.rq").read_text(encoding="utf-8")
    assert "(:evidenceLevel " in derived


def test_the_docs_say_of_each_level_what_the_ontology_says(ontology: tuple[Quad, ...]) -> None:
    text = DOC.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `:(Level\d)` \| (.+) \|$", text, re.MULTILINE))
    store = Store()
    store.extend(ontology)
    found = select(store, "?item a :EvidenceLevel ; skos:definition ?text")
    assert rows == {one["item"].removeprefix(TERMS): one["text"] for one in found}


def test_the_queries_of_the_docs_have_answers(assembly: Assembly) -> None:
    queries = re.findall(r"```sparql\n(.+?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert queries
    for query in queries:
        answer = assembly.store.query(query, use_default_graph_as_union=True)
        assert isinstance(answer, QuerySolutions)
        assert list(answer), query


def levels(store: Store) -> dict[str, set[str]]:
    """Return the local names of the levels of each result, by the result's IRI."""
    given: dict[str, set[str]] = {}
    for one in select(store, "?item :evidenceLevel ?text"):
        given.setdefault(one["item"], set()).add(one["text"].removeprefix(TERMS))
    return given


def select(store: Store, pattern: str) -> list[Mapping[str, str]]:
    query = f"""PREFIX : <{TERMS}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT DISTINCT ?item ?text WHERE {{ {pattern} }}"""
    answer = store.query(query, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return [{name: getattr(row[name], "value", "") for name in ("item", "text")} for row in answer]
