"""What is ruled of a drug and a condition."""

from __future__ import annotations

from dataclasses import replace
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
        "severe hepatic impairment": frozenset({"hepatic impairment"}),
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


def test_an_entry_on_a_narrower_condition_does_not_overrule_the_condition_itself() -> None:
    ruling = RULINGS.rule("doxorubicin", "heart disease")
    assert [(reach, entry.claim) for reach, entry in ruling.entries] == [
        (Reach.NARROWER, "claim 1"),
        (Reach.SAME, "claim 2"),
    ]
    assert (ruling.status, ruling.reach) == (CAUTION, Reach.SAME)
    assert [entry.claim for entry in ruling.narrower] == ["claim 1"]


def test_an_entry_on_a_narrower_condition_decides_where_no_other_is_on_the_condition() -> None:
    ruling = RULINGS.rule("pazopanib", "hepatic impairment")
    assert (ruling.status, ruling.reach) == (CAUTION, Reach.NARROWER)
    wider = Entry("pazopanib", "liver", OUT, "claim 4"), Entry("pazopanib", "acute", OUT, "claim 5")
    below = {"acute": frozenset({"hepatic impairment"}), "hepatic impairment": frozenset({"liver"})}
    caution = Rulings((replace(wider[0], status=CAUTION), wider[1]), below)
    ruling = caution.rule("pazopanib", "hepatic impairment")
    assert (ruling.status, ruling.reach) == (OUT, Reach.NARROWER)


def test_each_wider_than_the_other_is_the_same() -> None:
    entry = Entry("gemcitabine", "thrombocytopenia", OUT, "claim")
    names = ("thrombocytopenia", "low platelet count")
    both = Rulings((entry,), {name: frozenset(names) for name in names})
    assert both.rule("gemcitabine", names[0]).reach is Reach.SAME
    ruling = both.rule("gemcitabine", names[1])
    assert (ruling.status, ruling.reach) == (OUT, Reach.EQUIVALENT)
    assert ruling.narrower == ()


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


PRINTED = {
    # What the second table prints, by another name or a degree of the condition.
    "low platelet count": {"gemcitabine": "contraindicated", "paclitaxel": "contraindicated"},
    "thrombocytopenia": {"gemcitabine": "contraindicated", "paclitaxel": "contraindicated"},
    "cardiac dysfunction": {"doxorubicin": "precaution", "ifosfamide": "precaution",
                            "pazopanib": "precaution", "trabectedin": "contraindicated"},
    "decreased cardiac function": {"doxorubicin": "precaution", "ifosfamide": "precaution",
                                   "pazopanib": "precaution", "trabectedin": "contraindicated"},
    "heart failure": {"doxorubicin": "contraindicated", "ifosfamide": "precaution",
                      "pazopanib": "precaution", "trabectedin": "contraindicated"},
    "renal impairment": {"dacarbazine": "contraindicated", "ifosfamide": "precaution",
                         "gemcitabine": "precaution", "pazopanib": "precaution",
                         "trabectedin": "contraindicated"},
    "severe hepatic impairment": {"trabectedin": "contraindicated", "dacarbazine": "precaution",
                                  "paclitaxel": "contraindicated", "gemcitabine": "precaution",
                                  "docetaxel": "contraindicated", "pazopanib": "precaution"},
    "bleeding diathesis": {"doxorubicin": "precaution", "pazopanib": "precaution"},
}  # fmt: skip


@pytest.mark.parametrize("condition", PRINTED)
def test_what_is_printed_of_a_condition_is_in_the_status(
    client: httpx.Client, condition: str
) -> None:
    found = look_up(client, condition=[condition])
    said = {drug: item["status"] for drug, item in found.items() if item["status"] != "no entry"}
    assert said == PRINTED[condition]


def test_no_entry_stands_only_where_nothing_is_found(client: httpx.Client) -> None:
    conditions = client.get("/api/v1/comorbidities", params={"limit": 1000}).json()["items"]
    names = [each["id"] for each in conditions]
    for item in look_up(client, condition=names).values():
        for each in item["conditions"]:
            is_silent = each["status"] in ("no entry", "drug not in the table")
            assert is_silent is (each["entries"] == []) is (each["reach"] is None)
            narrower = [entry for entry in each["entries"] if entry["reach"] == "narrower"]
            assert (each["narrower"] is None) is (narrower == [])
            assert all(entry["status"] in each["sentence"] for entry in each["entries"])
            assert "permits nothing" in each["sentence"] or not is_silent


def test_a_narrower_entry_is_told_beside_the_status(client: httpx.Client) -> None:
    found = look_up(client, condition=["renal impairment"], drug=["dacarbazine", "ifosfamide"])
    for drug, reach in (("dacarbazine", "narrower"), ("ifosfamide", "same")):
        (each,) = found[drug]["conditions"]
        assert (found[drug]["reach"], each["reach"]) == (reach, reach)
        assert each["narrower"]["status"] == "contraindicated"
        assert [one["label"] for one in each["narrower"]["conditions"]] == [
            "severe renal impairment"
        ]
        assert "contraindicated in severe renal impairment, a narrower" in each["sentence"]
        assert found[drug]["sentences"] == [each["sentence"]]


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("heart failure", "cardiac failure"),
        ("leukopenia", "insufficient or low white blood cell count"),
        ("diabetes", "diabetes mellitus"),
        ("alcohol", "alcohol use"),
        ("liver impairment", "hepatic impairment"),
        ("kidney impairment", "renal impairment"),
    ],
)
def test_lay_names_of_the_same_thing_are_found(
    client: httpx.Client, name: str, condition: str
) -> None:
    (each,) = look_up(client, condition=[name], drug=["ifosfamide"])["ifosfamide"]["conditions"]
    assert each["condition"]["label"] == condition
    record = client.get(f"/api/v1/comorbidities/{each['condition']['id']}").json()
    assert name in record["curatorSynonyms"]
    assert name not in record.get("synonyms", [])


RENAL = {"renal impairment", "severe renal impairment", "elevated serum creatinine"}
HEPATIC = {"hepatic impairment", "severe hepatic impairment", "significant hepatic impairment"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("kidney disease", RENAL),
        ("kidney failure", RENAL),
        ("renal failure", RENAL),
        ("liver disease", HEPATIC),
        ("liver failure", HEPATIC),
        ("high bilirubin", {"severe hyperbilirubinaemia", "significant hepatic impairment"}),
        ("hyperbilirubinemia", {"severe hyperbilirubinaemia", "significant hepatic impairment"}),
        ("neuropathy", {"neurological disorders"}),
        ("neutropenia", {"insufficient or low white blood cell count"}),
        ("febrile neutropenia", {"insufficient or low white blood cell count"}),
        ("high blood pressure", {"uncontrolled hypertension"}),
        ("hypertension", {"uncontrolled hypertension"}),
        ("bleeding", {"history of bleeding diathesis", "increased bleeding tendency"}),
        ("trombocytopenia", {"thrombocytopenia"}),
        # Words that look alike and mean something else.
        ("hypotension", set()),
        ("low blood pressure", set()),
        ("thrombocytosis", set()),
        ("leukocytosis", set()),
        ("lung disease", set()),
        # An adverse event is no condition.
        ("nausea", set()),
    ],
)
def test_other_names_are_refused_with_the_right_candidates(
    client: httpx.Client, name: str, near: set[str]
) -> None:
    answer = client.get("/api/v1/contraindications", params={"condition": name})
    problem = answer.json()
    assert answer.status_code == 404
    assert {each["label"] for each in problem["near"]} == near
    assert all(each["id"].startswith("comorbidity:") for each in problem["near"])
    assert f"'{name}'" in problem["detail"]
    assert all(label in problem["detail"] for label in near)


def test_one_unknown_condition_of_several_refuses_all_and_is_named(client: httpx.Client) -> None:
    conditions = ["infection", "kidney failure", "neuropathy"]
    problem = client.get("/api/v1/contraindications", params={"condition": conditions}).json()
    assert problem["status"] == 404
    assert "'infection'" not in problem["detail"]
    assert "'kidney failure'" in problem["detail"]
    assert "'neuropathy'" in problem["detail"]
    assert {each["label"] for each in problem["near"]} == {*RENAL, "neurological disorders"}


def test_the_drugs_come_in_pages(client: httpx.Client) -> None:
    address = "/api/v1/contraindications?condition=infection&document=alberta-2017&limit=5"
    first = client.get(address).json()
    assert (first["total"], first["limit"], len(first["items"])) == (8, 5, 5)
    second = client.get(first["next"]).json()
    assert len(second["items"]) == 3
    assert "next" not in second
    assert {each["drug"]["id"] for each in first["items"]}.isdisjoint(
        each["drug"]["id"] for each in second["items"]
    )
    other = first["next"].replace("infection", "renal-impairment")
    assert client.get(other).status_code == 400


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"document": "alberta-2017"}, "precaution"),
        ({"document": "jnccn-2007"}, "drug not in the table"),
        ({"asOf": "2017-03"}, "precaution"),
        ({"as_of": "2017"}, "precaution"),
        ({"asOf": "2016"}, "drug not in the table"),
    ],
)
def test_documents_and_dates_choose_the_entries(
    client: httpx.Client, parameters: dict[str, str], status: str
) -> None:
    given = {name: [value] for name, value in parameters.items()}
    found = look_up(client, condition=["infection"], drug=["ifosfamide"], **given)
    assert found["ifosfamide"]["status"] == status


def test_without_conditions_the_records_are_listed(client: httpx.Client) -> None:
    answer = client.get("/api/v1/contraindications", params={"limit": 100}).json()
    assert answer["total"] == len(answer["items"]) == 18


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"condition": "no such thing"}, 404),
        ({"condition": "infection", "drug": "no such drug"}, 404),
        ({"condition": "infection", "q": "x"}, 400),
        ({"condition": "infection", "cursor": "junk"}, 400),
        ({"condition": "infection", "asOf": "2017-13"}, 400),
        ({"condition": "infection", "document": "no such document"}, 404),
        ({"conditions": "infection"}, 400),
    ],
)
def test_what_is_wrong_is_refused(
    client: httpx.Client, parameters: dict[str, str], status: int
) -> None:
    assert client.get("/api/v1/contraindications", params=parameters).status_code == status
