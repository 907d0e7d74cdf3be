"""Requests as nobody should send them: each is answered, and none with a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import httpx
import pytest
from engine_at_hand import EngineAtHand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_http import guarded
from serving import settings_of

from api.application import create_app
from api.connection_limits import ConnectionLimits
from kg.base import EmptyBase

TOKEN = "a-token-for-tests"
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=20_000)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("home")
    (home / "token").write_text(TOKEN)
    chosen = settings_of(home, empty=True, writable=True, gate=False, token_file=home / "token")
    app = create_app(chosen, EngineAtHand(EmptyBase(), home))
    limits = ConnectionLimits()
    with guarded(app, limits) as (address, _), httpx.Client(base_url=address, timeout=60) as found:
        yield found


NOT_SPOKEN = (501, 505)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
PATHS = st.one_of(
    st.sampled_from(["/sparql", "/rdf-graph-store", "/rdf-graph-store/", "/rdf-graph-store/a/b"]),
    st.text(max_size=10).map(lambda text: f"/rdf-graph-store/{quote(text, errors='replace')}"),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            *("query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri"),
            *("timeout", "format", "output", "graph", "default"),
        ]
    ),
    st.text(max_size=5),
)
TEXTS = st.sampled_from(
    [
        *(
            "ASK {}",
            "SELECT * { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
            "DESCRIBE <urn:a>",
        ),
        *("INSERT DATA { <urn:a> <urn:b> 1 }", "CLEAR ALL", "urn:a", "graph:a", "1", "csv", "html"),
    ]
)
VALUES = st.one_of(TEXTS, st.text(max_size=20))
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=4).map(
    lambda pairs: urlencode(pairs, errors="replace")
)
RAW = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=20
)
LINES = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30
)
MEDIA = st.sampled_from(
    [
        *("application/x-www-form-urlencoded", "application/sparql-query"),
        *("application/sparql-update", "text/turtle", "application/n-triples"),
        *(
            "application/rdf+xml",
            "application/ld+json",
            "application/trig",
            "text/html",
            "text/csv",
        ),
        *("multipart/form-data; boundary=x", "multipart/mixed; boundary=x", "*/*"),
        *("application/sparql-query; charset=UTF-8", "text/turtle; charset=latin-1"),
    ]
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.one_of(MEDIA, LINES),
        "Accept": st.one_of(MEDIA, LINES),
        "If-Match": st.one_of(st.just("*"), LINES),
        "If-None-Match": st.one_of(st.just("*"), LINES),
        "Authorization": st.one_of(st.just(f"Bearer {TOKEN}"), LINES),
        "Content-Encoding": st.sampled_from(["gzip", "identity", ""]),
        "X-Forwarded-Proto": LINES,
        "Host": st.one_of(st.just("kg.example.org"), RAW),
    },
)
BODIES = st.one_of(
    st.none(),
    st.binary(max_size=40),
    PAIRS.map(str.encode),
    TEXTS.map(str.encode),
    st.just(b"<urn:a> <urn:b> <urn:c> ."),
    st.just(b"--x\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> 1 .\r\n--x--\r\n"),
)
REQUESTS = (METHODS, PATHS, st.one_of(PAIRS, RAW), HEADERS, BODIES)


def check(
    client: httpx.Client,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes | None,
) -> None:
    sent = [(name.encode(), value.strip().encode("latin-1")) for name, value in headers.items()]
    answer = client.request(method, f"{path}?{query}", headers=sent, content=body)
    assert answer.status_code < 500 or answer.status_code in NOT_SPOKEN, answer.text
    if answer.status_code >= 400 and method != "HEAD":
        is_page = answer.headers["content-type"].startswith("text/html")
        assert is_page or answer.headers["content-type"] == "application/problem+json"
        assert not is_page or "text/html" in headers.get("Accept", "")
    if answer.headers.get("content-type") == "application/problem+json" and answer.content:
        problem = json.loads(answer.content)
        assert problem["status"] == answer.status_code
        assert len(answer.content) < 5000
    if method == "HEAD":
        assert not answer.content
    if answer.is_success and method in ("PUT", "DELETE", "PATCH"):
        assert headers["Authorization"].strip() == f"Bearer {TOKEN}"


@FEW
@given(*REQUESTS)
def test_no_request_is_answered_with_a_fault(
    client: httpx.Client,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes | None,
) -> None:
    check(client, method, path, query, headers, body)


@pytest.mark.soak
@MANY
@given(*REQUESTS)
def test_none_of_many_requests_is_answered_with_a_fault(
    client: httpx.Client,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes | None,
) -> None:
    check(client, method, path, query, headers, body)
