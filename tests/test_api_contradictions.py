"""Which findings are said not to agree, and what is said to differ."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("months", "far"), [("3", True), ("2.9", False), ("1", True), ("1.4", False)]
)
def test_medians_far(months: str, far: bool) -> None:
    pair = finding("a", months="2", median="true"), finding("b", months=months, median="true")
    assert rules(*pair) == ([Rule.FAR] if far else [])


def test_a_time_that_is_no_median_is_not_compared() -> None:
    assert rules(finding("a", months="2"), finding("b", months="9", median="true")) == []


@pytest.mark.parametrize(
    "other",
    [
        {"histology": "leiomyosarcoma"},
        {"drug": "sunitinib"},
        {"endpoint": "StableDiseaseRate"},
        {"adverse_event": "neutropenia"},
        {"time_point": "2"},
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


def test_the_route_names_rule_findings_and_differences(client: httpx.Client) -> None:
    answer = client.get("/api/v1/contradictions", params={"limit": 1000}).json()
    assert answer["total"] == len(answer["items"]) > 50
    for item in answer["items"]:
        assert item["rule"] in answer["rules"]
        first, second = item["findings"]
        assert first["passage"]["inDocument"]
        assert second["passage"]["inDocument"]
        assert first["endpoint"] == second["endpoint"]
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
