"""Queries to the reconciliation service: what is found, how it is scored, and what is sure."""

from __future__ import annotations

import statistics
import time
from typing import Any

import httpx
import pytest
from reconcile_service import FORM, ask, ask_one, post_form

GIST = "histology:gastrointestinal-stromal-tumour"


@pytest.mark.parametrize(
    ("query", "id_", "least"),
    [
        ("drug:imatinib", "drug:imatinib", 100),
        ("https://w3id.org/sarcoma-kg/drug/imatinib", "drug:imatinib", 100),
        ("<https://w3id.org/sarcoma-kg/drug/imatinib>", "drug:imatinib", 100),
        ("CHEMBL941", "drug:imatinib", 100),
        ("chembl:CHEMBL941", "drug:imatinib", 100),
        ("MONDO:0011719", GIST, 100),
        ("http://purl.obolibrary.org/obo/MONDO_0011719", GIST, 100),
        ("8890/3", "histology:leiomyosarcoma", 100),
        ("nct03651375", "trial:nct03651375", 100),
        ("imatinib", "drug:imatinib", 98),
        ("IMATINIB", "drug:imatinib", 98),
        ("GIST", GIST, 95),
        ("DTIC", "drug:dacarbazine", 95),
        ("RAD001", "drug:everolimus", 90),
        ("gastro-intestinal stromal tumors", GIST, 90),
        ("PDGFR-\N{GREEK SMALL LETTER ALPHA}", "target:pdgfra", 90),
        ("leiomyosarcoma of the uterus", "histology:uterine-leiomyosarcoma", 85),
        ("Everolimus (RAD001)", "drug:everolimus", 85),
        ("doxorubicine", "drug:doxorubicin", 70),
    ],
)
def test_what_is_sure_is_a_match(client: httpx.Client, query: str, id_: str, least: int) -> None:
    found = ask_one(client, query)[0]
    assert (found["id"], found["match"]) == (id_, True)
    assert found["score"] >= least


@pytest.mark.parametrize(
    ("query", "id_"),
    [
        ("gist", GIST),  # no abbreviation in small letters
        ("OS", "histology:osteosarcoma"),  # two letters; overall survival, too
        ("imatinb", "drug:imatinib"),  # a short word
        ("metastatic leiomyosarcoma", "histology:leiomyosarcoma"),
        ("retaspimycin hydrochloride", "drug:retaspimycin"),  # a drug of its own here
        ("uterine LMS", "histology:uterine-leiomyosarcoma"),
        ("iphosphamide", "drug:ifosfamide"),
        ("imatinib (Gleevec)", "drug:imatinib"),
    ],
)
def test_what_is_likely_is_no_match(client: httpx.Client, query: str, id_: str) -> None:
    found = ask_one(client, query)
    assert found[0]["id"] == id_
    assert not any(each["match"] for each in found)


def test_scores_follow_how_sure_a_name_is(client: httpx.Client) -> None:
    names = ("CHEMBL1908360", "everolimus", "RAD-001", "RAD001", "everolimuss", "everolmuss")
    scores = [ask_one(client, each, type="drugs")[0]["score"] for each in names]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_one_name_of_two_things_is_no_match(client: httpx.Client) -> None:
    found = ask_one(client, "MFH")
    assert len([each for each in found if each["score"] > 90]) == 2
    assert not any(each["match"] for each in found)
    # What else is known of it singles one out.
    code = [{"pid": "oncotree", "v": "MFH"}]
    single = [each for each in ask_one(client, "MFH", properties=code) if each["match"]]
    assert [each["type"][0]["id"] for each in single] in ([], ["sarcoma:Histology"])


@pytest.mark.parametrize(
    "type_",
    ["sarcoma:Drug", "drugs", "Drug", "https://w3id.org/sarcoma-kg/ontology/Drug", ["drugs"],
     ["sarcoma:Nothing", "drugs"], "sarcoma:Intervention", [{"id": "sarcoma:Drug"}], "", [" "]],
)  # fmt: skip
def test_types_are_written_in_many_ways(client: httpx.Client, type_: Any) -> None:
    found = ask_one(client, "imatinib", type=type_)
    assert (found[0]["id"], found[0]["match"]) == ("drug:imatinib", True)
    assert found[0]["type"][0] == {"id": "sarcoma:Drug", "name": "drug"}


@pytest.mark.parametrize("type_", ["histologies", "sarcoma:Nothing", "Q42", "x" * 5000])
def test_other_types_have_nothing_of_the_name(client: httpx.Client, type_: str) -> None:
    assert ask_one(client, "imatinib", type=type_) == []


def test_a_type_that_should_be_lowers_what_is_of_another(client: httpx.Client) -> None:
    found = ask_one(client, "imatinib", type="histologies", type_strict="should")
    assert found[0]["id"] == "drug:imatinib"
    assert found[0]["score"] < 50
    assert not found[0]["match"]
    sure = ask_one(client, "imatinib", type="drugs", type_strict="should")
    assert sure[0]["match"]
    unknown = ask_one(client, "imatinib", type="Q12140", type_strict="should")[0]
    assert {"id": "type", "value": False} in unknown["features"]


def test_all_types_must_be_held_where_all_are_asked_for(client: httpx.Client) -> None:
    both = {"type": ["drugs", "interventions"], "type_strict": "all"}
    assert ask_one(client, "imatinib", **both)[0]["match"]
    never = {"type": ["drugs", "histologies"], "type_strict": "all"}
    assert ask_one(client, "imatinib", **never) == []
    either = {"type": ["drugs", "histologies"], "type_strict": "any"}
    assert ask_one(client, "imatinib", **either)[0]["match"]


def test_a_type_makes_an_abbreviation_mean_less(client: httpx.Client) -> None:
    ids = {each["id"] for each in ask_one(client, "OS", type="endpoints")}
    assert "sarcoma:OverallSurvival" in ids
    assert "histology:osteosarcoma" not in ids


def test_claims_are_found_by_their_types_alone(client: httpx.Client) -> None:
    name = "Better progression-free survival with imatinib twice daily"
    assert not any(each["score"] > 50 for each in ask_one(client, name))
    assert ask_one(client, name, type="evidence")[0]["match"]


@pytest.mark.parametrize("space", ["", "https://w3id.org/sarcoma-kg/"])
def test_a_whole_id_is_found_without_a_type(client: httpx.Client, space: str) -> None:
    id_ = "study:jnccn-2007-ref-47/result/progression-free-survival-comparison"
    asked = space + id_.replace(":", "/") if space else id_
    found = ask_one(client, asked)[0]
    assert (found["id"], found["score"], found["match"]) == (id_, 100, True)
    assert not any(each["id"] == id_ for each in ask_one(client, asked, type="drugs"))


@pytest.mark.parametrize(
    ("pid", "agreeing", "other"),
    [
        ("chembl", "CHEMBL941", "CHEMBL53463"),
        ("id:CHEMBL.COMPOUND", "CHEMBL.COMPOUND:CHEMBL941", "CHEMBL.COMPOUND:CHEMBL1"),
        ("identifier", "DRUGBANK:DB00619", "DRUGBANK:DB00001"),
        ("target", "KIT", "MET"),
        ("target", {"id": "target:kit"}, {"id": "target:met", "name": "MET"}),
        ("synonyms", ["x", "imatinib mesylate"], ["x", 5, True]),
        ("evidenceCount", 41, 0),
        ("typeName", "drug", "histology"),
    ],
)
def test_properties_raise_lower_and_decide(
    client: httpx.Client, pid: str, agreeing: Any, other: Any
) -> None:
    plain = ask_one(client, "imatinib", type="drugs")[0]
    held = ask_one(client, "imatinib", type="drugs", properties=[{"pid": pid, "v": agreeing}])[0]
    lacks = ask_one(client, "imatinib", type="drugs", properties=[{"pid": pid, "v": other}])[0]
    assert lacks["score"] < plain["score"] <= held["score"]
    assert (lacks["match"], held["match"]) == (False, True)


@pytest.mark.parametrize(
    ("pid", "value"), [("colour", "red"), ("target", ""), ("target", [" "]), ("target", [])]
)
def test_an_unknown_property_and_an_empty_cell_say_nothing(
    client: httpx.Client, pid: str, value: Any
) -> None:
    plain = ask_one(client, "imatinib")[0]
    asked = ask_one(client, "imatinib", properties=[{"pid": pid, "v": value}])[0]
    assert asked["score"] == plain["score"]
    assert asked["match"]


@pytest.mark.parametrize(
    ("properties", "ids"),
    [
        ([("chembl", "CHEMBL941")], ["drug:imatinib"]),
        ([("symbol", "KIT")], ["target:kit"]),
        ([("mondo", "MONDO:0011719")], [GIST]),
        ([("oncotree", "LMS")], ["histology:leiomyosarcoma"]),
        ([("chembl", "CHEMBL999999")], []),
        ([("colour", "red")], []),
    ],
)
def test_properties_alone_find_things(
    client: httpx.Client, properties: list[tuple[str, str]], ids: list[str]
) -> None:
    asked = [{"pid": pid, "v": value} for pid, value in properties]
    found = ask(client, {"q0": {"properties": asked}})["q0"]
    assert [each["id"] for each in found] == ids
    assert all(each["match"] for each in found)


@pytest.mark.parametrize(
    ("pid", "value", "id_", "is_sure"),
    [
        ("chembl", "CHEMBL92", "drug:docetaxel", True),
        ("chembl", "CHEMBL3545252", "drug:docetaxel", False),  # a close match
        ("ncbigene", 3815, "target:kit", True),
        ("identifier", "NCBIGENE:3815", "target:kit", True),
        ("identifier", "3815", "target:kit", False),  # a number of which system?
    ],
)
def test_an_exact_code_alone_is_a_match(
    client: httpx.Client, pid: str, value: Any, id_: str, is_sure: bool
) -> None:
    found = ask(client, {"q0": {"properties": [{"pid": pid, "v": value}]}})["q0"]
    assert [(each["id"], each["match"]) for each in found] == [(id_, is_sure)]


def test_a_family_finds_several_and_none_is_sure(client: httpx.Client) -> None:
    asked = {"type": "targets", "properties": [{"pid": "family", "v": "VEGFR"}], "limit": 50}
    found = ask(client, {"q0": asked})["q0"]
    assert len(found) > 1
    assert not any(each["match"] for each in found)


def test_the_limit_holds(client: httpx.Client) -> None:
    assert len(ask_one(client, "sarcoma", limit=1)) == 1
    assert len(ask_one(client, "sarcoma", limit=3.0)) == 3
    assert len(ask_one(client, "sarcoma", limit=10_000)) > 10


def test_queries_of_a_batch_do_not_touch_each_other(client: httpx.Client) -> None:
    names = ("GIST", "warfarin", "imatinb", "OS", "sarcoma", "DB00619")
    batch = ask(client, {f"q{n}": {"query": name} for n, name in enumerate(names)})
    for number, name in enumerate(names):
        assert batch[f"q{number}"] == ask_one(client, name)


@pytest.mark.parametrize(
    "text",
    ["\0", "\x00\x01", "(", "((((", "a" * 501, "a b " * 500, "*", "OR 1=1", "'", '"', "<b>",
     "%", "🧬", "?x ?y", ":", "drug:", "http://", "_", "-", "ONCOTREE:", "é" * 200],
)  # fmt: skip
def test_any_text_is_good(client: httpx.Client, text: str) -> None:
    assert not any(each["match"] for each in ask_one(client, text))


def test_keys_of_a_batch_may_be_anything(client: httpx.Client) -> None:
    keys = ("", "q0", "a b", "é", "__proto__", '"')
    assert ask(client, {key: {"query": "GIST"} for key in keys}).keys() == set(keys)


# What OpenRefine sends, by the classes named: a column with a type and another column as a
# property (StandardReconConfig), a guess of the types of ten cells (GuessTypesOfColumnCommand).
RECONCILE = (
    "queries=%7B%22q0%22%3A%7B%22query%22%3A%22imatinib%22%2C%22type%22%3A%22sarcoma%3ADrug%22%2C"
    "%22type_strict%22%3A%22should%22%2C%22properties%22%3A%5B%7B%22pid%22%3A%22target%22%2C%22v%22"
    "%3A%7B%22id%22%3A%22target%3Akit%22%2C%22name%22%3A%22KIT%22%7D%7D%5D%7D%2C%22q1%22%3A%7B"
    "%22query%22%3A%22everolimus%22%2C%22type%22%3A%22sarcoma%3ADrug%22%2C%22type_strict%22%3A"
    "%22should%22%7D%7D"
)
GUESS = "queries=%7B%22q0%22%3A%7B%22query%22%3A%22GIST%22%2C%22limit%22%3A3%7D%2C%22q1%22%3A%7B" \
    "%22query%22%3A%22leiomyosarcoma%22%2C%22limit%22%3A3%7D%7D"  # fmt: skip


def test_openrefine_reconciles_a_column(client: httpx.Client) -> None:
    found = client.post("/reconcile", content=RECONCILE, headers=FORM).json()
    assert [found[key]["result"][0]["id"] for key in ("q0", "q1")] == [
        "drug:imatinib",
        "drug:everolimus",
    ]
    assert all(found[key]["result"][0]["match"] for key in ("q0", "q1"))


def test_openrefine_guesses_a_type(client: httpx.Client) -> None:
    found = client.post("/reconcile", content=GUESS, headers=FORM).json()
    for key in ("q0", "q1"):
        assert found[key]["result"][0]["type"][0]["id"] == "sarcoma:Histology"
        assert len(found[key]["result"]) <= 3


def test_a_batch_of_a_hundred_is_fast(client: httpx.Client) -> None:
    names = (
        "imatinib",
        "imatinb",
        "leiomyosarcomas",
        "warfarin",
        "uterine LMS",
        "DB00619",
        "GISTs",
    )
    queries = {f"q{n}": {"query": f"{names[n % 7]}"} for n in range(100)}
    post_form(client, queries=queries)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        ask(client, queries)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 3
