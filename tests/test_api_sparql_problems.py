"""What the SPARQL endpoint refuses: the status, and words that tell how to mend it."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest
from questions import ABOUT, DIRECT, DRUGS, FORM, ask

from api.sparql_request import LONGEST_QUERY


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ([("default-graph-uri", "urn:a")], "the parameter query is missing"),
        ([("query", "ASK {}"), ("query", "ASK {}")], "given 2 times; give it once"),
        ([("query", "ASK {}"), ("timeout", "1"), ("timeout", "2")], "timeout is given 2 times"),
        ([("query", "ASK {}"), ("Timeout", "1")], "did you mean 'timeout'?"),
        ([("query", "ASK {}"), ("default-graph", "urn:a")], "did you mean 'default-graph-uri'?"),
        ([("query", "ASK {}"), ("zebra", "1")], "only query, default-graph-uri, named-graph-uri"),
        ([("query", "ASK {}"), ("timeout", "soon")], "timeout is a positive number of seconds"),
        ([("query", "ASK {}"), ("timeout", "-1")], "timeout is a positive number of seconds"),
        ([("query", "ASK {}"), ("timeout", "nan")], "timeout is a positive number of seconds"),
        ([("query", "ASK {}"), ("format", "parquet")], "format is one of json, xml"),
        ([("update", "CLEAR ALL")], "an update is no part of an address; POST it"),
        ([("query", "ASK {}"), ("update", "CLEAR ALL")], "an update is no part of an address"),
        ([("query", "ASK {}"), ("using-graph-uri", "urn:a")], "using-graph-uri is for updates"),
        ([("query", "ASK {}"), ("default-graph-uri", "no IRI")], "default-graph-uri"),
    ],
)
def test_a_wrong_parameter_is_a_problem(
    client: httpx.Client, parameters: list[tuple[str, str]], words: str
) -> None:
    with client:
        answer = client.get(f"/sparql?{urlencode(parameters)}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("query=ASK%7B%7D&Timeout=1", "did you mean 'timeout'?"),
        ("query=ASK%7B%7D&query=ASK%7B%7D", "query is given 2 times"),
        ("query=ASK%7B%7D&timeout=1&timeout=2", "timeout is given 2 times"),
        ("query=ASK%7B%7D&update=CLEAR+ALL", "a query and an update are given; send one"),
        ("format=json", "the parameter query is missing"),
    ],
)
def test_a_form_is_held_to_the_same_parameters(client: httpx.Client, form: str, words: str) -> None:
    with client:
        answer = client.post("/sparql?format=json", content=form, headers={"Content-Type": FORM})
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_syntax_error_has_line_column_caret_and_hint(client: httpx.Client) -> None:
    with client:
        answer = ask(client, "SELECT * {\n ?s drog:x ?o }")
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "type": "https://w3id.org/sarcoma-kg/problem/query-syntax",
        "title": "The syntax is wrong",
        "status": 400,
        "detail": "the prefix 'drog:' is not declared; did you mean 'drug'?",
        "line": 2,
        "column": 5,
        "excerpt": " ?s drog:x ?o }\n    ^",
        "hint": "declare it: PREFIX drog: <...>",
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK {" + "{" * 101 + "}" * 102, "nest more than 100"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "belongs to an update"),
        ("LOAD <http://127.0.0.1:9/>", "belongs to an update"),
    ],
)
def test_what_is_never_done_is_refused(client: httpx.Client, query: str, words: str) -> None:
    with client:
        answer = ask(client, query)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_what_is_well_formed_and_cannot_be_evaluated_is_422(client: httpx.Client) -> None:
    with client:
        answer = ask(client, "SELECT (<urn:f>(1) AS ?x) {}")
    assert answer.status_code == 422
    assert "the engine gave up" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "ASK { BIND(1 AS ?a) FILTER(?a<?b)SERVICE#>\n<http://127.0.0.1:9/>{} }",
    ],
)
def test_another_endpoint_is_out_of_reach(client: httpx.Client, query: str) -> None:
    with client:
        answer = ask(client, query)
    assert answer.status_code in (400, 403)
    assert answer.json()["type"].endswith(("/query-forbidden", "/query-syntax"))


@pytest.mark.parametrize(("query", "accept"), [(DRUGS, "text/turtle"), (ABOUT, "image/png")])
def test_a_format_that_is_not_offered_is_406(client: httpx.Client, query: str, accept: str) -> None:
    with client:
        answer = ask(client, query, accept)
    assert answer.status_code == 406
    assert "it is as" in answer.json()["detail"]


def test_a_long_accept_is_not_repeated_whole(client: httpx.Client) -> None:
    with client:
        answer = ask(client, DRUGS, ",".join(["image/png"] * 5000))
    assert answer.status_code == 406
    assert len(answer.content) < 1500


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", f"{DIRECT}; charset=latin-1", ""]
)
def test_another_media_type_is_415(client: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    with client:
        answer = client.post("/sparql", content=b"ASK {}", headers=headers)
    assert answer.status_code == 415
    words = f"this one is {content_type}" if content_type else "Content-Type is missing"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/sparql-update", "CLEAR ALL"), (FORM, "update=CLEAR+ALL")],
)
def test_an_update_is_403_and_says_how_to_allow_it(
    client: httpx.Client, content_type: str, body: str
) -> None:
    headers = {"Content-Type": content_type, "Authorization": "Bearer whatever-it-may-be"}
    with client:
        answer = client.post("/sparql", content=body, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/not-writable")
    assert "--writable and --token-file FILE" in answer.json()["detail"]


def test_bytes_that_are_no_utf_8_are_a_problem(client: httpx.Client) -> None:
    with client:
        posted = client.post(
            "/sparql", content=b"ASK { ?s ?p '\xff' }", headers={"Content-Type": DIRECT}
        )
        form = client.post("/sparql", content=b"query=%FF", headers={"Content-Type": FORM})
        got = client.get("/sparql?query=ASK%7B%7D%FF")
    assert [each.status_code for each in (posted, form, got)] == [400, 400, 400]
    assert "byte 14" in posted.json()["detail"]


def test_a_long_body_is_413(client: httpx.Client) -> None:
    with client:
        answer = client.post(
            "/sparql", content=b" " * (LONGEST_QUERY + 1), headers={"Content-Type": DIRECT}
        )
    assert answer.status_code == 413


def test_a_query_in_body_and_address_is_a_problem(client: httpx.Client) -> None:
    with client:
        answer = client.post(
            "/sparql?query=ASK%7B%7D", content=b"ASK {}", headers={"Content-Type": DIRECT}
        )
    assert answer.status_code == 400


def test_another_method_is_405_with_allow(client: httpx.Client) -> None:
    with client:
        answer = client.put("/sparql")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"
