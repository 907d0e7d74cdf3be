"""Records, lists and evidence of the shipped graph, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, Store, Triple, parse

from api.kinds import KINDS
from kg.snapshot import Snapshot

PROBLEM = "application/problem+json"
Get = Callable[..., Any]

SHIPPED = [kind.path for kind in KINDS if kind.path not in ("imported-trials", "imported-evidence")]
"""Nothing shipped is of the others: tests/test_api_imports.py has some."""


@pytest.fixture(scope="session")
def triples(served_store: Store) -> frozenset[Triple]:
    return frozenset(quad.triple for quad in served_store)


@pytest.fixture
def get(address: str) -> Get:
    def fetch(path: str, accept: str = "application/json", **parameters: object) -> Any:
        answer = httpx.get(
            address + path,
            params={name: str(value) for name, value in parameters.items()} or None,
            headers={"Accept": accept},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return fetch


@pytest.fixture
def refuse(address: str) -> Get:
    def fetch(path: str, status: int, **parameters: str) -> Any:
        answer = httpx.get(address + path, params=parameters or None, timeout=30)
        assert answer.status_code == status
        assert answer.headers["content-type"] == PROBLEM
        assert answer.headers["access-control-allow-origin"] == "*"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["type"].startswith("https://w3id.org/sarcoma-kg/problem/")
        assert problem["title"]
        return problem

    return fetch


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_kind_is_listed_and_reads_back_as_rdf_of_the_graph(
    get: Get, triples: frozenset[Triple], kind: str
) -> None:
    context = get("/api/v1/context.jsonld")["@context"]
    listed = get(f"/api/v1/{kind}", "application/ld+json", limit=25)
    assert listed["@context"] == "/api/v1/context.jsonld"
    assert listed["total"] >= len(listed["items"])
    single = get(listed["items"][0]["links"]["self"], "application/ld+json")
    assert single["id"] == listed["items"][0]["id"]
    for answer in (listed, single):
        text = json.dumps({**answer, "@context": context}).encode()
        read = {q.triple for q in parse(text, format=RdfFormat.JSON_LD, base_iri="http://x/")}
        assert read
        assert read <= triples


@pytest.mark.parametrize(
    "name",
    ["imatinib", "drug:imatinib", "https://w3id.org/sarcoma-kg/drug/imatinib", "Imatinib Mesylate"],
)
def test_a_record_is_found_by_any_of_its_names(get: Get, name: str) -> None:
    record = get(f"/api/v1/drugs/{name}")
    assert record["id"] == "drug:imatinib"
    assert record["iri"] == "https://w3id.org/sarcoma-kg/drug/imatinib"
    assert {"id": "target:kit", "label": "KIT"} in record["inhibits"]
    assert "inhibits" in record["inferred"]
    assert record["links"]["paths"] == "/api/v1/paths?drug=drug:imatinib"


def test_synonyms_of_drugs_and_histologies_are_ids(get: Get) -> None:
    assert get("/api/v1/drugs/DTIC")["id"] == "drug:dacarbazine"
    assert get("/api/v1/histologies/GIST")["id"] == "histology:gastrointestinal-stromal-tumour"


def test_a_trial_holds_its_arms_doses_and_passages(get: Get) -> None:
    trial = get("/api/v1/trials/nct03651375")
    assert trial["registryNumber"] == "NCT03651375"
    assert trial["enrolment"] == 46
    doses = {dose["ofDrug"]["label"]: dose["amount"] for dose in trial["arms"][0]["doses"]}
    assert doses == {"doxorubicin": 75, "ifosfamide": 10}
    passage = trial["arms"][0]["passage"]
    assert passage["inDocument"]["id"] == "document:nct03651375"
    assert [each["order"] for each in passage["ranges"]] == list(
        range(1, len(passage["ranges"]) + 1)
    )


def test_a_list_is_paged_to_its_end(get: Get) -> None:
    found, answer = [], get("/api/v1/histologies", limit=40)
    while True:
        found += [item["id"] for item in answer["items"]]
        if "next" not in answer:
            break
        answer = get(answer["next"])
    assert len(found) == len(set(found)) == answer["total"]
    assert found == [item["id"] for item in get("/api/v1/histologies", limit=1000)["items"]]


def test_a_list_links_to_its_next_page(address: str) -> None:
    answer = httpx.get(f"{address}/api/v1/drugs?limit=1")
    assert answer.headers["link"] == f'<{answer.json()["next"]}>; rel="next"'


def test_a_list_is_searched(get: Get) -> None:
    found = get("/api/v1/histologies", q="leiomyo")
    assert found["total"] > 2
    assert all("leiomyo" in json.dumps(item).lower() for item in found["items"])
    assert get("/api/v1/drugs", q="zebra")["items"] == []


def test_evidence_takes_narrower_histologies_along_and_says_so(get: Get) -> None:
    found = get("/api/v1/evidence", histology="leiomyosarcoma", limit=1000)
    matches = {item["match"] for item in found["items"]}
    assert matches == {"direct", "inherited"}
    direct = get("/api/v1/evidence", histology="leiomyosarcoma", direct="true", limit=1000)
    assert {item["match"] for item in direct["items"]} == {"direct"}
    assert direct["total"] == sum(item["match"] == "direct" for item in found["items"])


def test_evidence_is_filtered(get: Get) -> None:
    found = get(
        "/api/v1/evidence",
        drug="imatinib",
        histology="GIST",
        endpoint="PartialResponseRate",
        treatmentMode="one drug alone",
        document="jnccn-2007",
    )
    assert found["total"] > 3
    for item in found["items"]:
        assert item["endpoint"]["id"] == "sarcoma:PartialResponseRate"
        assert item["passage"]["inDocument"]["id"] == "document:jnccn-2007"
        assert "drug:imatinib" in [drug["id"] for drug in item["aboutDrug"]]
    lines = get("/api/v1/evidence", drug="imatinib", line="FirstLine")
    assert all(item["line"]["id"] == "sarcoma:FirstLine" for item in lines["items"])


def test_evidence_with_a_least_number_of_patients_states_it(get: Get) -> None:
    found = get("/api/v1/evidence", minEvaluable=30, limit=1000)["items"]
    assert found
    assert all(item["evaluable"] >= 30 for item in found)


def test_an_unknown_id_has_near_matches(refuse: Get) -> None:
    problem = refuse("/api/v1/drugs/imatnib", 404)
    assert problem["detail"] == "id 'imatnib' is not known as a drug"
    assert problem["near"][0] == {
        "id": "drug:imatinib",
        "iri": "https://w3id.org/sarcoma-kg/drug/imatinib",
        "label": "imatinib",
        "link": "/api/v1/drugs/drug:imatinib",
    }


@pytest.mark.parametrize(
    ("path", "parameters", "status", "words"),
    [
        ("/api/v1/evidence", {"histolgy": "GIST"}, 400, "did you mean 'histology'?"),
        ("/api/v1/drugs", {"zebra": "1"}, 400, "only limit, cursor, q"),
        ("/api/v1/evidence", {"drug": ""}, 400, "drug:"),
        ("/api/v1/evidence", {"minEvaluable": "many"}, 400, "minEvaluable:"),
        ("/api/v1/evidence", {"endpoint": "Happiness"}, 404, "not known as an endpoint"),
        ("/api/v1/drugs", {"limit": "0"}, 400, "limit:"),
        ("/api/v1/drugs", {"limit": "1001"}, 400, "limit:"),
        ("/api/v1/drugs", {"cursor": "x"}, 400, "the cursor is not one"),
        ("/api/v1/drug", {}, 404, "did you mean '/api/v1/drugs'?"),
        ("/nowhere", {}, 404, "there is nothing at /nowhere"),
    ],
)
def test_a_wrong_question_is_a_problem_with_a_sentence(
    refuse: Get, path: str, parameters: dict[str, str], status: int, words: str
) -> None:
    assert words in refuse(path, status, **parameters)["detail"]


def test_a_cursor_of_another_list_is_refused(get: Get, refuse: Get) -> None:
    cursor = get("/api/v1/drugs", limit=1)["next"].partition("cursor=")[2]
    refuse("/api/v1/histologies", 400, cursor=cursor)


def test_another_media_type_is_406_and_another_method_405(address: str) -> None:
    answer = httpx.get(f"{address}/api/v1/drugs", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, PROBLEM)
    answer = httpx.post(f"{address}/api/v1/drugs")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["detail"] == "POST is not allowed here; allowed: GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/api/v1/drugs", "/api/v1/drugs/DTIC", "/api/v1/context.jsonld"])
def test_the_same_question_is_answered_304(address: str, snapshot: Snapshot, path: str) -> None:
    first = httpx.get(address + path)
    again = httpx.get(address + path, headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["sarcoma-kg-snapshot"] == snapshot.id
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = httpx.get(f"{address}{path}?limit=2" if "?" not in path else path)
    assert other.status_code == 400 or other.headers["etag"] != first.headers["etag"]


def test_json_and_json_ld_have_tags_of_their_own(address: str) -> None:
    tags = {
        httpx.get(f"{address}/api/v1/drugs/DTIC", headers={"Accept": accept}).headers["etag"]
        for accept in ("application/json", "application/ld+json")
    }
    assert len(tags) == 2
