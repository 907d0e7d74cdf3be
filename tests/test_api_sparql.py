"""The SPARQL endpoint over real HTTP: protocol, formats, tags."""

from __future__ import annotations

import io
import json

import httpx
import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse, parse_query_results
from questions import ABOUT, DIRECT, DRUGS, FORM, ask

from kg.formats import GraphFormat, ResultFormat
from kg.snapshot import Snapshot

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


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


@pytest.mark.parametrize(
    ("query", "shown"), [(DRUGS, "5 rows."), (ABOUT, "triples."), ("ASK {}", "true")]
)
def test_a_browser_gets_a_page(client: httpx.Client, query: str, shown: str) -> None:
    with client:
        answer = ask(client, query, BROWSER)
        named = client.get("/sparql", params={"query": query, "format": "html"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert shown in answer.text
    assert named.content == answer.content


def test_a_browser_that_asks_nothing_gets_a_form(client: httpx.Client) -> None:
    with client:
        page = client.get("/sparql", headers={"Accept": BROWSER})
    assert page.headers["content-type"].split(";")[0] == "text/html"
    assert '<form action="/sparql"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("form", GraphFormat)
def test_a_get_that_asks_nothing_describes_the_service(
    client: httpx.Client, form: GraphFormat
) -> None:
    with client:
        answer = client.get("/sparql", headers={"Accept": form.media_type})
        again = client.get("/sparql", params={"format": form.extension})
        head = client.head("/sparql", headers={"Accept": form.media_type})
    assert answer.headers["content-type"].split(";")[0] == form.media_type
    described = {str(each.triple) for each in parse(answer.content, format=form.engine)}
    endpoint = f"<{client.base_url.join('/sparql')}>"
    predicate = "<http://www.w3.org/ns/sparql-service-description#endpoint>"
    assert any(predicate in each and endpoint in each for each in described)
    assert again.content == answer.content
    assert (head.content, head.headers["etag"]) == (b"", answer.headers["etag"])


def test_without_a_wish_the_description_is_turtle(client: httpx.Client) -> None:
    with client:
        answer = client.get("/sparql")
        same = client.get("/sparql", headers={"If-None-Match": answer.headers["etag"]})
        refused = client.get("/sparql", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert (same.status_code, refused.status_code) == (304, 406)


def test_turtle_has_our_prefixes(client: httpx.Client) -> None:
    with client:
        answer = ask(client, ABOUT)
    assert "@prefix drug: <https://w3id.org/sarcoma-kg/drug/> ." in answer.text
    assert "drug:imatinib " in answer.text


def test_the_graphs_of_the_protocol_make_the_data_set(client: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?drug a :Drug }"
    ours, reference = "graph:vocabulary-drugs", "graph:reference-drugs"
    missing = "https://w3id.org/sarcoma-kg/graph/none"
    with client:
        found = [
            client.get(
                "/sparql", params={"query": count, "default-graph-uri": graphs, "format": "csv"}
            )
            for graphs in ([ours], [reference], [ours, reference], [missing])
        ]
        union = client.get("/sparql", params={"query": count, "format": "csv"})
    numbers = [int(answer.text.split()[1]) for answer in (*found, union)]
    one, other, both, none, all_ = numbers
    assert one + other == both == all_
    assert min(one, other) > 0
    assert none == 0


def test_graphs_may_be_given_more_than_once(client: httpx.Client) -> None:
    with client:
        answer = client.get(
            "/sparql?query=ASK%7B%7D&default-graph-uri=urn:a&default-graph-uri=urn:b"
        )
    assert answer.status_code == 200


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
        client.headers["Accept-Encoding"] = "identity"
        answer = ask(client, "SELECT * { ?s ?p ?o }")
    rows = json.loads(answer.content)["results"]["bindings"]
    assert len(rows) > 10_000
    assert answer.headers["content-length"] == str(len(answer.content))
