"""What of a study is stated: its design, its conditions and interventions, and what they match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from trial_records import (
    objects,
    only_record,
    only_reject,
    read_text,
    study,
    values,
    with_results,
)

from kg.importing.record import Record, RejectRule

TRIAL = "https://w3id.org/sarcoma-kg/imported/clinicaltrials/NCT00000001"
STATUS = {
    "overallStatus": "TERMINATED",
    "whyStopped": "Slow accrual",
    "startDateStruct": {"date": "2015-08", "type": "ACTUAL"},
    "primaryCompletionDateStruct": {"date": "2019-01-20", "type": "ACTUAL"},
    "completionDateStruct": {"date": "2015-02-31", "type": "ESTIMATED"},
    "lastUpdatePostDateStruct": {"date": "2023-06-15", "type": "ACTUAL"},
}
DESIGN = {
    "studyType": "INTERVENTIONAL",
    "phases": ["PHASE1", "PHASE2"],
    "designInfo": {
        "allocation": "RANDOMIZED",
        "interventionModel": "PARALLEL",
        "primaryPurpose": "TREATMENT",
        "maskingInfo": {"masking": "DOUBLE"},
    },
    "enrollmentInfo": {"count": 42, "type": "ACTUAL"},
}


def record(folder: Path, number: str = "NCT00000001", **more: Any) -> Record:
    return only_record(read_text(folder, study(number, **more)))


def trial(found: Record) -> dict[str, list[str]]:
    (only,) = objects(found, "ImportedTrial")
    return only


def test_the_design_is_as_printed(tmp_path: Path) -> None:
    found = record(tmp_path, statusModule=STATUS, designModule=DESIGN)
    said = trial(found)
    assert said["label"] == ["Trial NCT00000001"]
    assert said["source"] == ["https://clinicaltrials.gov/study/NCT00000001"]
    assert said["registeredStatus"] == ["TERMINATED"]
    assert said["whyStopped"] == ["Slow accrual"]
    assert said["registeredPhase"] == ["PHASE1", "PHASE2"]
    assert said["registeredModel"] == ["PARALLEL"]
    assert said["registeredEnrolment"] == ["42"]
    assert said["recordPlace"] == ["trials.json"]


@pytest.mark.parametrize(
    ("name", "printed", "kind"),
    [
        ("registeredStart", "2015-08", "gYearMonth"),
        ("registeredPrimaryCompletion", "2019-01-20", "date"),
        ("registeredCompletion", "2015-02-31", "string"),
    ],
)
def test_a_date_keeps_what_is_printed(name: str, printed: str, kind: str, tmp_path: Path) -> None:
    found = record(tmp_path, statusModule=STATUS)
    (literal,) = (t.object for t in found.triples if t.predicate.value.endswith(f"/{name}"))
    assert str(literal).startswith(f'"{printed}"')
    assert (kind == "string") == ("^^" not in str(literal))
    assert kind == "string" or str(literal).endswith(f"#{kind}>")


def test_what_is_blank_or_missing_is_not_stated(tmp_path: Path) -> None:
    found = record(tmp_path, statusModule={"whyStopped": " ", "overallStatus": None})
    assert not {"whyStopped", "registeredStatus", "registeredPhase"} & trial(found).keys()


def test_references_are_cited_or_only_indexed(tmp_path: Path) -> None:
    references = [
        {"pmid": "1", "type": "BACKGROUND"},
        {"pmid": "2", "type": "RESULT"},
        {"pmid": "3", "type": "DERIVED"},
        {"citation": "no number", "type": "RESULT"},
    ]
    said = trial(record(tmp_path, referencesModule={"references": references}))
    assert said["citedReference"] == ["pubmed:1", "pubmed:2"]
    assert said["indexedReference"] == ["pubmed:3"]


def test_places_are_counted_and_their_countries_named(tmp_path: Path) -> None:
    locations = [{"country": "Canada"}, {"country": "Chad"}, {"country": "Canada"}, {}]
    said = trial(record(tmp_path, contactsLocationsModule={"locations": locations}))
    assert (said["numberOfLocations"], said["locationCountry"]) == (["4"], ["Canada", "Chad"])


def test_people_and_long_texts_are_left_out(tmp_path: Path) -> None:
    found = record(
        tmp_path,
        descriptionModule={"briefSummary": "SECRET"},
        eligibilityModule={"eligibilityCriteria": "SECRET", "sex": "ALL"},
        contactsLocationsModule={"overallOfficials": [{"name": "SECRET"}]},
    )
    assert not any("SECRET" in str(triple) for triple in found.triples)


def test_a_curated_study_is_found_by_its_number(tmp_path: Path) -> None:
    found = record(tmp_path, "NCT03651375")
    assert trial(found)["recordOfStudy"] == ["s:resarc"]
    assert "s:resarc" in found.refers
    assert "recordOfStudy" not in trial(record(tmp_path))


def derived(*meshes: tuple[str, str], of: str = "condition") -> dict[str, Any]:
    return {f"{of}BrowseModule": {"meshes": [{"id": i, "term": t} for i, t in meshes]}}


@pytest.mark.parametrize("printed", ["D000046152", "D046152"])
def test_a_derived_condition_matches_by_identifier(printed: str, tmp_path: Path) -> None:
    found = record(tmp_path, derivedSection=derived((printed, "Some Other Name")))
    (said,) = objects(found, "ImportedCondition")
    assert said["concernsHistology"] == ["h:gist"]
    assert said["matchedBy"] == ["identifier"]
    assert (said["termOrigin"], said["indexedAs"]) == (["derived"], [f"MESH:{printed}"])


def test_an_identifier_of_nine_digits_is_itself(tmp_path: Path) -> None:
    meshes = derived(("D000068877", "Imatinib Mesylate"), of="intervention")
    (said,) = objects(record(tmp_path, derivedSection=meshes), "ImportedIntervention")
    assert said["concernsDrug"] == ["d:imatinib"]
    meshes = derived(("D000006887", "Else"), of="intervention")
    (said,) = objects(record(tmp_path, derivedSection=meshes), "ImportedIntervention")
    assert "concernsDrug" not in said


def test_conditions_match_by_name_and_the_others_are_listed(tmp_path: Path) -> None:
    found = record(tmp_path, conditions=["GIST", "Sarcoma, Synovial", "Melanoma"])
    said = [each.get("concernsHistology") for each in objects(found, "ImportedCondition")]
    assert said == [["h:gist"], ["h:synovial"], None]
    assert [(each.kind, each.name) for each in found.unmatched] == [("histology", "Melanoma")]
    assert trial(found)["concernsHistology"] == ["h:gist", "h:synovial"]
    assert found.refers == {"h:gist", "h:synovial"}


def test_three_letters_name_no_condition(tmp_path: Path) -> None:
    found = record(tmp_path, conditions=["MFH"])
    assert [each.name for each in found.unmatched] == ["MFH"]


RESULT = with_results([{"groupId": "OG000", "value": "1"}])


@pytest.mark.parametrize(
    ("conditions", "meshes", "concerns", "occurs"),
    [
        (["GIST"], (), ["h:gist"], []),
        (["GIST", "Gastrointestinal Stromal Tumors"], (), ["h:gist"], []),
        (["GIST", "Melanoma"], (), [], ["h:gist"]),
        (["GIST", "Sarcoma"], (), [], ["h:gist", "h:sarcoma"]),
        (["GIST, Malignant"], (("D046152", "x"),), [], []),
        (["GIST", "Melanoma"], (("D012509", "x"),), [], ["h:gist"]),
        (["Melanoma"], (), [], []),
        ([], (("D046152", "x"),), [], []),
    ],
)
def test_results_are_of_a_histology_only_where_the_trial_is_of_it_alone(
    conditions: list[str],
    meshes: tuple[tuple[str, str], ...],
    concerns: list[str],
    occurs: list[str],
    tmp_path: Path,
) -> None:
    found = record(tmp_path, conditions=conditions, derivedSection=derived(*meshes), **RESULT)
    (said,) = objects(found, "ImportedMeasurement")
    assert said.get("concernsHistology", []) == concerns
    assert said.get("inPopulationOf", []) == occurs


INTERVENTIONS = [
    {"type": "DRUG", "name": "Pazopanib", "armGroupLabels": ["Arm A"], "otherNames": ["Votrient"]},
    {"type": "DRUG", "name": "Newdrug"},
    {"type": "BEHAVIORAL", "name": "Talks", "armGroupLabels": ["Arm B"]},
]
ARMS = [
    {"label": "Arm A", "type": "EXPERIMENTAL"},
    {"label": "Arm B", "type": "ACTIVE_COMPARATOR", "interventionNames": ["Drug: Newdrug"]},
]


def test_arms_are_given_what_either_of_them_says(tmp_path: Path) -> None:
    found = record(tmp_path, interventions=INTERVENTIONS, arms=ARMS)
    first, second = objects(found, "ImportedArm")
    assert first["receivesIntervention"] == [f"{TRIAL}/intervention/0"]
    assert first["concernsDrug"] == ["d:pazopanib"]
    assert second["receivesIntervention"] == [f"{TRIAL}/intervention/{n}" for n in (1, 2)]
    assert "concernsDrug" not in second
    assert [(u.kind, u.name) for u in found.unmatched] == [
        ("drug", "Newdrug"),
        ("intervention", "Talks"),
    ]
    assert values(found, f"{TRIAL}/intervention/0")["otherName"] == ["Votrient"]


def test_results_concern_the_drugs_of_the_arm_of_the_same_title(tmp_path: Path) -> None:
    results = with_results(
        [{"groupId": "OG000", "value": "84.20"}, {"groupId": "OG001", "value": "NA"}],
        denoms=[{"units": "Participants", "counts": [{"groupId": "OG000", "value": "30"}]}],
        analyses=[{"groupIds": ["OG000", "OG001"], "pValue": "<0.001", "paramValue": "0.96"}],
    )
    found = record(tmp_path, interventions=INTERVENTIONS, arms=ARMS, **results)
    first, second = objects(found, "ImportedMeasurement")
    assert first["concernsDrug"] == ["d:pazopanib"]
    assert "concernsDrug" not in second
    assert (first["valueAsPrinted"], first["numericValue"]) == (["84.20"], ["84.20"])
    assert second["valueAsPrinted"] == ["NA"]
    assert "numericValue" not in second
    assert first["confidenceLevel"] == ["95"]
    assert (first["participantsAnalysed"], second.get("participantsAnalysed")) == (["30"], None)
    (comparison,) = objects(found, "ImportedComparison")
    assert (comparison["printedPOperator"], comparison["numericP"]) == (["<"], ["0.001"])
    assert len(comparison["inGroup"]) == 2
    groups = [*objects(found, "ImportedGroup")]
    assert [group["correspondsToArm"] for group in groups] == [[f"{TRIAL}/arm/{n}"] for n in (0, 1)]


def test_a_group_of_a_title_of_two_arms_is_neither(tmp_path: Path) -> None:
    arms = [{"label": "Arm A"}, {"label": "arm  a"}]
    found = record(tmp_path, arms=arms, **RESULT)
    assert not any("correspondsToArm" in group for group in objects(found, "ImportedGroup"))


def test_denominators_of_a_row_come_before_those_of_the_outcome(tmp_path: Path) -> None:
    def counted(value: str, units: str = "Participants") -> dict[str, Any]:
        return {"units": units, "counts": [{"groupId": "OG000", "value": value}]}

    measured = [{"measurements": [{"groupId": "OG000", "value": "1"}]}]
    rows = [
        {"title": "at 1 year", "denoms": [counted("20")], "categories": measured},
        {"title": "at 2 years", "denoms": [counted("7", "Lesions")], "categories": measured},
    ]
    found = record(tmp_path, **with_results(denoms=[counted("30")], classes=rows))
    said = [
        (m["classTitle"], m["participantsAnalysed"]) for m in objects(found, "ImportedMeasurement")
    ]
    assert said == [(["at 1 year"], ["20"]), (["at 2 years"], ["30"])]
    assert [d["valueAsPrinted"] for d in objects(found, "ImportedDenominator")] == [
        ["30"],
        ["20"],
        ["7"],
    ]


def test_two_groups_of_one_id_refuse_the_study(tmp_path: Path) -> None:
    results = with_results(groups=[{"id": "OG000"}, {"id": "OG000"}])
    reject = only_reject(read_text(tmp_path, study(**results)))
    assert reject.rule is RejectRule.UNREADABLE
    assert reject.place.endswith("/groups/1/id")
