"""Which findings are said not to agree, and what is said to differ."""

from __future__ import annotations

import time

import httpx
import pytest

from api.contradictions import Contradiction, Rule, find_contradictions
from api.findings import Finding

SHARED = {
    "histology": "gist",
    "drug": "imatinib",
    "endpoint": "ObjectiveResponseRate",
    "study": "one",
    "direction": "Inconclusive",
}


def finding(iri: str, **fields: str) -> Finding:
    given = {**SHARED, **{name.replace("_", " "): value for name, value in fields.items()}}
    return Finding(iri, {name: frozenset({value}) for name, value in given.items() if value})


def found(*findings: Finding) -> list[Contradiction]:
    return list(find_contradictions(findings))


def rules(*findings: Finding) -> list[Rule]:
    return [each.rule for each in found(*findings)]


def test_opposed_directions() -> None:
    pair = finding("a", direction="Supports"), finding("b", direction="Refutes")
    assert rules(*pair) == [Rule.OPPOSED]
    assert rules(pair[0], finding("b", direction="Inconclusive")) == []


def test_intervals_apart_and_overlapping() -> None:
    low, high = (
        finding("a", responders="0", evaluable="40"),
        finding("b", responders="20", evaluable="40"),
    )
    assert rules(low, high) == [Rule.APART]
    assert rules(low, finding("b", responders="2", evaluable="40")) == []
    assert rules(low, finding("b", responders="20")) == []


@pytest.mark.parametrize("counts", [("30", "20"), ("-1", "20"), ("x", "20"), ("1", "9e99")])
def test_impossible_counts_have_no_interval(counts: tuple[str, str]) -> None:
    odd = finding("a", responders=counts[0], evaluable=counts[1], months="inf", median="true")
    assert odd.interval is None
    assert odd.median is None
    assert rules(odd, finding("b", responders="19", evaluable="20")) == []


@pytest.mark.parametrize(
    ("months", "far"), [("3", True), ("2.9", False), ("1", True), ("1.4", False)]
)
def test_medians_far(months: str, far: bool) -> None:
    pair = finding("a", months="2", median="true"), finding("b", months=months, median="true")
    assert rules(*pair) == ([Rule.FAR] if far else [])


def test_a_time_that_is_no_median_is_not_compared() -> None:
    assert rules(finding("a", months="2"), finding("b", months="9", median="true")) == []


def compared(iri: str, given: dict[str, str], against: dict[str, str], **fields: str) -> Finding:
    """A comparison of arms: drugs parted by commas, with a dose after a colon."""
    sides = {"given": given, "against": against}
    arms = {
        side: frozenset(f"{arm} {drug}" for arm, drugs in each.items() for drug in drugs.split(","))
        for side, each in sides.items()
    }
    drugs = {
        side: frozenset(value.partition(":")[0] for value in values)
        for side, values in arms.items()
    }
    doses = {
        f"dose {side}": frozenset(value.replace(":", " ") for value in values if ":" in value)
        for side, values in arms.items()
    }
    about = frozenset(value.partition(" ")[2] for value in drugs["given"])
    fields = {"drug": "", **fields}
    return Finding(iri, {**finding(iri, **fields).fields, **drugs, **doses, "drug": about})


def of_doses(iri: str, **fields: str) -> Finding:
    return compared(iri, {"high": "imatinib:800"}, {"low": "imatinib:400"}, **fields)


def test_a_comparison_of_doses_is_opposed_to_one_of_the_same_doses_only() -> None:
    better = of_doses("a", direction="Supports")
    assert rules(better, of_doses("b", direction="Refutes")) == [Rule.OPPOSED]
    other = compared("b", {"x": "imatinib:600"}, {"y": "imatinib:400"}, direction="Refutes")
    assert rules(better, other) == []
    unstated = compared("b", {"x": "imatinib"}, {"y": "imatinib"}, direction="Refutes")
    assert rules(better, unstated) == []


def test_a_drug_on_both_sides_is_not_opposed_to_a_finding_without_a_comparison() -> None:
    alone = finding("a", direction="Supports")
    assert rules(alone, of_doses("b", direction="Refutes", study="two")) == []
    added = compared("b", {"x": "imatinib,sunitinib"}, {"y": "imatinib"}, direction="Refutes")
    assert rules(alone, added) == []


def test_a_treatment_on_one_side_is_opposed_to_a_finding_without_a_comparison() -> None:
    alone = finding("a", direction="Supports")
    for against in ({"y": "sunitinib"}, {"placebo": ""}):
        other = compared("b", {"x": "imatinib"}, against, direction="Refutes", study="two")
        assert rules(alone, other) == [Rule.OPPOSED]


def test_a_drug_added_is_one_contrast_whatever_it_is_added_to() -> None:
    one = compared("a", {"x": "imatinib,sunitinib"}, {"y": "sunitinib"}, direction="Supports")
    two = compared("b", {"x": "imatinib,everolimus"}, {"y": "everolimus"}, direction="Refutes")
    alone = compared("b", {"x": "imatinib"}, {"y": ""}, direction="Refutes")
    assert rules(one, two) == [Rule.OPPOSED]
    assert rules(one, alone) == []


def test_partners_make_another_treatment() -> None:
    combined = compared("b", {"x": "imatinib,sunitinib"}, {}, direction="Refutes")
    assert rules(finding("a", direction="Supports"), combined) == []


def test_groups_of_patients_are_not_opposed_to_each_other() -> None:
    pair = (
        finding("a", direction="Supports", biomarker="exon 11"),
        finding("b", direction="Refutes", biomarker="exon 18", study="two"),
    )
    assert rules(*pair) == []
    assert rules(pair[0], finding("b", direction="Refutes", study="two")) == [Rule.OPPOSED]
    groups = finding("b", direction="Refutes", comparative="true")
    assert rules(finding("a", direction="Supports"), groups) == []


@pytest.mark.parametrize("survival", ["ProgressionFreeSurvival", "OverallSurvival"])
def test_of_comparisons_a_survival_is_opposed_to_its_rate_and_both_are_named(survival: str) -> None:
    one = of_doses("a", direction="Supports", endpoint=survival)
    rate = {"direction": "Refutes", "endpoint": f"{survival}Rate", "time_point": "2 year"}
    (each,) = found(one, of_doses("b", **rate))
    differs = each.first.differences(each.second)
    assert differs["endpoint"] == (frozenset({survival}), frozenset({f"{survival}Rate"}))
    assert differs["time point"] == (frozenset(), frozenset({"2 year"}))
    later = {**rate, "time_point": "5 year"}
    assert rules(of_doses("a", **{**rate, "direction": "Supports"}),
                 of_doses("b", **later)) == []  # fmt: skip


@pytest.mark.parametrize("rate", [{"endpoint": "OverallSurvivalRate"}, {"time_point": "2 year"}])
def test_numbers_and_single_treatments_need_the_very_same_endpoint(rate: dict[str, str]) -> None:
    given = {"endpoint": "OverallSurvival", "months": "2", "median": "true"}
    given |= {"responders": "0", "evaluable": "40", "direction": "Supports"}
    other = {**given, "months": "9", "responders": "40", "direction": "Refutes"}
    assert len(rules(finding("a", **given), finding("b", **other))) == 3
    assert rules(finding("a", **given), finding("b", **{**other, **rate})) == []


@pytest.mark.parametrize(
    "other",
    [
        {"histology": "leiomyosarcoma"},
        {"drug": "sunitinib"},
        {"endpoint": "StableDiseaseRate"},
        {"adverse_event": "neutropenia"},
        {"time_point": "2 year"},
        {"lowest_grade": "3"},
    ],
)
def test_other_things_are_not_compared(other: dict[str, str]) -> None:
    pair = finding("a", direction="Supports"), finding("b", direction="Refutes", **other)
    assert rules(*pair) == []


def test_a_regimen_is_enough() -> None:
    pair = (
        finding("a", direction="Supports", drug="", regimen="maid"),
        finding("b", direction="Refutes", drug="", regimen="maid"),
    )
    assert found(*pair)[0].regimens == {"maid"}


def test_what_differs_is_named_with_both_values() -> None:
    pair = (
        finding("a", direction="Supports", line="FirstLine", definition="counts CompleteResponse"),
        finding("b", direction="Refutes", study="two", line="SecondLine"),
    )
    (each,) = found(*pair)
    assert each.first.differences(each.second) == {
        "study": (frozenset({"one"}), frozenset({"two"})),
        "line": (frozenset({"FirstLine"}), frozenset({"SecondLine"})),
        "definition": (frozenset({"counts CompleteResponse"}), frozenset()),
    }
    assert not each.is_within_study


# The shipped graph, over HTTP.

JNCCN = "study:jnccn-2007-ref-"
OPPOSED = {
    # A clinician reads each of these in the documents as one study against another.
    ("47/result/progression-free-survival-comparison",
     "48/result/progression-free-survival-comparison"),
    ("02/result/response-comparison", "31/result/response-comparison"),
    ("02/result/response-comparison", "32/result/response"),
    ("02/result/response-comparison", "33/result/response"),
    ("04/result/response-doxorubicin", "07/result/response-doxorubicin-earlier-studies"),
    ("26/result/partial-response", "27/result/partial-response"),
    ("27/result/partial-response", "28/result/partial-response"),
    # One part of the patients, told by the biomarker in what differs.
    ("45/result/partial-response", "46/result/partial-response-pdgfra"),
    ("46/result/partial-response-pdgfra", "47/result/partial-response"),
    ("46/result/partial-response-pdgfra", "48/result/partial-response-crossover"),
}  # fmt: skip
GUIDELINE = (
    "study:alberta-2017-gemcitabine-docetaxel-second-line/result/comparison-special-histologies",
    "study:alberta-2017-ref-21/result/comparison",
)


def pairs(client: httpx.Client, rule: Rule) -> list[tuple[str, str]]:
    parameters = {"limit": "1000", "rule": rule.value}
    items = client.get("/api/v1/contradictions", params=parameters).json()["items"]
    found = [tuple(each["id"] for each in item["findings"]) for item in items]
    return [(first, second) for first, second in found]


def test_the_opposed_directions_are_those_that_the_documents_print(client: httpx.Client) -> None:
    expected = {(JNCCN + first, JNCCN + second) for first, second in OPPOSED}
    assert set(pairs(client, Rule.OPPOSED)) == {*expected, GUIDELINE}
    assert len(pairs(client, Rule.OPPOSED)) == 11


@pytest.mark.parametrize(
    "absent",
    [
        # A study against itself, a response against a comparison of doses, one drug of several.
        ("47/result/partial-response", "47/result/partial-response-comparison"),
        ("47/result/stable-disease", "47/result/stable-disease-comparison"),
        ("46/result/partial-response-kit-exon-11", "46/result/partial-response-pdgfra"),
        ("45/result/partial-response", "47/result/partial-response-comparison"),
        ("02/result/response-comparison", "02/result/response-doxorubicin"),
        ("02/result/complete-response-doxorubicin", "30/result/complete-response"),
        ("03/result/no-response-docetaxel", "36/result/response"),
    ],
)
def test_no_contradiction(client: httpx.Client, absent: tuple[str, str]) -> None:
    first, second = (JNCCN + each for each in absent)
    for iri in (first, second):
        assert client.get(f"/api/v1/evidence/{iri}").status_code == 200
    assert (first, second) not in pairs(client, Rule.OPPOSED)


def test_no_response_is_opposed_to_a_comparison_of_doses(client: httpx.Client) -> None:
    doses = "study:jnccn-2007-refs-05-06/result/dose-50-75-comparison"
    assert all(doses not in pair for pair in pairs(client, Rule.OPPOSED))


def test_the_review_s_imatinib_doses_name_endpoint_time_and_dose(client: httpx.Client) -> None:
    parameters = {"endpoint": "ProgressionFreeSurvivalRate"}
    (item,) = client.get("/api/v1/contradictions", params=parameters).json()["items"]
    assert len(item["endpoint"]) == 2
    differs = {each["what"]: each["values"] for each in item["differs"]}
    assert differs["time point"] == [[], ["2 year"]]
    assert {"endpoint", "study", "dose"} <= differs.keys()


def test_the_route_names_rule_findings_and_differences(client: httpx.Client) -> None:
    answer = client.get("/api/v1/contradictions", params={"limit": 1000}).json()
    assert answer["total"] == len(answer["items"]) == 16
    for item in answer["items"]:
        assert item["rule"] in answer["rules"]
        first, second = item["findings"]
        assert first["passage"]["inDocument"]
        assert second["passage"]["inDocument"]
        named = "endpoint" in {each["what"] for each in item["differs"]}
        assert named is (first["endpoint"] != second["endpoint"])
        assert item["histology"]
        assert item["drug"] or item["regimen"]


def test_intervals_apart_are_labelled_as_computed(client: httpx.Client) -> None:
    answer = client.get("/api/v1/contradictions", params={"rule": "intervals-apart"}).json()
    assert answer["total"] == 1
    (item,) = answer["items"]
    assert "computed here" in item["computed"]["method"]
    ends = item["computed"]["intervals"]
    assert ends[0]["high"] < ends[1]["low"] or ends[1]["high"] < ends[0]["low"]


def test_the_filters_choose(client: httpx.Client) -> None:
    def total(**parameters: str) -> int:
        total: int = client.get("/api/v1/contradictions", params=parameters).json()["total"]
        return total

    assert total() == total(withinStudy="true") + total(withinStudy="false")
    assert 0 < total(drug="doxorubicin") < total()
    assert 0 < total(histology="GIST") < total()
    assert total() == sum(total(rule=rule.value) for rule in Rule)
    assert total(endpoint="OverallSurvival") > 0
    assert 0 < total(document="alberta-2017") < total()


def test_an_unknown_rule_is_refused(client: httpx.Client) -> None:
    assert client.get("/api/v1/contradictions", params={"rule": "score"}).status_code == 400


def test_of_many_findings_only_those_of_one_tumour_and_drug_are_compared() -> None:
    many = [
        finding(f"f{number:04}", histology=f"h{number}", direction="Supports")
        for number in range(4_000)
    ]
    start = time.thread_time()
    pair = finding("g", histology="h7", direction="Refutes")
    assert [(each.first.iri, each.second.iri) for each in found(*many, pair)] == [("f0007", "g")]
    # Eight million pairs take ten seconds and more.
    assert time.thread_time() - start < 2
