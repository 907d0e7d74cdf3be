"""What the words of a study mean here: stated or only indexed, acronyms, regimens, p-values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from trial_records import objects, only_record, read_text, study, with_results

from kg.importing.record import Record

RESULT = with_results([{"groupId": "OG000", "value": "1"}])
INTERVENTIONS = [
    {"type": "DRUG", "name": "Pazopanib", "armGroupLabels": ["Arm A"], "otherNames": ["Votrient"]},
    {"type": "DRUG", "name": "Newdrug"},
    {"type": "BEHAVIORAL", "name": "Talks", "armGroupLabels": ["Arm B"]},
]
ARMS = [
    {"label": "Arm A", "type": "EXPERIMENTAL"},
    {"label": "Arm B", "type": "ACTIVE_COMPARATOR", "interventionNames": ["Drug: Newdrug"]},
]


def record(folder: Path, number: str = "NCT00000001", **more: Any) -> Record:
    return only_record(read_text(folder, study(number, **more)))


def trial(found: Record) -> dict[str, list[str]]:
    (only,) = objects(found, "ImportedTrial")
    return only


def derived(*meshes: tuple[str, str], of: str = "condition") -> dict[str, Any]:
    return {f"{of}BrowseModule": {"meshes": [{"id": i, "term": t} for i, t in meshes]}}


@pytest.mark.parametrize("conditions", [["GIST"], []])
def test_what_only_the_registry_indexes_is_marked(conditions: list[str], tmp_path: Path) -> None:
    meshes = {
        **derived(("D046152", "x"), ("D012509", "Sarcoma")),
        **derived(("D000068877", "x"), of="intervention"),
    }
    given = INTERVENTIONS if conditions else []
    found = record(tmp_path, conditions=conditions, interventions=given, derivedSection=meshes)
    said, stated = trial(found), ["h:gist"] if conditions else []
    assert said.get("concernsHistology", []) == stated
    assert said["indexedWithHistology"] == [
        each for each in ("h:gist", "h:sarcoma") if each not in stated
    ]
    assert said.get("concernsDrug", []) == (["d:pazopanib"] if conditions else [])
    assert said["indexedWithDrug"] == ["d:imatinib"]
    assert found.refers >= {"h:gist", "h:sarcoma", "d:imatinib"}


def test_what_is_stated_is_not_marked_as_indexed(tmp_path: Path) -> None:
    said = trial(record(tmp_path, conditions=["GIST"], derivedSection=derived(("D046152", "x"))))
    assert said["concernsHistology"] == ["h:gist"]
    assert "indexedWithHistology" not in said


@pytest.mark.parametrize(
    ("name", "drugs", "regimen"),
    [
        ("Gemcitabine and Docetaxel", ["d:gemcitabine", "d:docetaxel"], "r:gemdoc"),
        ("MAID", [], "r:maid"),
    ],
)
def test_a_regimen_is_of_the_arm_its_results_and_the_trial(
    name: str, drugs: list[str], regimen: str, tmp_path: Path
) -> None:
    given = [{"type": "DRUG", "name": name, "armGroupLabels": ["Arm A"]}]
    found = record(tmp_path, interventions=given, arms=ARMS, **RESULT)
    said = [
        next(objects(found, kind))
        for kind in ("ImportedIntervention", "ImportedArm", "ImportedGroup", "ImportedMeasurement")
    ]
    for each in (*said, trial(found)):
        assert set(each.get("concernsDrug", [])) == set(drugs)
        assert each["concernsRegimen"] == [regimen]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("ARMS", True), ("Alveolar rhabdomyosarcoma (ARMS)", True), ("Arms", False), ("arms", False),
     ("Arms (arms)", False), ("GISTs", True), ("Gists", False)],
)  # fmt: skip
def test_an_acronym_needs_its_capitals(name: str, meant: bool, tmp_path: Path) -> None:
    found = record(tmp_path, conditions=[name])
    assert ("concernsHistology" in trial(found)) is meant


@pytest.mark.parametrize(
    "kind", ["DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "PROCEDURE", "OTHER"]
)
def test_other_names_count_for_what_is_given(kind: str, tmp_path: Path) -> None:
    given = [{"type": kind, "name": "STI571", "otherNames": ["imatinib"]}]
    found = record(tmp_path, interventions=given)
    assert ("concernsDrug" in trial(found)) is (kind not in {"PROCEDURE", "OTHER"})


@pytest.mark.parametrize(
    ("printed", "number"),
    [("1", "1"), ("1.0", "1.0"), ("<0.05", "0.05"), ("1.2", None), ("5e2", None), ("-0.1", None)],
)
def test_a_p_value_is_between_0_and_1(printed: str, number: str | None, tmp_path: Path) -> None:
    results = with_results(analyses=[{"groupIds": ["OG000"], "pValue": printed}])
    (said,) = objects(record(tmp_path, **results), "ImportedComparison")
    assert said["printedP"] == [printed]
    assert said.get("numericP") == ([number] if number else None)
    assert ("printedPOperator" in said) is (number is not None)
