"""The SPARQL endpoint over real HTTP: protocol, formats, errors, tags."""

from __future__ import annotations

import io
import json
from urllib.parse import urlencode

import httpx
import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse, parse_query_results

from api.sparql_request import LONGEST_BODY
from kg.formats import GraphFormat, ResultFormat
from kg.snapshot import Snapshot

DRUGS = "SELECT ?drug ?name { ?drug a :Drug ; rdfs:label ?name } ORDER BY ?name LIMIT 5"
ABOUT = "DESCRIBE drug:imatinib"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@pytest.fixture
def client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=30)


def ask(client: httpx.Client, query: str, accept: str | None = None) -> httpx.Response:
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", params={"query": query}, headers=headers)


@pytest.mark.parametrize("form", ResultFormat)
def test_every_result_format_is_read_by_another_parser(
    client: httpx.Client, form: ResultFormat
) -> None:
    with client:
        answer = ask(client, DRUGS, form.media_type)
    assert answer.headers["content-type"].split(";")[0] == form.media_type
    name = {"CSV": "csv", "TSV": "tsv", "XML": "xml", "JSON": "json"}[form.name]
    if name != "tsv":
        rows = rdflib.query.Result.parse(io.BytesIO(answer.content), format=name)
        assert len(rows) == 5
    if name != "csv":
        engine = QueryResultsFormat.from_media_type(form.media_type)
        assert engine is not None
        read = parse_query_results(answer.content, format=engine)
        assert isinstance(read, QuerySolutions)
        assert len(list(read)) == 5


# The JSON-LD parser of rdflib uses a class that rdflib itself calls old.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("form", GraphFormat)
def test_every_graph_format_is_read_by_another_parser(
    client: httpx.Client, form: GraphFormat
) -> None:
    with client:
        answer = ask(client, ABOUT, form.media_type)
        expected = {each.triple for each in parse(answer.content, format=form.engine)}
        turtle = ask(client, ABOUT)
    assert answer.headers["content-type"].split(";")[0] == form.media_type
    assert {each.triple for each in parse(turtle.content, format=GraphFormat.TURTLE.engine)} == (
        expected
    )
    # Without named graphs, N-Quads are N-Triples and TriG is Turtle.
    names = {"ttl": "turtle", "nq": "nt", "trig": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    graph = rdflib.Graph()
    graph.parse(data=answer.content, format=names.get(form.extension, form.extension))
    assert len(graph) == len(expected) > 10


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, "query=ASK+%7B+%3Fs+a+%3ADrug+%7D"),
        (f"{FORM}; charset=UTF-8", "query=ASK+%7B+%3Fs+a+%3ADrug+%7D"),
        (DIRECT, "ASK { ?s a :Drug }"),
        (f"{DIRECT};charset=utf-8", "ASK { ?s a :Drug # é\n}"),
    ],
)
def test_a_query_may_be_posted(client: httpx.Client, content_type: str, body: str) -> None:
    with client:
        answer = client.post("/sparql", content=body, headers={"Content-Type": content_type})
    assert answer.json()["boolean"] is True
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "media_type", "query"),
    [
        ("csv", "text/csv", DRUGS),
        ("json", "application/sparql-results+json", DRUGS),
        ("xml", "application/rdf+xml", ABOUT),
        ("json", "application/ld+json", ABOUT),
        ("nt", "application/n-triples", ABOUT),
    ],
)
def test_a_format_may_be_named(
    client: httpx.Client, name: str, media_type: str, query: str
) -> None:
    with client:
        answer = client.get("/sparql", params={"query": query, "format": name})
    assert answer.headers["content-type"].split(";")[0] == media_type


def test_the_graphs_of_the_protocol_make_the_data_set(client: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?drug a :Drug }"
    graph = "https://w3id.org/sarcoma-kg/graph/vocabulary-drugs"
    missing = "https://w3id.org/sarcoma-kg/graph/none"
    with client:
        found = [
            client.get(
                "/sparql", params={"query": count, "default-graph-uri": iri, "format": "csv"}
            )
            for iri in (graph, missing)
        ]
        union = client.get("/sparql", params={"query": count, "format": "csv"})
    numbers = [int(answer.text.split()[1]) for answer in (*found, union)]
    assert numbers[0] == numbers[2] > 0
    assert numbers[1] == 0


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ([], "the parameter query is missing"),
        ([("query", "ASK {}"), ("query", "ASK {}")], "given 2 times; give it once"),
        ([("query", "ASK {}"), ("timeout", "1"), ("timeout", "2")], "timeout is given 2 times"),
        ([("query", "ASK {}"), ("Timeout", "1")], "did you mean 'timeout'?"),
        ([("query", "ASK {}"), ("default-graph", "urn:a")], "did you mean 'default-graph-uri'?"),
        ([("query", "ASK {}"), ("zebra", "1")], "only query, default-graph-uri, named-graph-uri"),
        ([("query", "ASK {}"), ("timeout", "soon")], "timeout is a positive number of seconds"),
        ([("query", "ASK {}"), ("timeout", "-1")], "timeout is a positive number of seconds"),
        ([("query", "ASK {}"), ("timeout", "nan")], "timeout is a positive number of seconds"),
        ([("query", "ASK {}"), ("format", "parquet")], "format is one of json, xml"),
        ([("update", "CLEAR ALL")], "updates are not accepted"),
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
        ("query=ASK%7B%7D&format=json", "format is given 2 times"),
        ("update=CLEAR+ALL", "updates are not accepted"),
    ],
)
def test_a_form_is_held_to_the_same_parameters(client: httpx.Client, form: str, words: str) -> None:
    with client:
        answer = client.post("/sparql?format=json", content=form, headers={"Content-Type": FORM})
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_graphs_may_be_given_more_than_once(client: httpx.Client) -> None:
    with client:
        answer = client.get(
            "/sparql?query=ASK%7B%7D&default-graph-uri=urn:a&default-graph-uri=urn:b"
        )
    assert answer.status_code == 200


def test_a_syntax_error_has_line_column_caret_and_hint(client: httpx.Client) -> None:
    with client:
        answer = ask(client, "SELECT * {\n ?s drog:x ?o }")
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "type": "https://w3id.org/sarcoma-kg/problem/query-syntax",
        "title": "The text is no SPARQL query",
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
        ("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is not available"),
        ("ASK { BIND(1 AS ?a) FILTER(?a<?b)SERVICE#>\n<http://127.0.0.1:9/>{} }", "SERVICE"),
        ("ASK {" + "{" * 101 + "}" * 102, "nest more than 100"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "belongs to an update"),
        ("LOAD <http://127.0.0.1:9/>", "belongs to an update"),
        ("SELECT (<urn:f>(1) AS ?x) {}", "the engine gave up"),
    ],
)
def test_what_is_never_done_is_refused(client: httpx.Client, query: str, words: str) -> None:
    with client:
        answer = ask(client, query)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(("query", "accept"), [(DRUGS, "text/turtle"), (ABOUT, "image/png")])
def test_a_format_that_is_not_offered_is_406(client: httpx.Client, query: str, accept: str) -> None:
    with client:
        answer = ask(client, query, accept)
    assert answer.status_code == 406
    assert "it is as" in answer.json()["detail"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/sparql-update", f"{DIRECT}; charset=latin-1", ""]
)
def test_another_media_type_is_415(client: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    with client:
        answer = client.post("/sparql", content=b"ASK {}", headers=headers)
    assert answer.status_code == 415
    words = f"this one is {content_type}" if content_type else "Content-Type is missing"
    assert words in answer.json()["detail"] or "update" in content_type


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
            "/sparql", content=b" " * (LONGEST_BODY + 1), headers={"Content-Type": DIRECT}
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


def test_the_same_question_is_answered_304(client: httpx.Client, snapshot: Snapshot) -> None:
    with client:
        first = ask(client, DRUGS, "text/csv")
        headers = {"Accept": "text/csv", "If-None-Match": f'W/"other", {first.headers["etag"]}'}
        again = client.get("/sparql", params={"query": DRUGS}, headers=headers)
        other = ask(client, DRUGS, "application/json")
    assert first.headers["sarcoma-kg-snapshot"] == snapshot.id
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert "Accept" in again.headers["vary"]
    assert other.headers["etag"] != first.headers["etag"]


def test_any_tag_is_304_where_there_is_an_answer(client: httpx.Client) -> None:
    whatever = {"If-None-Match": "*"}
    with client:
        found = client.get("/sparql", params={"query": DRUGS}, headers=whatever)
        wrong = client.get("/sparql", params={"query": "SELECT"}, headers=whatever)
    assert (found.status_code, found.content) == (304, b"")
    assert found.headers["etag"]
    assert wrong.status_code == 400


def test_a_volatile_query_has_no_tag(client: httpx.Client) -> None:
    with client:
        answer = ask(client, "SELECT (UUID() AS ?x) {}")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_head_answers_as_get_without_a_body(client: httpx.Client) -> None:
    with client:
        got = ask(client, DRUGS)
        head = client.head("/sparql", params={"query": DRUGS})
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == str(len(got.content))


def test_a_page_of_any_origin_may_ask(client: httpx.Client) -> None:
    origin = {"Origin": "https://example.org"}
    with client:
        asked = client.options(
            "/sparql", headers={**origin, "Access-Control-Request-Method": "POST"}
        )
        missing = client.get("/nowhere", headers=origin)
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]
    for answer in (asked, missing):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


def test_an_answer_in_json_is_whole(client: httpx.Client) -> None:
    with client:
        answer = ask(client, "SELECT * { ?s ?p ?o }")
    rows = json.loads(answer.content)["results"]["bindings"]
    assert len(rows) > 10_000
    assert answer.headers["content-length"] == str(len(answer.content))
