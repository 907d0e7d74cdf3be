"""What is ruled of a drug and a condition."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.rulings import Entry, Reach, Rulings, Status

OUT, CAUTION = Status.CONTRAINDICATED, Status.PRECAUTION
RULINGS = Rulings(
    (
        Entry("doxorubicin", "heart failure", OUT, "claim 1"),
        Entry("doxorubicin", "heart disease", CAUTION, "claim 2"),
        Entry("pazopanib", "severe hepatic impairment", CAUTION, "claim 3"),
    ),
    {
        "heart failure": frozenset({"heart disease"}),
        "overt heart failure": frozenset({"heart failure", "heart disease"}),
    },
)


@pytest.mark.parametrize(
    ("drug", "condition", "status"),
    [
        ("doxorubicin", "heart failure", OUT),
        ("doxorubicin", "overt heart failure", OUT),
        ("doxorubicin", "heart disease", CAUTION),
        ("doxorubicin", "renal impairment", Status.NO_ENTRY),
        ("imatinib", "heart failure", Status.NOT_IN_TABLE),
    ],
)
def test_the_status(drug: str, condition: str, status: Status) -> None:
    assert RULINGS.rule(drug, condition).status is status


def test_an_entry_on_a_narrower_condition_is_listed_and_decides_nothing() -> None:
    ruling = RULINGS.rule("doxorubicin", "heart disease")
    assert [(reach, entry.claim) for reach, entry in ruling.entries] == [
        (Reach.NARROWER, "claim 1"),
        (Reach.SAME, "claim 2"),
    ]


def test_an_entry_on_a_wider_condition_counts() -> None:
    ruling = RULINGS.rule("doxorubicin", "overt heart failure")
    assert {reach for reach, _ in ruling.entries} == {Reach.WIDER}
    assert len(ruling.entries) == 2


def test_no_word_of_a_status_permits_anything() -> None:
    words = {word for status in Status for word in status.value.split()}
    assert words.isdisjoint({"eligible", "allowed", "safe", "suitable", "recommended", "ok"})


# The shipped graph, over HTTP.


def look_up(client: httpx.Client, **parameters: list[str]) -> dict[str, dict[str, Any]]:
    answer = client.get("/api/v1/contraindications", params=parameters).json()
    return {item["drug"]["label"]: item for item in answer["items"]}


def test_every_drug_asked_about_has_one_of_the_four(client: httpx.Client) -> None:
    drugs = ["doxorubicin", "ifosfamide", "gemcitabine", "imatinib"]
    found = look_up(client, condition=["overt heart failure", "renal-impairment"], drug=drugs)
    assert {drug: item["status"] for drug, item in found.items()} == {
        "doxorubicin": "contraindicated",
        "ifosfamide": "precaution",
        "gemcitabine": "precaution",
        "imatinib": "drug not in the table",
    }
    assert [each["status"] for each in found["doxorubicin"]["conditions"]] == [
        "contraindicated",
        "no entry",
    ]


def test_each_entry_has_passage_and_date(client: httpx.Client) -> None:
    for item in look_up(client, condition=["renal-impairment"]).values():
        for condition in item["conditions"]:
            for entry in condition["entries"]:
                assert entry["claim"]["passage"]["ranges"]
                assert entry["documents"][0]["issued"].startswith("20")


def test_without_drugs_all_of_the_table_are_looked_up(client: httpx.Client) -> None:
    found = look_up(client, condition=["infection"])
    assert {"ifosfamide", "trabectedin", "paclitaxel", "docetaxel", "dacarbazine"} <= set(found)
    assert found["dacarbazine"]["status"] == "no entry"


def test_without_conditions_the_records_are_listed(client: httpx.Client) -> None:
    answer = client.get("/api/v1/contraindications", params={"limit": 100}).json()
    assert answer["total"] == len(answer["items"]) == 18


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"condition": "no such thing"}, 404),
        ({"condition": "infection", "drug": "no such drug"}, 404),
        ({"condition": "infection", "q": "x"}, 400),
        ({"conditions": "infection"}, 400),
    ],
)
def test_what_is_wrong_is_refused(
    client: httpx.Client, parameters: dict[str, str], status: int
) -> None:
    assert client.get("/api/v1/contraindications", params=parameters).status_code == status
