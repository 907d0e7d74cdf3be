"""What every list can do: sort, show some fields, count facets, be paged and downloaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from list_client import Lists

from api.kinds import KINDS
from kg.snapshot import Snapshot

PATHS = [kind.path for kind in KINDS if kind.path not in ("imported-trials", "imported-evidence")]


@pytest.fixture(scope="module")
def lists(address: str) -> Iterator[Lists]:
    found = Lists(address)
    yield found
    found.close()


@pytest.mark.parametrize("kind", PATHS)
def test_every_list_has_the_same_facilities(lists: Lists, kind: str) -> None:
    whole = lists.all(kind)
    assert lists.ids(kind) == [item["id"] for item in whole]
    items = lists.all(kind, sort="-label", fields="label", facets="type")
    assert {key for item in items for key in item} == {"id", "type", "label"}
    # Where the shape of a class allows several labels, they are a list.
    labels = [item["label"] for item in items]
    texts = [(each if isinstance(each, str) else each[0]).casefold() for each in labels]
    assert sorted(texts, reverse=True) == texts
    assert {item["id"] for item in items} == {item["id"] for item in whole}
    rows = lists.rows(kind)
    assert [row["id"] for row in rows] == lists.ids(kind)
    assert None not in rows[0]


def test_what_has_no_value_comes_last_either_way(lists: Lists) -> None:
    upwards = lists.get("evidence", sort="evaluable", fields="evaluable", limit=1000)["items"]
    down = lists.get("evidence", sort="-evaluable", fields="evaluable", limit=1000)["items"]
    values = [item["evaluable"] for item in upwards if "evaluable" in item]
    assert values == sorted(values)
    assert (values[0], values[-1], len(values)) == (7, 605, 73)
    assert all("evaluable" not in item for item in (*upwards[73:], *down[73:]))
    assert [item["evaluable"] for item in down[:73]] == values[::-1]
    # Equal ones stay in the order of the list.
    assert [item["id"] for item in upwards[73:]] == [item["id"] for item in down[73:]]


def test_several_keys_sort_one_within_the_other(lists: Lists) -> None:
    items = lists.get("evidence", sort="endpoint,-percent", fields="endpoint,percent", limit=1000)
    found = [
        (item["endpoint"]["label"].casefold(), -item.get("percent", float("-inf")))
        for item in items["items"]
    ]
    assert found == sorted(found)
    repeated = lists.raw("evidence", sort=["endpoint", "-percent"], limit=1000)
    assert [item["id"] for item in repeated.json()["items"]] == [
        item["id"] for item in items["items"]
    ]


def test_fields_are_named_as_parameters_or_as_keys(lists: Lists) -> None:
    item = lists.get("evidence", fields="drug,phase,source", limit=1)["items"][0]
    assert list(item) == ["id", "type", "aboutDrug", "source", "linked"]
    assert list(item["linked"]) == ["phase"]
    by_key = lists.get("evidence", fields="aboutDrug", limit=1)["items"][0]
    assert by_key["aboutDrug"] == item["aboutDrug"]
    # A year, a month and a day have keys of their own.
    dated = lists.get("approvals", fields="asOf", has="asOf", limit=100)["items"]
    assert {key for item in dated for key in item} == {"id", "type", "asOfMonth", "asOfYear"}
    only_id = lists.get("drugs", fields="id", limit=1)["items"][0]
    assert set(only_id) == {"id", "type"}


def test_facets_count_the_whole_list_with_all_its_filters(lists: Lists) -> None:
    answer = lists.get("evidence", drug="imatinib", facets="drug,endpoint", limit=1)
    facet = answer["facets"]["drug"]
    counted = {each["id"]: each["count"] for each in facet["values"]}
    assert counted["drug:imatinib"] == answer["total"] > 1
    assert len(counted) > 1  # the drugs of combinations: the filter of the facet itself holds
    for drug, number in counted.items():
        both = lists.get("evidence", drug=drug, limit=1000, fields="drug")["items"]
        names = [[each["id"] for each in item["aboutDrug"]] for item in both]
        assert number == sum("drug:imatinib" in each for each in names)
    counts = [each["count"] for each in answer["facets"]["endpoint"]["values"]]
    assert counts == sorted(counts, reverse=True)


def test_pages_cover_a_filtered_and_sorted_list_once(lists: Lists) -> None:
    given: dict[str, Any] = {
        "histology": "sarcoma", "isSubgroup": "false", "minEvaluable": 0,
        "sort": "-evaluable",
    }  # fmt: skip
    whole = lists.ids("evidence", **given)
    answer = lists.get("evidence", **given, limit=4)
    assert answer["total"] == len(whole) > 8
    found = [item["id"] for item in answer["items"]]
    while "next" in answer:
        answer = lists.get(answer["next"].removeprefix("/api/v1/"))
        assert answer["total"] == len(whole)
        found += [item["id"] for item in answer["items"]]
    assert found == whole


def test_a_cursor_belongs_to_its_question(lists: Lists) -> None:
    following = lists.get("evidence", drug="imatinib", limit=2)["next"]
    cursor = following.rpartition("cursor=")[2]
    for given in ({"drug": "sunitinib"}, {"drug": "imatinib", "sort": "label"}, {}):
        problem = lists.problem("evidence", 400, cursor=cursor, **given)
        assert "another list or question" in problem["detail"]
        assert problem["parameter"] == "cursor"
    assert "another list" in lists.problem("trials", 400, cursor=cursor)["detail"]
    assert lists.get("evidence", drug="imatinib", limit=5, cursor=cursor)["items"]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"minEvaluable": 30, "maxEvaluable": 20}, 400,
         "minEvaluable (30) is more than maxEvaluable (20)"),
        ({"minIssued": "2018", "maxIssued": "2017-03"}, 400, "minIssued (2018-01-01) is more than"),
        ({"minPercent": "many"}, 400, "minPercent: "),
        ({"minPercent": "nan"}, 400, "minPercent: "),
        ({"asOf": "2017-13"}, 400, "a year, month or day"),
        ({"asOf": "yesterday"}, 400, "asOf: "),
        ({"asOf": "2017", "as_of": "2017"}, 400, "are the same"),
        ({"sort": "evaluabel"}, 400, "no field 'evaluabel'; did you mean 'evaluable'?"),
        ({"fields": "lable"}, 400, "did you mean 'label'?"),
        ({"facets": "endpoin"}, 400, "did you mean 'endpoint'?"),
        ({"has": "hazardratio"}, 400, "did you mean 'hazardRatio'?"),
        ({"format": "xml"}, 400, "format: "),
        ({"endpont": "x"}, 400, "did you mean 'endpoint'?"),
        ({"isSubgroup": "perhaps"}, 400, "isSubgroup: "),
        ({"drug": "imatinb"}, 404, "drug 'imatinb' is not known as a drug"),
        ({"drug": "imatinib,sunitinb"}, 404, "drug 'sunitinb' is not known"),
        ({"drug": "MAID"}, 404, "is the regimen"),
        ({"level": "Level7"}, 404, "not known as a level of evidence"),
        ({"arm": "imatinib 900 mg"}, 404, "no record of evidence has it"),
        ({"type": "ProportionalResult"}, 404, "type 'ProportionalResult' is not known"),
        ({"format": "csv", "facets": "drug"}, 400, "facets are part of JSON answers"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_a_problem(
    lists: Lists, given: dict[str, Any], status: int, words: str
) -> None:
    assert words in lists.problem("evidence", status, **given)["detail"]


def test_a_known_term_that_nothing_states_finds_nothing(lists: Lists) -> None:
    assert lists.total("precautions", confidence="LowConfidence") == 0
    assert lists.total("contraindications", confidence="LowConfidence") > 0
    assert lists.total("drugs", type="ProportionResult") == 0


def test_unknown_values_come_with_near_ones(lists: Lists) -> None:
    near = lists.problem("evidence", 404, drug="imatinb")["near"]
    assert near[0]["id"] == "drug:imatinib"
    arms = lists.problem("evidence", 404, arm="imatinib 900 mg")["near"]
    assert any("imatinib" in each["label"] for each in arms)
    levels = lists.problem("evidence", 404, level="Level7")["near"]
    assert levels[0]["id"].startswith("sarcoma:Level")


def test_a_list_is_downloaded_whole_as_csv(lists: Lists, address: str, snapshot: Snapshot) -> None:
    answer = lists.raw("evidence", format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="sarcoma-kg-evidence-{snapshot.id[:12]}.csv"'
    )
    assert answer.headers["sarcoma-kg-snapshot"] == snapshot.id
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == lists.get("evidence", limit=1)["total"] == 298
    imatinib = next(
        row for row in rows if row["id"] == "study:jnccn-2007-ref-45/result/partial-response"
    )
    assert imatinib["percent"] == "54"
    assert imatinib["asPrinted"] == "54%"
    assert (imatinib["drug"], imatinib["drug.label"]) == ("drug:imatinib", "imatinib")
    assert (imatinib["document"], imatinib["issued"]) == ("document:jnccn-2007", "2007")
    assert imatinib["section"] == "Imatinib and Sunitinib in GIST"
    again = httpx.get(
        f"{address}/api/v1/evidence?format=csv",
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_formats_are_chosen_by_parameter_or_accept(lists: Lists) -> None:
    for name, media_type in (
        ("json", "application/json"),
        ("jsonld", "application/ld+json"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ):
        by_name = lists.raw("drugs", accept="image/png", format=name)
        by_header = lists.raw("drugs", accept=media_type)
        assert by_name.headers["content-type"].startswith(media_type)
        assert by_name.content == by_header.content or name in ("json", "jsonld")
        assert by_name.headers["etag"] != by_header.headers["etag"]
    tags = {lists.raw("drugs", accept=each).headers["etag"] for each in ("text/csv", "*/*")}
    assert len(tags) == 2
    assert "imatinib" in lists.raw("drugs", accept="text/tab-separated-values").text


def test_csv_is_paged_only_when_a_limit_is_given(lists: Lists) -> None:
    answer = lists.raw("evidence", format="csv", limit=3, drug="imatinib", fields="label")
    first = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert first[0] == ["id", "type", "type.label", "label"]
    assert len(first) == 4
    link = answer.headers["link"]
    assert link.startswith("</api/v1/evidence?")
    assert 'rel="next"' in link
    following = lists.raw(link[1:].partition(">")[0].removeprefix("/api/v1/"))
    second = list(csv.reader(io.StringIO(following.text, newline="")))
    assert second[0] == first[0]
    assert not {row[0] for row in second[1:]} & {row[0] for row in first[1:]}


def test_csv_says_direct_or_inherited_and_from_where(lists: Lists) -> None:
    rows = lists.rows("evidence", histology="leiomyosarcoma", fields="label")
    assert {row["match"] for row in rows} == {"direct", "inherited"}
    for row in rows:
        assert (row["from"] == "histology:leiomyosarcoma") is (row["match"] == "direct")


def test_several_values_stand_in_one_cell_and_doses_in_their_order(lists: Lists) -> None:
    (row,) = lists.rows("evidence", label="Complete response to MAID")
    drugs = row["doseDrug.label"].split(" | ")
    doses = row["dose"].split(" | ")
    assert len(drugs) == len(doses) == len(row["doseUnit"].split(" | "))
    answer = lists.get("evidence", label="Complete response to MAID")
    stated = {
        (dose["ofDrug"]["label"], str(dose.get("amount", "")))
        for arm in answer["items"][0]["arm"]
        for dose in arm.get("doses", [])
    }
    assert set(zip(drugs, doses, strict=True)) == stated


def test_names_may_be_several_with_commas_or_repeated(lists: Lists) -> None:
    one = set(lists.ids("evidence", drug="imatinib"))
    other = set(lists.ids("evidence", drug="sunitinib"))
    assert set(lists.ids("evidence", drug="imatinib,sunitinib")) == one | other
    assert set(lists.ids("evidence", drug=["imatinib", "sunitinib"])) == one | other
    # A name with a comma in it is taken whole.
    name = "doxorubicin, ifosfamide, and DTIC"
    regimen = lists.get(f"regimens/{name}")["id"]
    assert lists.ids("evidence", regimen=name) == lists.ids("evidence", regimen=regimen) != []


def test_the_answer_is_given_once(address: str) -> None:
    first = httpx.get(f"{address}/api/v1/evidence?drug=imatinib&facets=endpoint")
    again = httpx.get(
        f"{address}/api/v1/evidence?drug=imatinib&facets=endpoint",
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_only_doses_are_padded(lists: Lists) -> None:
    rows = {row["id"]: row for row in lists.rows("drugs")}
    imatinib = rows["drug:imatinib"]
    assert imatinib["decision"] == "sarcoma:Approved"
    assert imatinib["decision.label"] == "approved"
    assert imatinib["jurisdiction.label"] == "United States"
    for row in rows.values():
        for name, cell in row.items():
            values = cell.split(" | ")
            assert "" not in values or values == [""], (row["id"], name)


def test_a_histology_of_another_claim_is_none_of_an_approval(lists: Lists) -> None:
    decided = {
        (drug["id"], histology["id"])
        for item in lists.get("approvals", limit=1000)["items"]
        for drug in item.get("aboutDrug", [])
        for histology in item.get("aboutHistology", [])
    }
    shown = {
        (row["id"], histology)
        for row in lists.rows("drugs", fields="approvedFor")
        for histology in row["approvedFor"].split(" | ")
        if histology
    }
    assert shown == decided != set()


@pytest.mark.parametrize("blank", [" ", "\n\r", "\t", "\u2003", "\x1c"])
@pytest.mark.parametrize("parameter", ["population", "q", "drug", "sort", "has", "fields"])
def test_a_blank_value_is_refused(lists: Lists, parameter: str, blank: str) -> None:
    answer = lists.raw("evidence", **{parameter: blank})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter
