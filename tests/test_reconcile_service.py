"""The addresses of the reconciliation service: manifest, methods, errors, tags, JSONP."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from reconcile_schemas import check
from reconcile_service import FORM, form, post_form

from api.kinds import KINDS
from api.reconcile.limits import LARGEST_BATCH, MOST_EXTENDED, MOST_PROPERTIES, MOST_VALUES
from api.reconcile.types import BROADER, all_types
from kg.shipped import find_shipped


def test_the_manifest_keeps_to_its_schema(client: httpx.Client) -> None:
    answer = client.get("/reconcile")
    manifest = check("manifest", answer.json())
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.headers["sarcoma-kg-snapshot"]) == 64
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/sarcoma-kg/"
    assert manifest["batchSize"] == LARGEST_BATCH
    assert manifest["defaultTypes"][0]["id"] == "sarcoma:Drug"
    assert "authentication" not in manifest


def test_every_address_in_the_manifest_answers(client: httpx.Client) -> None:
    manifest = client.get("/reconcile").json()
    for template in (manifest["view"], manifest["preview"]):
        page = client.get(template["url"].replace("{{id}}", "drug%3Aimatinib"))
        assert page.status_code in (200, 303), template
    assert client.get(manifest["feature_view"]["url"].replace("{{id}}", "edits")).status_code == 200
    for what, name in (
        ("entity", "drug:imatinib"),
        ("type", "sarcoma:Drug"),
        ("property", "target"),
    ):
        suggest = manifest["suggest"][what]
        answer = client.get(f"{suggest['service_url']}{suggest['service_path']}?prefix=ta")
        assert answer.json()["result"], what
        path = suggest["flyout_service_path"].replace("${id}", name)
        assert client.get(suggest["flyout_service_url"] + path).json()["id"] == name
    proposing = manifest["extend"]["propose_properties"]
    proposed = client.get(
        f"{proposing['service_url']}{proposing['service_path']}?type=sarcoma:Drug"
    )
    assert check("data-extension-property-proposal", proposed.json())["properties"]


def test_addresses_are_those_that_the_client_wrote(client: httpx.Client) -> None:
    one, other = (
        client.get("/reconcile", headers={"Host": host}) for host in ("a.example", "b.example")
    )
    assert one.json()["view"]["url"] == "http://a.example/resource?iri={{id}}"
    assert one.headers["etag"] != other.headers["etag"]


def test_types_are_the_kinds_below_the_classes_of_the_ontology() -> None:
    assert {each.kind.path for each in all_types()} == {kind.path for kind in KINDS}
    text = (find_shipped().ontology / "sarcoma.ttl").read_text(encoding="utf-8")
    classes = {kind.path: kind.class_name for kind in KINDS}
    by_class = {name: path for path, name in classes.items()}
    for path, name in classes.items():
        block = re.search(rf"^:{name} .*?\n\n", text, re.M | re.S)
        assert block, name
        above = re.findall(r"rdfs:subClassOf ([^;.\[]*)", block[0])
        stated = {
            by_class.get(each.strip().lstrip(":")) for one in above for each in one.split(",")
        }
        assert ({BROADER[path]} if path in BROADER else set()) == stated - {None}, name


@pytest.mark.parametrize(
    "target",
    [
        "/reconcile",
        '/reconcile?queries={"q0":{"query":"GIST"}}',
        '/reconcile?extend={"ids":["drug:imatinib"],"properties":[{"id":"target"}]}',
        "/reconcile/suggest/entity?prefix=ima",
        "/reconcile/suggest/type?prefix=",
        "/reconcile/suggest/property?prefix=tar",
        "/reconcile/flyout/entity?id=drug:imatinib",
        "/reconcile/properties?type=drugs",
        "/reconcile/preview?id=drug:imatinib",
    ],
)
def test_what_a_client_holds_is_not_sent_again(client: httpx.Client, target: str) -> None:
    first = client.get(target)
    assert first.status_code == 200
    again = client.get(target, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(target).content == first.content
    head = client.head(target)
    assert head.status_code == 200
    assert head.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("name", ["cb", "jQuery112_17.done", "$.a._b"])
def test_jsonp_calls_the_function(client: httpx.Client, name: str) -> None:
    # jQuery adds the name and, against caches, a number of its own.
    answer = client.get("/reconcile", params={"callback": name, "_": "1700000000000"})
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    called = re.fullmatch(r"/\*\*/([\w$.]+)\((.*)\);", answer.text, re.S)
    assert called
    assert called[1] == name
    assert json.loads(called[2]) == client.get("/reconcile").json()


@pytest.mark.parametrize("name", ["alert(1)", "a b", "a;b", "1a", "a.", "<x>", "a" * 101, "a\nb"])
def test_a_callback_is_the_name_of_a_function(client: httpx.Client, name: str) -> None:
    answer = client.get("/reconcile/suggest/entity", params={"prefix": "a", "callback": name})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "callback"


def test_parameters_of_clients_are_ignored(client: httpx.Client) -> None:
    sent = {"prefix": "imat", "type_strict": "should", "lang": "en", "spell": "always", "_": "1"}
    assert client.get("/reconcile/suggest/entity", params=sent).json()["result"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/reconcile")
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]
    assert client.post("/reconcile/preview?id=x").status_code == 405


@pytest.mark.parametrize("path", ["x", "suggest", "suggest/x", "flyout/x", "preview/x", "match"])
def test_there_is_nothing_beside(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/reconcile/{path}", params={"prefix": "a", "id": "a"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_browser_may_ask_beforehand(client: httpx.Client) -> None:
    asked = {"Origin": "https://e.org", "Access-Control-Request-Method": "POST"}
    answer = client.options("/reconcile", headers=asked)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]


DEEP = "[" * 100_000
REFUSED: dict[str, tuple[str, int, str]] = {
    "no JSON": ("queries={", 400, "queries is no JSON"),
    "empty": ("queries=", 400, "queries is no JSON"),
    "a list": ("queries=[]", 400, "queries is an object"),
    "null": ("queries=null", 400, "queries is an object"),
    "NaN": ('queries={"q":NaN}', 400, "NaN is no number"),
    "deep": (f"queries={DEEP}", 400, "queries is"),
    "long number": (f'queries={{"q":{"1" * 5000}}}', 400, "queries is no JSON"),
    "query null": ('queries={"q0":null}', 400, "queries.q0 is an object, and not null"),
    "query text": ('queries={"q0":"GIST"}', 400, "queries.q0 is an object, and not a text"),
    "no text": ('queries={"q0":{}}', 400, "queries.q0 has no text"),
    "no properties": ('queries={"q0":{"properties":[]}}', 400, "queries.q0 has no text"),
    "half a character": ('queries={"\\ud800":{"query":7}}', 400, "is a text, and not a number"),
    "number": ('queries={"q0":{"query":7}}', 400, "queries.q0.query is a text, and not a number"),
    "unknown key": ('queries={"q0":{"query":"a","typ":"b"}}', 400, "has the key 'typ'"),
    "limit 0": ('queries={"q0":{"query":"a","limit":0}}', 400, "queries.q0.limit"),
    "limit half": ('queries={"q0":{"query":"a","limit":1.5}}', 400, "queries.q0.limit"),
    "limit endless": ('queries={"q0":{"query":"a","limit":1e999}}', 400, "queries.q0.limit"),
    "limit true": ('queries={"q0":{"query":"a","limit":true}}', 400, "queries.q0.limit"),
    "limit text": ('queries={"q0":{"query":"a","limit":"3"}}', 400, "queries.q0.limit"),
    "type number": ('queries={"q0":{"query":"a","type":3}}', 400, "queries.q0.type is a text"),
    "strict": ('queries={"q0":{"query":"a","type_strict":"x"}}', 400, "any, should or all"),
    "strict list": ('queries={"q0":{"query":"a","type_strict":[]}}', 400, "any, should or all"),
    "properties": ('queries={"q0":{"query":"a","properties":{}}}', 400, "is a list"),
    "no pid": ('queries={"q0":{"query":"a","properties":[{"v":1}]}}', 400, "pid and v"),
    "v null": ('queries={"q0":{"query":"a","properties":[{"pid":"x","v":null}]}}', 400, "null"),
    "v object": ('queries={"q0":{"query":"a","properties":[{"pid":"x","v":{}}]}}', 400, "object"),
    "both": ("queries={}&extend={}", 400, "has one of"),
    "twice": ("queries={}&queries={}", 400, "once"),
    "neither": ("x=1", 400, "neither queries nor extend"),
    "no form": ("", 400, "neither queries nor extend"),
    "extend list": ("extend=[]", 400, "ids and properties"),
    "extend without": ('extend={"ids":[]}', 400, "extend.properties is a list"),
    "extend ids": ('extend={"ids":[1],"properties":[]}', 400, "an id is a text"),
    "extend property": ('extend={"ids":[],"properties":["x"]}', 400, "an object with an id"),
    "extend unknown": ('extend={"ids":[],"properties":[{"id":"tarhet"}]}', 400, "mean 'target'"),
    "extend limit": (
        'extend={"ids":[],"properties":[{"id":"target","settings":{"limit":"x"}}]}', 400, "limit",
    ),
    "extend limit endless": (
        'extend={"ids":[],"properties":[{"id":"target","settings":{"limit":1e999}}]}', 400, "limit",
    ),
    "extend match": (
        'extend={"ids":[],"properties":[{"id":"target","settings":{"match":"x"}}]}', 400, "match",
    ),
    "no UTF-8": ("queries=%FF", 400, "the form"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_requests_are_refused_in_words(client: httpx.Client, case: str) -> None:
    text, status, said = REFUSED[case]
    answer = client.post("/reconcile", content=text, headers=FORM)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        ({"queries": {f"q{n}": {"query": "a"} for n in range(LARGEST_BATCH + 1)}}, LARGEST_BATCH),
        ({"queries": {f"q{n}": {"query": "a"} for n in range(10_000)}}, LARGEST_BATCH),
        ({"extend": {"ids": ["a"] * (MOST_EXTENDED + 1), "properties": []}}, MOST_EXTENDED),
        ({"extend": {"ids": [], "properties": [{}] * (MOST_PROPERTIES + 1)}}, MOST_PROPERTIES),
        ({"queries": {"q": {"query": "a", "type": ["b"] * 51}}}, MOST_PROPERTIES),
        ({"queries": {"q": {"properties": [{"pid": "a", "v": [1] * 51}]}}}, MOST_PROPERTIES),
        (
            {
                "queries": {
                    f"q{n}": {"properties": [{"pid": "a", "v": [1] * 50}] * 50} for n in range(11)
                }
            },
            MOST_VALUES,
        ),
    ],
)
def test_what_is_too_much_is_refused_with_the_limit(
    client: httpx.Client, fields: dict[str, Any], limit: int
) -> None:
    answer = post_form(client, **fields)
    assert answer.status_code == 413
    assert str(limit) in answer.json()["detail"]


def test_a_body_too_long_is_refused_with_the_limit(client: httpx.Client) -> None:
    body = "queries=" + "a" * 2_200_000
    answer = client.post("/reconcile", content=body, headers=FORM)
    assert answer.status_code == 413
    assert "2,097,152 bytes" in answer.json()["detail"]


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_a_body_is_a_form(client: httpx.Client, media_type: str) -> None:
    body = form(queries={"q0": {"query": "GIST"}})
    answer = client.post("/reconcile", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == 415


def test_a_form_may_have_parts(client: httpx.Client) -> None:
    queries = json.dumps({"q0": {"query": "GIST"}})
    answer = client.post("/reconcile", files={"queries": (None, queries)})
    assert answer.json() == post_form(client, queries={"q0": {"query": "GIST"}}).json()


def test_queries_may_stand_in_the_address(client: httpx.Client) -> None:
    queries = {"q0": {"query": "GIST"}}
    answer = client.get("/reconcile", params={"queries": json.dumps(queries)})
    assert answer.json() == post_form(client, queries=queries).json()


@pytest.mark.parametrize("query", ["GIST", '{"query": "GIST", "limit": 10}'])
def test_one_query_is_answered_as_version_0_1_had_it(client: httpx.Client, query: str) -> None:
    expected = post_form(client, queries={"q0": {"query": "GIST"}}).json()["q0"]
    assert client.get("/reconcile", params={"query": query}).json() == expected
    assert client.post("/reconcile", data={"query": query}).json() == expected


def test_a_slash_too_many_leads_here(client: httpx.Client) -> None:
    answer = client.post("/reconcile/", content=form(queries={}), headers=FORM)
    assert answer.status_code == 307
    found = client.post(
        "/reconcile/", content=form(queries={}), headers=FORM, follow_redirects=True
    )
    assert found.json() == {}
