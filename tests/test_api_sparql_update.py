"""Updates over real HTTP: what they change, who may, and what stops them."""

from __future__ import annotations

import logging
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest
from engine_at_hand import EngineAtHand
from miniature import MINIATURE
from pyoxigraph import NamedNode, RdfFormat, parse
from serving import running, settings_of

from api.application import create_app
from api.request_log import ACCESS
from kg.base import ShippedBase
from kg.change import Change
from kg.commit import CommitRequest, commit
from kg.shipped import Shipped

TOKEN = "a-token-for-tests"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPDATE = {"Content-Type": "application/sparql-update"}
PREFIXES = {
    "": "https://w3id.org/sarcoma-kg/ontology/",
    "drug": "https://w3id.org/sarcoma-kg/drug/",
}
GRAPH = "https://w3id.org/sarcoma-kg/graph/mine"
INSERT = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ drug:mine a :Drug ; rdfs:label 'mine' }} }}"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EngineAtHand:
    folder = tmp_path_factory.mktemp("update")
    shutil.copytree(MINIATURE, folder / "shipped")
    names = {**PREFIXES, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
    return EngineAtHand(ShippedBase(Shipped(folder / "shipped")), folder / "home", names)


@pytest.fixture(scope="module")
def client(engine: EngineAtHand) -> Iterator[httpx.Client]:
    (engine.home / "token").write_text(f"{TOKEN}\n")
    settings = settings_of(engine.home, writable=True, token_file=engine.home / "token")
    app = create_app(settings, engine, shipped=engine.base.shipped, base=engine.base)
    with running(app) as address:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as found:
            yield found


@pytest.fixture(autouse=True)
def _nothing_written(client: httpx.Client, engine: EngineAtHand) -> None:
    """Let each test start from the graph as it was shipped."""
    for graph in (GRAPH, f"{GRAPH}2"):
        client.delete("/rdf-graph-store", params={"graph": graph})
    engine.swaps.clear()


def holds(client: httpx.Client, pattern: str, **parameters: str) -> bool:
    query = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> ASK {{ {pattern} }}"
    answer = client.get("/sparql", params={"query": query, "format": "json", **parameters})
    return bool(answer.json()["boolean"])


def test_an_update_is_seen_when_it_is_answered(client: httpx.Client, engine: EngineAtHand) -> None:
    before = client.get("/version").json()["snapshot"]
    answer = client.post("/sparql", content=INSERT, headers=UPDATE)
    assert answer.status_code == 200, answer.text
    after = answer.headers["sarcoma-kg-snapshot"]
    assert answer.json() == {"snapshot": after, "added": 2, "removed": 0}
    assert answer.headers["cache-control"] == "no-store"
    assert before != after == client.get("/version").json()["snapshot"]
    assert holds(client, "drug:mine rdfs:label 'mine'")
    assert engine.swaps == [after]
    again = client.post("/sparql", data={"update": INSERT})
    assert (again.status_code, again.json()["added"]) == (200, 0)
    assert again.headers["sarcoma-kg-snapshot"] == after
    assert engine.swaps == [after]


def test_the_gate_refuses_a_write_whole_and_says_why(client: httpx.Client) -> None:
    before = client.get("/version").json()["snapshot"]
    wrong = INSERT.replace("rdfs:label 'mine'", ":inhibits drug:mine")
    refused = client.post("/sparql", content=wrong, headers=UPDATE)
    assert (refused.status_code, refused.headers["content-type"]) == (422, PROBLEM)
    body = refused.json()
    assert body["type"].endswith("/refused")
    assert body["total"] == len(body["report"]) > 0
    assert body["report"][0]["focus"] == "https://w3id.org/sarcoma-kg/drug/mine"
    assert set(body["report"][0]) == {"focus", "message", "place"}
    assert client.get("/version").json()["snapshot"] == before
    assert not holds(client, "drug:mine ?p ?o")


def test_a_refusal_may_be_a_validation_report(client: httpx.Client) -> None:
    wrong = INSERT.replace("rdfs:label 'mine'", ":inhibits drug:mine")
    accept = {**UPDATE, "Accept": "text/turtle, application/json;q=0.5"}
    refused = client.post("/sparql", content=wrong, headers=accept)
    assert (refused.status_code, refused.headers["content-type"]) == (
        422,
        "text/turtle; charset=utf-8",
    )
    triples = [quad.triple for quad in parse(refused.content, format=RdfFormat.TURTLE)]
    sh = "http://www.w3.org/ns/shacl#"
    conforms = [each.object for each in triples if each.predicate == NamedNode(f"{sh}conforms")]
    assert [str(each) for each in conforms] == [
        '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    ]
    focus = [each.object for each in triples if each.predicate == NamedNode(f"{sh}focusNode")]
    assert NamedNode("https://w3id.org/sarcoma-kg/drug/mine") in focus
    counts = Counter(each.predicate.value.removeprefix(sh) for each in triples)
    results = counts["result"]
    assert [
        counts[name] for name in ("focusNode", "resultSeverity", "sourceConstraintComponent")
    ] == [results] * 3
    assert counts["resultPath"] > 0


@pytest.mark.parametrize(
    ("update", "status", "words"),
    [
        ("CLEAR XYZ", 400, ""),
        ("ASK {}", 400, ""),
        ("LOAD <http://127.0.0.1:9/>", 403, "LOAD is not available"),
        ("CLEAR ALL", 403, "is made by the build"),
        (
            "INSERT DATA { GRAPH <https://w3id.org/sarcoma-kg/graph/catalogue> "
            "{ <urn:a> <urn:b> 1 } }",
            403,
            "is made by the build",
        ),
    ],
)
def test_what_an_update_may_not_do_changes_nothing(
    client: httpx.Client, update: str, status: int, words: str
) -> None:
    before = client.get("/version").json()["snapshot"]
    answer = client.post("/sparql", content=update, headers=UPDATE)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert words in answer.json()["detail"]
    assert client.get("/version").json()["snapshot"] == before


def test_the_data_set_of_an_update_is_named_in_one_place(client: httpx.Client) -> None:
    update = "DELETE { ?s ?p ?o } USING <urn:a> WHERE { ?s ?p ?o }"
    parameters = {"using-graph-uri": "urn:b"}
    answer = client.post("/sparql", params=parameters, content=update, headers=UPDATE)
    assert answer.status_code == 400
    assert "exclude each other" in answer.json()["detail"]


def test_the_data_set_of_an_update_may_be_a_parameter(client: httpx.Client) -> None:
    assert client.post("/sparql", content=INSERT, headers=UPDATE).is_success
    copy = f"INSERT {{ GRAPH <{GRAPH}2> {{ ?s rdfs:comment 'seen' }} }} WHERE {{ ?s a :Drug }}"
    parameters = {"using-graph-uri": "graph:mine"}
    answer = client.post("/sparql", params=parameters, content=copy, headers=UPDATE)
    assert (answer.status_code, answer.json()["added"]) == (200, 1)


def test_updates_need_the_token(client: httpx.Client) -> None:
    url = f"{client.base_url}/sparql"
    for headers in (UPDATE, {**UPDATE, "Authorization": "Bearer wrong-wrong-wrong"}):
        answer = httpx.post(url, content=INSERT, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
        assert answer.headers["www-authenticate"].startswith("Bearer realm=")
    assert httpx.post(url, data={"update": INSERT}).status_code == 401
    assert client.get("/sparql", params={"update": INSERT}).status_code == 400
    assert not holds(client, "drug:mine ?p ?o")


def test_a_query_needs_no_token(client: httpx.Client) -> None:
    answer = httpx.get(f"{client.base_url}/sparql", params={"query": "ASK {}"})
    assert answer.status_code == 200


def test_what_another_writer_did_meanwhile_is_kept(
    client: httpx.Client, engine: EngineAtHand, other_write: Callable[[], None]
) -> None:
    engine.before_commit = other_write
    answer = client.post("/sparql", content=INSERT, headers=UPDATE)
    assert answer.status_code == 200, answer.text
    assert len(engine.swaps) == 2
    assert holds(client, "drug:mine ?p ?o . drug:other ?q ?r")


@pytest.fixture
def other_write(engine: EngineAtHand) -> Callable[[], None]:
    """Another process, which writes once, when this one is about to commit."""
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    drug = f"<{PREFIXES['drug']}other>"
    lines = (
        f"{drug} {kind} <{PREFIXES['']}Drug> <{GRAPH}> .",
        f'{drug} {label} "other" <{GRAPH}> .',
    )
    change = Change(added=tuple(sorted(line.encode() for line in lines)))

    def write() -> None:
        engine.before_commit = lambda: None
        assert not commit(
            CommitRequest(engine.base, engine.home, change, engine.snapshot.id)
        ).problems

    return write


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"a-tag"'}, 412),
        ({"If-None-Match": "*"}, 412),
        ({"If-None-Match": '"a-tag"'}, 200),
    ],
)
def test_an_update_with_a_condition_that_cannot_hold_changes_nothing(
    client: httpx.Client, condition: dict[str, str], status: int
) -> None:
    answer = client.post("/sparql", content=INSERT, headers={**UPDATE, **condition})
    assert answer.status_code == status
    assert holds(client, "drug:mine rdfs:label 'mine'") == (status == 200)
    if status == 412:
        assert answer.json()["type"].endswith("/precondition-failed")


def test_the_log_of_a_write_tells_where_its_time_went(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, ACCESS):
        caplog.clear()
        client.post("/sparql", content=INSERT, headers=UPDATE)
        # The line is written when the answer is, and that of an earlier request may be late.
        end = time.monotonic() + 10
        while not caplog.records and time.monotonic() < end:
            time.sleep(0.01)
    line = [record.request for record in caplog.records if record.name == ACCESS][-1]  # type: ignore[attr-defined]
    assert 0 <= line["waited_ms"] < line["ms"]
    assert 0 < line["evaluated_ms"] < line["ms"]


def test_the_snapshots_of_writes_are_counted(client: httpx.Client) -> None:
    def served() -> float:
        shown = re.search(
            r'snapshot_swaps_total{outcome="served",source="write"} (\d+)',
            client.get("/metrics").text,
        )
        return float(shown[1]) if shown else 0.0

    before = served()
    client.post("/sparql", content=INSERT, headers=UPDATE)
    assert served() == before + 1
