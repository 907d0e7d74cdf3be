"""The pages of the SPARQL endpoint, the contract, the ontology and the snapshots, as HTML."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.assets.shelf import Assets
from api.pages import frame
from api.pages.docs_operations import read_operations
from api.pages.docs_page import docs_page
from api.pages.example_topics import TOPICS, by_topic
from api.pages.results_frame import results_frame
from api.prefix_links import prefix_page
from kg.example_queries import Example
from kg.html_page import PLAIN
from kg.snapshot import Snapshot

HTML = {"Accept": "text/html"}
ROWS = "SELECT ?s WHERE { ?s a :Drug } ORDER BY ?s LIMIT 3"


def get(client: httpx.Client, path: str, **given: str) -> httpx.Response:
    answer = client.get(path, params=given or None, headers=HTML)
    assert answer.status_code == 200
    return answer


def test_the_page_has_what_its_script_needs(client: httpx.Client, snapshot: Snapshot) -> None:
    page = get(client, "/sparql")
    found = re.search(r'id="sparql-data">(.*?)</script>', page.text, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["prefixes"][""] == f"{data['root']}ontology/"
    assert data["prefixes"]["drug"] == f"{data['root']}drug/"
    assert [each["extension"] for each in data["rows"]] == ["json", "xml", "csv", "tsv", "html"]
    assert "ttl" in [each["extension"] for each in data["triples"]]
    assert snapshot.id[:12] in page.text
    assert page.headers["sarcoma-kg-snapshot"] == snapshot.id


def test_the_page_is_guarded_as_all_others_and_has_a_plain_form(client: httpx.Client) -> None:
    page = get(client, "/sparql")
    assert page.headers["content-security-policy"] == frame.POLICY
    assert "unsafe" not in frame.POLICY
    assert '<form action="/sparql" method="get">' in page.text
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page.text)
    assert not re.search(r"\s(?:style|on\w+)=", page.text)


def test_the_same_page_is_not_sent_twice(client: httpx.Client) -> None:
    tag = get(client, "/sparql").headers["etag"]
    again = client.get("/sparql", headers={**HTML, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_each_example_stands_in_one_topic_and_asks_itself(client: httpx.Client) -> None:
    page = get(client, "/sparql").text
    addresses = re.findall(r'class="example" href="([^"]+)"', page)
    total = re.search(r"among (\d+) questions", page)
    assert total
    assert len(addresses) == len(set(addresses)) == int(total[1]) > 100
    topics = re.findall(r"<summary>(.+?) <small>", page)
    assert topics[0] == "Response"
    assert len(topics) == len(set(topics))
    query = parse_qs(urlsplit(unescape(addresses[0])).query)["query"][0]
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200


def test_few_examples_have_no_topic(client: httpx.Client) -> None:
    page = get(client, "/sparql").text
    others = re.search(r"<summary>Others <small>(\d+)</small>", page)
    assert int(others[1] if others else 0) < 12


def test_topics_without_examples_are_left_out() -> None:
    one = Example("urn:a", "Why?", ("dose",), "ASK {}")
    assert by_topic([one]) == {"Doses": [one]}
    assert "Doses" in TOPICS


def test_rows_as_a_page_stand_in_the_frame(client: httpx.Client) -> None:
    page = get(client, "/sparql", query=ROWS)
    assert '<nav aria-label="Site">' in page.text
    assert 'aria-current="page"' in page.text
    assert "<title>Rows" in page.text
    assert "3 rows." in page.text
    assert re.search(r'<a href="/drug/[\w-]+">', page.text)
    assert "/sparql#query=SELECT%20%3Fs%20WHERE" in page.text
    assert page.headers["content-security-policy"] == frame.POLICY


def test_a_frame_gives_the_title_to_nobody_but_the_page() -> None:
    made = results_frame("https://example.org/ontology/")
    opening = made.opening("<b>")
    assert opening.endswith("<h1>&lt;b&gt;</h1>\n")
    assert "\ue000" not in opening
    assert "\ue001" not in opening + made.foot
    assert made.foot.rstrip().endswith("</html>")


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "data:text/html,x", "https://e.org.evil/x", "//e.org/x"]
)
def test_only_our_own_iris_become_paths(iri: str) -> None:
    made = results_frame("https://e.org/ontology/")
    address = made.address(iri)
    assert address is None or address == iri.lower().startswith("https://") * iri
    assert made.address("https://e.org/../x") == "/resource?iri=https%3A%2F%2Fe.org%2F..%2Fx"
    assert PLAIN.address("https://e.org/drug/a") == "https://e.org/drug/a"


def test_without_assets_pages_are_plain_and_say_so() -> None:
    page = frame.render("snapshots.html", "Snapshots", assets=Assets({}), snapshot="a", kept=[])
    assert b"<style>" in page
    assert b"python -m api.assets.build" in page
    assert b"<script" not in page


def test_a_syntax_error_leads_to_the_editor(client: httpx.Client) -> None:
    page = client.get("/sparql", params={"query": "SELEC"}, headers=HTML)
    assert page.status_code == 400
    assert 'href="/sparql#query=SELEC"' in page.text


def test_the_docs_have_every_operation_once_and_run_what_only_reads(client: httpx.Client) -> None:
    page = get(client, "/docs").text
    schema = client.get("/openapi.json").json()
    names = [f"{m.upper()} {path}" for path, methods in schema["paths"].items() for m in methods]
    for name in names:
        assert page.count(f"<h3><code>{name}</code>") == 1, name
    places = re.findall(r'<section class="operation card" id="([^"]+)"', page)
    assert len(places) == len(set(places)) == len(names)
    assert {*re.findall(r'<li><a href="#([^"]+)"><code>', page)} == {*places}
    assert f"curl &#39;{client.base_url}/api/v1/search" in page.replace("/&#39;", "&#39;")


def test_the_docs_are_chosen_by_words(client: httpx.Client) -> None:
    page = get(client, "/docs", q="minEvaluable").text
    assert "/api/v1/evidence</code>" in page
    assert "<code>GET /healthz</code>" not in page
    assert 'value="minEvaluable"' in page
    none = get(client, "/docs", q='"><script>alert(1)</script>').text
    assert "<script>alert" not in none
    assert "0 of" in none


def test_a_contract_with_hostile_texts_stays_text() -> None:
    evil = "<script>alert(1)</script>"
    operation = {"summary": evil, "description": f"`{evil}`", "responses": {}, "tags": [evil]}
    schema = {"info": {"description": evil}, "paths": {"/x": {"get": operation}}}
    assert b"<script>alert" not in docs_page(schema)
    assert read_operations(schema)[0].command == "curl 'http://127.0.0.1:8000/x'"


def test_the_snapshots_are_listed(client: httpx.Client, snapshot: Snapshot) -> None:
    page = get(client, "/snapshots")
    assert f'title="{snapshot.id}"' in page.text
    assert "served</span>" in page.text
    tag = page.headers["etag"]
    again = client.get("/snapshots", headers={**HTML, "If-None-Match": tag})
    assert again.status_code == 304


def test_the_ontology_has_its_contents_beside_it(client: httpx.Client) -> None:
    page = get(client, "/ontology").text
    contents, text = page.split('<div class="ontology">')
    assert 'href="#Drug"' in contents
    assert 'id="Drug"' in text
    assert "Table of Contents" not in page
    for place in re.findall(r'href="#([^"]+)"', contents)[1:]:
        assert f'id="{place}"' in text, place
    for tag in ("ul", "li", "strong"):
        assert len(re.findall(rf"<{tag}[ >]", contents)) == contents.count(f"</{tag}>"), tag


def test_the_addresses_that_scripts_use_follow_the_prefix_of_a_proxy() -> None:
    page = prefix_page(b'<div id="sparql-editor" data-address="/sparql" hidden>', "/kg")
    assert b' data-address="/kg/sparql"' in page
