"""Evidence, advice and other lists, with answers checked by hand against the records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from list_client import Lists

GEDDIS = "study:alberta-2017-geddis"


@pytest.fixture(scope="module")
def lists(address: str) -> Iterator[Lists]:
    found = Lists(address)
    yield found
    found.close()


def test_imatinib_as_first_line_in_gist(lists: Lists) -> None:
    items = lists.get("evidence", study="study:jnccn-2007-ref-45", sort="-percent")["items"]
    assert [(item["endpoint"]["id"], item["percent"]) for item in items] == [
        ("sarcoma:PartialResponseRate", 54),
        ("sarcoma:StableDiseaseRate", 28),
    ]
    assert items[0]["source"] == {
        "document": {
            "id": "document:jnccn-2007",
            "label": items[0]["source"]["document"]["label"],
        },
        "issued": "2007",
        "section": "Imatinib and Sunitinib in GIST",
        "citation": ["45"],
    }
    assert items[0]["passage"]["ranges"][0]["start"] == 24146
    assert items[0]["linked"]["phase"] == [{"id": "sarcoma:Phase2", "label": "phase II"}]


def test_hazard_ratios_and_p_values_that_are_printed(lists: Lists) -> None:
    items = lists.get("evidence", has="hazardRatio", sort="hazardRatio,pValue")["items"]
    assert [(item["hazardRatio"], item.get("pValue")) for item in items] == [
        (0.49, None),
        (0.82, 0.026),
        (1.07, 0.67),
        (1.28, 0.07),
        (1.28, 0.07),
    ]
    strongest = lists.get("evidence", maxPValue=0.001, pOperator="<")["items"]
    assert [item["pAsPrinted"] for item in strongest] == ["p < 0.001"]
    assert "drug:olaratumab" in [drug["id"] for drug in strongest[0]["aboutDrug"]]
    assert lists.total("evidence", minHazardRatio=1, maxHazardRatio=1.1) == 1


def test_large_results_by_evaluable_patients(lists: Lists) -> None:
    items = lists.get("evidence", minEvaluable=200, sort="-evaluable")["items"]
    assert [item["evaluable"] for item in items] == [605, 263, 263, 226, 216, 216]


def test_a_dose_and_its_drug_are_asked_of_one_and_the_same_dose(lists: Lists) -> None:
    # An arm gives doxorubicin and more than 900 mg/m2 of another drug, not of doxorubicin.
    assert lists.total("evidence", doseDrug="doxorubicin", minDose=900) == 0
    assert lists.total("evidence", drug="doxorubicin", minDose=900) > 0
    assert lists.total("evidence", doseDrug="gemcitabine", minDose=900) > 0


def test_a_result_in_a_narrower_histology_is_inherited_and_says_from_which(lists: Lists) -> None:
    items = lists.get("evidence", histology="leiomyosarcoma", limit=100)["items"]
    inherited = [item for item in items if item["match"] == "inherited"]
    assert {each["id"] for item in inherited for each in item["from"]} == {
        "histology:uterine-leiomyosarcoma",
        "histology:leiomyosarcoma-of-an-extremity",
        "histology:gastrointestinal-leiomyosarcoma",
    }
    direct = [item for item in items if item["match"] == "direct"]
    assert all(item["from"][0]["id"] == "histology:leiomyosarcoma" for item in direct)
    assert len(direct) == 30
    # Two names that no document equates stay apart.
    assert "histology:gastrointestinal-leiomyosarcoma" not in {
        each["id"]
        for item in lists.get("evidence", histology="GIST", limit=100)["items"]
        for each in item["from"]
    }


def test_nothing_is_inferred_downwards(lists: Lists) -> None:
    osteosarcoma = lists.get("evidence", histology="osteosarcoma")
    assert osteosarcoma["total"] == 1
    assert osteosarcoma["items"][0]["match"] == "direct"


def test_doubtful_texts_are_found_and_say_why(lists: Lists) -> None:
    found = lists.get("evidence", needsReview="denominator", limit=100)["items"]
    assert [item["id"] for item in found if "9 of 28 is 32.1%" in str(item["needsReview"])] == [
        "study:jnccn-2007-ref-63/result/stable-disease"
    ]
    assert lists.total("evidence", has="needsReview") == 50


def test_treatment_without_drugs_is_listed_and_recommended(lists: Lists) -> None:
    assert lists.get("interventions/radiotherapy")["id"] == "procedure:radiotherapy"
    assert lists.get("procedures/SBRT")["id"] == "procedure:stereotactic-body-radiotherapy"
    assert lists.total("interventions") == 89
    of_each = lists.facet("interventions", "type")
    assert (of_each["sarcoma:Drug"], of_each["sarcoma:Procedure"]) == (43, 30)
    assert (of_each["sarcoma:Regimen"], of_each["sarcoma:RadiotherapyCourse"]) == (13, 3)
    for name in ("radiotherapy", "surgery", "ablation", "PET"):
        found = lists.get("recommendations", intervention=name)["items"]
        assert "direct" in {item["matches"]["intervention"]["match"] for item in found}, name
        for item in found:
            assert item["source"]["document"]["id"] == "document:alberta-2017"
            assert item["source"]["issued"] == "2017-03"
    assert lists.ids("recommendations", intervention="radiotherapy", direct="true") == [
        "claim:alberta-2017-recommendation-21a",
        "claim:alberta-2017-general-radiotherapy-of-metastases",
    ]
    assert lists.ids("recommendations", recommends="ablation") == lists.ids(
        "recommendations", intervention="ablation"
    )


def test_a_kind_of_procedure_is_found_by_the_wider_one(lists: Lists) -> None:
    wider = {"surgery": "lung-metastasectomy", "imaging": "chest-spiral-ct"}
    for name, narrower in wider.items():
        narrow = lists.ids("recommendations", intervention=f"procedure:{narrower}")
        items = lists.get("recommendations", intervention=name)["items"]
        found = {item["id"]: item["matches"]["intervention"] for item in items}
        assert narrow, narrower
        for claim in narrow:
            assert found[claim]["match"] == "inherited"
            assert f"procedure:{narrower}" in {each["id"] for each in found[claim]["from"]}
            assert claim not in lists.ids("recommendations", intervention=name, direct="true")


def test_a_planned_course_is_found_by_radiotherapy(lists: Lists) -> None:
    trials = lists.get("trials", intervention="radiotherapy")["items"]
    assert {item["id"] for item in trials} == {
        "trial:anlotinib-postoperative-radiotherapy",
        "trial:nct03651375",
    }
    assert {item["matches"]["intervention"]["match"] for item in trials} == {"inherited"}
    assert lists.total("trials", intervention="radiotherapy", direct="true") == 0
    assert lists.ids("trials", intervention="surgery") == ["trial:nct03651375"]


def test_a_class_is_found_with_its_stated_members(lists: Lists) -> None:
    items = lists.get("evidence", intervention="HSP90 inhibitors")["items"]
    found = {
        item["id"]: [each["id"] for each in item["matches"]["intervention"]["from"]]
        for item in items
        if item["matches"]["intervention"]["match"] == "inherited"
    }
    assert {each for members in found.values() for each in members} == {
        "drug:ipi-504",
        "drug:17-aag",
    }
    assert [item["id"] for item in items if item["id"] not in found] == [
        "study:jnccn-2007-ref-66/result/other-sarcoma-models"
    ]
    # No document says which drugs are taxanes.
    assert lists.total("evidence", intervention="taxanes") == 1


def test_trials_by_phase_status_and_drug(lists: Lists) -> None:
    assert lists.ids("trials", has="status", sort="status") == [
        "trial:nct03651375",
        "trial:anlotinib-postoperative-radiotherapy",
    ]
    assert lists.ids("trials", status="Recruiting") == [
        "trial:anlotinib-postoperative-radiotherapy"
    ]
    assert lists.ids("trials", status="Recruiting", phase="Phase2") == []
    assert "trial:nct03651375" in lists.ids("trials", drug="ifosfamide", phase="Phase2")
    assert lists.ids("trials", minEnrolment=46, maxEnrolment=46) == ["trial:nct03651375"]


def test_approvals_by_jurisdiction_decision_and_date(lists: Lists) -> None:
    canada = lists.get("approvals", jurisdiction="Canada", sort="label")["items"]
    assert [item["decision"]["id"].removeprefix("sarcoma:") for item in canada] == [
        "NotApproved",  # cediranib
        "NotApproved",  # olaratumab
        "Approved",  # pazopanib
        "NotApproved",  # sunitinib, for alveolar soft part sarcoma
        "SubmissionPending",  # eribulin
        "Approved",  # trabectedin
    ]
    assert {item["source"]["issued"] for item in canada} == {"2017-03"}
    assert sum(lists.facet("approvals", "decision").values()) == lists.total("approvals") == 10
    of_2007 = lists.total("approvals", maxAsOf="2007")
    assert (of_2007, lists.total("approvals", minAsOf="2008")) == (3, 6)
    assert lists.total("approvals", lacks="asOf") == 1


def test_adverse_events_by_grade_and_drug_of_one_report(lists: Lists) -> None:
    severe = lists.get("adverse-events", minGradeLow=3, limit=100)["items"]
    assert severe
    assert all(min(item["linked"]["gradeLow"]) >= 3 for item in severe)
    assert lists.ids("adverse-events", drug="eribulin", minGradeLow=3) == [
        "adverse-event:adverse-event-of-any-kind"
    ]


def test_contraindications_have_what_every_list_has(lists: Lists) -> None:
    found = lists.get("contraindications", drug="doxorubicin", facets="comorbidity")
    assert (found["total"], found["facets"]["comorbidity"]["distinct"]) == (3, 3)
    assert "permits nothing" in found["note"]
    nothing = lists.get("contraindications", drug="imatinib")
    assert nothing["total"] == 0
    assert "permits nothing" in nothing["note"]
    refused = lists.problem("contraindications", 400, condition="infection", sort="label")
    assert "sort belongs to the list without conditions" in refused["detail"]
    rows = lists.rows("contraindications", has="threshold")
    assert len(rows) == 2


def test_a_comparison_has_both_sides(lists: Lists) -> None:
    record = lists.get(f"comparisons/{GEDDIS}/result/progression-free-survival-comparison")
    comparison = record["comparison"]
    studied, other = comparison["sides"]
    assert [drug["id"] for drug in studied["drugs"]] == ["drug:docetaxel", "drug:gemcitabine"]
    assert [drug["id"] for drug in other["drugs"]] == ["drug:doxorubicin"]
    assert [each["value"] for each in studied["results"]] == [5.5]
    assert [each["value"] for each in other["results"]] == [5.4]
    assert comparison["statistics"]["hazardRatio"] == 1.28
    assert comparison["statistics"]["pAsPrinted"] == "p=0.07"
    assert comparison["statistics"]["ciLow"] is None
    assert comparison["favours"] == "neither"
    assert "Which arm the ratio favours is not printed" in str(record["needsReview"])
    assert record["passage"]["ranges"]
    assert record["source"]["issued"] == "2017-03"


@pytest.mark.parametrize(
    ("record", "favours", "studied", "other"),
    [
        ("study:jnccn-2007-ref-31/result/response-comparison", "studied", [32], [17]),
        ("study:jnccn-2007-ref-47/result/dose-reduction-comparison", "comparator", [60], [16]),
        ("study:jnccn-2007-ref-48/result/progression-free-survival-comparison", "neither",
         [53], [50]),
        ("study:jnccn-2007-ref-29/result/response-comparison", "neither", [24], [16]),
        # No group stands on the other side, or the record itself calls it inconclusive.
        ("study:jnccn-2007-ref-09/result/response", "not stated", [], []),
        ("study:jnccn-2007-ref-35/result/radiological-response-comparison", "not stated",
         [16], None),
    ],
)  # fmt: skip
def test_whom_a_comparison_favours_is_what_the_document_says(
    lists: Lists, record: str, favours: str, studied: list[int], other: list[int] | None
) -> None:
    comparison = lists.get(f"comparisons/{record}")["comparison"]
    assert comparison["favours"] == favours
    assert comparison["because"]
    shown = [[each.get("percent") for each in side["results"]] for side in comparison["sides"]]
    assert shown[0] == studied
    if other is not None:
        assert shown[1] == other


def test_comparisons_are_filtered_as_evidence(lists: Lists) -> None:
    assert lists.total("comparisons") == 59
    given = {"drug": "gemcitabine", "comparator": "gemcitabine", "direction": "Supports"}
    assert lists.ids("comparisons", **given) == lists.ids(
        "evidence", type="ComparativeResult", **given
    )
    assert lists.total("comparisons", has="comparatorArm") == 48


def test_no_list_pools_anything(lists: Lists) -> None:
    answer = lists.get("evidence", endpoint="ObjectiveResponseRate", facets="drug", limit=1)
    assert set(answer) == {
        "@context", "snapshot", "total", "limit", "next", "note", "facets", "items",
    }  # fmt: skip
    assert set(answer["facets"]["drug"]["values"][0]) == {"id", "label", "count"}
    assert "Nothing is pooled" in answer["note"]
