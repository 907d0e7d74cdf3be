"""The real studies: an independent count of the JSON against what is stated of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from trial_records import TERMS, described, objects, subjects, values

from kg.importing.clinicaltrials import find_version, read
from kg.importing.gate import read_import_gate
from kg.importing.record import Record, Reject
from kg.shipped import find_shipped

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared/data/clinicaltrials/v2"
FILES = sorted(FOLDER.glob("*.json"))
pytestmark = pytest.mark.skipif(not FILES, reason="skipped: no ../shared")


def record(path: Path) -> Record:
    (item,) = read([path], TERMS)
    assert isinstance(item, Record)
    return item


def found(value: Any, *keys: str) -> Iterator[Any]:
    """Yield what stands under keys, through all lists."""
    if isinstance(value, list):
        for each in value:
            yield from found(each, *keys)
    elif not keys:
        yield value
    elif isinstance(value, dict) and keys[0] in value:
        yield from found(value[keys[0]], *keys[1:])


def number(study: Any, path: str) -> int:
    return sum(1 for _ in found(study, *path.split(".")))


OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures"
ARMS = "protocolSection.armsInterventionsModule"
EVENTS = "resultsSection.adverseEventsModule"
FLOW = "resultsSection.participantFlowModule"
DERIVED = "derivedSection"
COUNTED = {
    "ImportedTrial": ["protocolSection.identificationModule.nctId"],
    "ImportedCondition": [
        "protocolSection.conditionsModule.conditions",
        f"{DERIVED}.conditionBrowseModule.meshes",
    ],
    "ImportedIntervention": [
        f"{ARMS}.interventions",
        f"{DERIVED}.interventionBrowseModule.meshes",
    ],
    "ImportedArm": [f"{ARMS}.armGroups"],
    "ImportedPlannedOutcome": [
        f"protocolSection.outcomesModule.{kind}Outcomes"
        for kind in ("primary", "secondary", "other")
    ],
    "ImportedReportedOutcome": [OUTCOMES],
    "ImportedGroup": [f"{OUTCOMES}.groups", f"{EVENTS}.eventGroups", f"{FLOW}.groups"],
    "ImportedMeasurement": [f"{OUTCOMES}.classes.categories.measurements"],
    "ImportedDenominator": [f"{OUTCOMES}.denoms.counts", f"{OUTCOMES}.classes.denoms.counts"],
    "ImportedComparison": [f"{OUTCOMES}.analyses"],
    "ImportedAdverseEventResult": [f"{EVENTS}.seriousEvents.stats", f"{EVENTS}.otherEvents.stats"],
    "ImportedAdverseEventTotal": [
        f"{EVENTS}.eventGroups.{kind}NumAffected" for kind in ("deaths", "serious", "other")
    ],
    "ImportedFlowCount": [
        f"{FLOW}.periods.milestones.achievements",
        f"{FLOW}.periods.dropWithdraws.reasons",
    ],
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_of_a_study_is_stated_once(path: Path) -> None:
    study, stated = json.loads(path.read_text()), record(path)
    expected = {kind: sum(number(study, each) for each in paths) for kind, paths in COUNTED.items()}
    assert {kind: len(subjects(stated, kind)) for kind in COUNTED} == expected
    assert len(set(stated.triples)) == len(stated.triples)


def test_the_figures_of_the_files_are_what_they_were() -> None:
    every = Counter[str]()
    for path in FILES:
        stated = record(path)
        every.update({kind: len(subjects(stated, kind)) for kind in COUNTED})
    assert every["ImportedTrial"] == 6
    assert every["ImportedReportedOutcome"] == 16
    assert every["ImportedMeasurement"] == 52
    assert every["ImportedComparison"] == 5
    assert every["ImportedAdverseEventResult"] == 4059


PRINTED = {
    "value": "valueAsPrinted",
    "spread": "spreadAsPrinted",
    "lowerLimit": "lowerLimitAsPrinted",
    "upperLimit": "upperLimitAsPrinted",
    "paramValue": "valueAsPrinted",
    "ciLowerLimit": "lowerLimitAsPrinted",
    "ciUpperLimit": "upperLimitAsPrinted",
    "ciPctValue": "confidenceLevel",
    "pValue": "printedP",
    "statisticalMethod": "statisticalMethod",
    "numAffected": "affectedNumber",
    "numAtRisk": "atRiskNumber",
    "numEvents": "eventCount",
    "numSubjects": "valueAsPrinted",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_is_the_one_at_its_place(path: Path) -> None:
    study, stated = json.loads(path.read_text()), record(path)
    evidence = [
        each for each in described(stated).values() if "#/" in each.get("recordPlace", [""])[0]
    ]
    for each in evidence:
        node = at(study, each["recordPlace"][0].partition("#")[2])
        for key, name in PRINTED.items():
            if key in node:
                assert each.get(name) == [str(node[key])], (key, each)
    assert len(evidence) == len(subjects(stated, "ImportedEvidenceItem"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_totals_of_events_are_those_of_their_group(path: Path) -> None:
    study = json.loads(path.read_text())
    prefixes = {"DEATH": "deaths", "SERIOUS": "serious", "OTHER": "other"}
    for each in objects(record(path), "ImportedAdverseEventTotal"):
        node = at(study, each["recordPlace"][0].partition("#")[2])
        prefix = prefixes[each["eventKind"][0]]
        assert each["affectedNumber"] == [str(node[f"{prefix}NumAffected"])]
        assert each["atRiskNumber"] == [str(node[f"{prefix}NumAtRisk"])]


def at(value: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/"):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_numbers_are_worth_what_is_printed(path: Path) -> None:
    pairs = {
        "numericValue": "valueAsPrinted",
        "numericSpread": "spreadAsPrinted",
        "numericLowerLimit": "lowerLimitAsPrinted",
        "numericUpperLimit": "upperLimitAsPrinted",
    }
    for each in objects_of_results(record(path)):
        for numeric, printed in pairs.items():
            assert [Decimal(v) for v in each.get(numeric, [])] == [
                Decimal(v) for v in each.get(printed, [])
            ]


def objects_of_results(stated: Record) -> Iterator[dict[str, list[str]]]:
    for kind in ("ImportedMeasurement", "ImportedComparison", "ImportedDenominator"):
        yield from objects(stated, kind)


def test_an_analysis_is_as_the_registry_prints_it() -> None:
    stated = record(FOLDER / "NCT02513394.json")
    first = next(objects(stated, "ImportedComparison"))
    iri = "https://w3id.org/sarcoma-kg/imported/clinicaltrials/NCT02513394"
    assert first["inGroup"] == [f"{iri}/outcome/0/group/OG00{n}" for n in (0, 1)]
    assert first["parameterType"] == ["Hazard Ratio (HR)"]
    assert first["valueAsPrinted"] == ["0.96"]
    assert (first["lowerLimitAsPrinted"], first["upperLimitAsPrinted"]) == (["0.81"], ["1.14"])
    assert (first["printedP"], first["printedPOperator"], first["numericP"]) == (
        ["0.65"],
        ["="],
        ["0.65"],
    )
    assert (first["confidenceLevel"], first["confidenceSides"]) == (["95"], ["TWO_SIDED"])
    measured = next(objects(stated, "ImportedMeasurement"))
    assert (measured["valueAsPrinted"], measured["participantsAnalysed"]) == (["84.2"], ["2884"])
    assert values(stated, f"{iri}/outcome/0")["unitAsPrinted"] == ["percentage of participants"]


def test_the_gate_of_imports_lets_every_study_through() -> None:
    gate = read_import_gate(find_shipped(), {})
    refused: dict[int, Reject] = gate.refusals([record(path) for path in FILES])
    assert refused == {}


def test_the_version_is_the_newest_that_a_study_states() -> None:
    derived = [json.loads(path.read_text())["derivedSection"] for path in FILES]
    assert find_version(FILES) == max(each["miscInfoModule"]["versionHolder"] for each in derived)
