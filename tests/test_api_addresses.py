"""What every address takes: methods, parameters, lengths; over real HTTP."""

from __future__ import annotations

import socket

import httpx
import pytest
from raw_http import read_all

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "parameter", "words"),
    [
        ("/api/v1/paths?drug=imatinib&asOf=2007&asOf=2017", "asOf", "given 2 times; give it once"),
        ("/api/v1/evidence?minEvaluable=1&minEvaluable=2", "minEvaluable", "given 2 times"),
        ("/api/v1/drugs?limit=1&limit=3", "limit", "given 2 times"),
        ("/api/v1/drugs/imatinib?x=1", "x", "this address takes none"),
        ("/api/v1/drugs/imatinib?format=ttl", "format", "this address takes none"),
        ("/api/v1/evidence?min_evaluable=1", "min_evaluable", "did you mean 'minEvaluable'?"),
        ("/api/v1/context.jsonld?x=1", "x", "this address takes none"),
        ("/version?x=1", "x", "this address takes none"),
        ("/?x", "x", "this address takes none"),
        ("/sparql?query=ASK%7B%7D&Timeout=1", "Timeout", "did you mean 'timeout'?"),
        ("/api/v1/drugs?limit=0", "limit", "limit:"),
        ("/api/v1/drugs?cursor=x", "cursor", "the cursor is not one"),
        ("/api/v1/paths?drug=imatinib&kind=magic", "kind", "and not 'magic'"),
        (f"/api/v1/drugs/{'a' * 501}", "id", "at most 500 characters"),
    ],
)
def test_a_wrong_parameter_is_named(address: str, path: str, parameter: str, words: str) -> None:
    answer = httpx.get(address + path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["parameter"] == parameter
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/drugs/{'a' * 500}",
        f"/api/v1/drugs/{'a' * 5000}",
        f"/api/v1/evidence?drug={'a' * 5000}",
        f"/api/v1/drugs?{'a' * 5000}=1",
        f"/sparql?query=ASK%7B%7D&format={'a' * 5000}",
        f"/{'a' * 5000}",
    ],
)
def test_a_long_name_is_not_repeated_whole(address: str, path: str) -> None:
    answer = httpx.get(address + path)
    assert answer.status_code in (400, 404)
    assert "aaaa…" in answer.json()["detail"]
    assert len(answer.text) < 1000


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/sparql", "GET, HEAD, POST, OPTIONS"),
        ("/.well-known/void", "GET, HEAD, OPTIONS"),
        ("/api/v1/drugs", "GET, HEAD, OPTIONS"),
        ("/api/v1/drugs/drug:imatinib", "GET, HEAD, OPTIONS"),
        ("/version", "GET, HEAD, OPTIONS"),
        ("/docs", "GET, HEAD, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_405_name_the_methods_of_the_address(
    address: str, path: str, methods: str
) -> None:
    asked, refused = httpx.options(address + path), httpx.delete(address + path)
    assert (asked.status_code, asked.headers["allow"]) == (204, methods)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    assert refused.headers["content-type"] == PROBLEM


def test_the_graph_store_takes_all_methods(address: str) -> None:
    methods = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
    for path in ("/rdf-graph-store", "/rdf-graph-store/some/graph"):
        asked, refused = httpx.options(address + path), httpx.patch(address + path)
        assert (asked.status_code, asked.headers["allow"]) == (204, methods)
        assert (refused.status_code, refused.headers["allow"]) == (405, methods)


def test_options_of_nothing_is_404_but_a_page_may_ask_for_it(address: str) -> None:
    path = f"{address}/api/v1/nonsense"
    asked = httpx.options(path)
    assert (asked.status_code, asked.headers["content-type"]) == (404, PROBLEM)
    before = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    preflight = httpx.options(path, headers=before)
    assert preflight.status_code == 204
    for answer in (asked, preflight):
        assert answer.headers["access-control-allow-origin"] == "*"


def test_any_tag_is_304_where_there_is_a_record(address: str) -> None:
    whatever = {"If-None-Match": "*"}
    for path in ("/api/v1/drugs", "/api/v1/drugs/DTIC", "/api/v1/context.jsonld"):
        answer = httpx.get(address + path, headers=whatever)
        assert (answer.status_code, answer.content) == (304, b""), path
    assert httpx.get(f"{address}/api/v1/drugs/nothing", headers=whatever).status_code == 404


def test_the_server_as_a_whole_has_methods_too(address: str) -> None:
    parts = httpx.URL(address)
    with socket.create_connection((parts.host, parts.port)) as connection:
        connection.sendall(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = read_all(connection)
    assert received.startswith(b"HTTP/1.1 204")
    assert b"allow: GET, HEAD, POST, PUT, DELETE, OPTIONS\r\n" in received
    assert b"sarcoma-kg-snapshot: " in received


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slash_too_many_is_redirected_whatever_proxies_stand_before(
    address: str, method: str, scheme: str
) -> None:
    headers = {"X-Forwarded-Proto": scheme, "Host": "kg.example"}
    query = "?query=ASK%20%7B%7D&format=csv"
    answer = httpx.request(method, f"{address}/sparql/{query}", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (307, f"../sparql{query}")
    assert answer.headers["access-control-allow-origin"] == "*"
    seen = httpx.URL("https://kg.example/folder/sparql/").join(answer.headers["location"])
    assert str(seen) == f"https://kg.example/folder/sparql{query}"


def test_a_redirect_leads_to_an_answer(address: str) -> None:
    with httpx.Client(base_url=address, follow_redirects=True) as client:
        assert client.post("/sparql/", data={"query": "ASK {}"}).json()["boolean"] is True
        assert client.get("/.well-known/void/").url.path == "/.well-known/void"
        assert client.get("/docs/").status_code == 200


@pytest.mark.parametrize("path", ["/nonsense/", "//", "/sparql//", "//kg.example/", "/"])
def test_nothing_else_is_redirected(address: str, path: str) -> None:
    answer = httpx.get(address + path)
    assert answer.status_code == (200 if path == "/" else 404)
