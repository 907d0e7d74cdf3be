"""What cannot be kept, or not be shown, over real HTTP with real workers: clear problems."""

from __future__ import annotations

import errno
import json
import signal
import socket
from collections import deque
from collections.abc import Iterator
from typing import cast

import httpx
import pytest
from serving import engine_of, running, settings_of
from starlette.requests import Request

import api.commit_process
import api.write_process
from api.application import create_app
from api.error_messages import read_error
from api.failures import CommitFailed, QueryCrashed, QueryTimedOut, StorageFull
from api.messages import Kind, Opening, pack, read_message
from api.problems import problem_of
from kg.base import EmptyBase, build
from kg.change import Change
from kg.commit import CommitRequest

TOKEN = "a-token-for-tests"
UPDATE = {"Content-Type": "application/sparql-update"}
QUERY = {"Content-Type": "application/sparql-query"}
TURTLE = {"Content-Type": "text/turtle"}
FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere/secret")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("home")
    (home / "token").write_text(TOKEN)
    settings = settings_of(
        home, empty=True, writable=True, gate=False, token_file=home / "token", upload_limit=64
    )
    engine = engine_of(build(EmptyBase(), home), memory=2048)
    with running(create_app(settings, engine, base=EmptyBase())) as address:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as found:
            yield found


def put(client: httpx.Client, graph: str, text: str) -> httpx.Response:
    body = f'<urn:a> <urn:b> """{text}""" .'
    return client.put(
        "/rdf-graph-store", params={"graph": graph}, content=body.encode(), headers=TURTLE
    )


@pytest.mark.parametrize("text", ["\n" * 9_000_000, "x" * 17_000_000], ids=["grows", "long"])
def test_a_long_statement_is_422_and_changes_nothing(client: httpx.Client, text: str) -> None:
    answer = put(client, "urn:long", text)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["type"].endswith("/statement")
    assert "16" in problem["detail"]
    assert "memory" not in problem["detail"]
    assert problem["hint"]
    assert client.get("/rdf-graph-store", params={"graph": "urn:long"}).status_code == 404
    assert client.post("/sparql", content="CLEAR ALL", headers=UPDATE).status_code == 200


def test_nul_in_an_update_is_422(client: httpx.Client) -> None:
    text = "INSERT DATA { <urn:a> <urn:b> 'a\\u0000' }"
    answer = client.post("/sparql", content=text, headers=UPDATE)
    assert (answer.status_code, answer.json()["title"]) == (422, "A statement cannot be kept")


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT ('a\\u0001' AS ?x) {}", "application/sparql-results+xml"),
        ("CONSTRUCT { <urn:a> <urn:b> ?x } { VALUES ?x { 'a\\u0001' } }", "application/rdf+xml"),
    ],
)
def test_what_xml_cannot_carry_is_422(client: httpx.Client, query: str, accept: str) -> None:
    answer = client.post("/sparql", content=query, headers={**QUERY, "Accept": accept})
    assert answer.status_code == 422
    assert "U+0001" in answer.json()["detail"]
    assert "JSON" in answer.json()["hint"]


def test_a_long_answer_that_xml_cannot_carry_breaks_off(client: httpx.Client) -> None:
    assert put(client, "urn:rows", "x" * 1_000_000).is_success
    numbers = " ".join(map(str, range(50)))
    query = (
        f"SELECT ?o ?n {{ {{ VALUES ?n {{ {numbers} }} GRAPH <urn:rows> {{ ?s ?p ?o }} }}"
        " UNION { VALUES ?o { '\\u0001' } } }"
    )
    headers = {**QUERY, "Accept": "application/sparql-results+xml"}
    with client.stream("POST", "/sparql", content=query, headers=headers) as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            deque(answer.iter_raw(), maxlen=0)


def told(run: object, own: socket.socket, other: socket.socket, message: bytes) -> CommitFailed:
    other.sendall(message)
    run(own)  # type: ignore[operator]
    with other, other.makefile("rb") as answers:
        kind, body = read_message(answers)
    assert kind is Kind.ERROR
    return cast(CommitFailed, read_error(body))


def problem(error: Exception) -> tuple[int, dict[str, str]]:
    answer = problem_of(Request({"type": "http"}), error)
    return answer.status_code, json.loads(bytes(answer.body))


def test_a_full_disk_is_507(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    def fail(*_: object) -> None:
        raise FULL

    monkeypatch.setattr(api.commit_process, "commit", fail)
    request = CommitRequest(EmptyBase(), tmp_path, Change(), "")  # type: ignore[arg-type]
    message = pack(Kind.COMMIT, request.to_bytes())
    error = told(api.commit_process._answer, *socket.socketpair(), message)
    status, body = problem(error)
    assert (status, body["title"]) == (507, "The disk is full")
    assert "no room left" in body["detail"]
    assert "Errno" not in body["detail"]
    assert "secret" not in body["detail"]


def test_a_disk_that_is_full_before_a_write_is_evaluated_is_507(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise FULL

    monkeypatch.setattr(api.write_process, "copy_database", fail)
    monkeypatch.setattr(signal, "setitimer", lambda *_: None)
    opening = Opening(database="database")
    head = json.dumps({"seconds": 1, "scratch": "scratch"}).encode()

    def run(own: socket.socket) -> None:
        api.write_process._answer(own, opening, lambda: pytest.fail("opened"))

    error = told(run, *socket.socketpair(), pack(Kind.WRITE, head + b"\n"))
    assert isinstance(error, StorageFull)


def test_another_error_of_the_disk_is_500() -> None:
    status, body = problem(CommitFailed("the write could not be kept: no"))
    assert (status, body["title"]) == (500, "The write was not kept")


@pytest.mark.parametrize(
    "error", [QueryTimedOut(1, "write"), QueryCrashed("the write made the engine fail")]
)
def test_a_title_about_a_write_does_not_tell_of_a_query(error: Exception) -> None:
    _, body = problem(error)
    assert "query" not in (body["title"] + body["detail"]).lower()
