"""What the SPARQL 1.1 Protocol makes of requests: queries, updates, or a refusal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from requests_at_hand import request_of

from api.authorization import Authority, NoToken, NotWritable, WrongToken
from api.messages import QueryRequest, WriteRequest
from api.problems import PROBLEMS, ParameterError, TooLarge, UnsupportedMedia
from api.sparql_request import FORM, LONGEST_QUERY, QUERY, UPDATE, Clerk
from kg.namespaces import Namespaces
from kg.settings import read_settings
from kg.writing import Update

TOKEN = "0123456789abcdef"
AUTHORIZED = ("Authorization", f"Bearer {TOKEN}")
NAMES = Namespaces({"graph": "https://e.org/graph/"}, "https://e.org/o/")
SETTINGS = read_settings(home=Path("/nowhere"), query_timeout=30, upload_limit=2)
WRITABLE = Clerk(SETTINGS, Authority(TOKEN, is_writable=True), NAMES)
READ_ONLY = Clerk(SETTINGS, Authority(), NAMES)

Asked = QueryRequest | WriteRequest | None


def get(query: str, *headers: tuple[str, str], clerk: Clerk = WRITABLE) -> Asked:
    return asyncio.run(clerk.read(request_of("GET", f"/sparql?{query}", headers=headers)))


def post(
    content_type: str,
    body: bytes | str,
    address: str = "",
    *headers: tuple[str, str],
    clerk: Clerk = WRITABLE,
) -> Asked:
    sent = body.encode() if isinstance(body, str) else body
    given = [("Content-Type", content_type), *headers] if content_type else [*headers]
    return asyncio.run(clerk.read(request_of("POST", f"/sparql?{address}", sent, given)))


def query_of(asked: Asked) -> QueryRequest:
    assert isinstance(asked, QueryRequest)
    return asked


def update_of(asked: Asked) -> Update:
    assert isinstance(asked, WriteRequest)
    assert isinstance(asked.write, Update)
    return asked.write


@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_a_query_comes_in_three_ways(method: str) -> None:
    query = "ASK { ?s ?p 'é+&%' }"
    graphs = urlencode({"default-graph-uri": "urn:a", "named-graph-uri": "urn:b"})
    asked = {
        "get": lambda: get(f"{urlencode({'query': query})}&{graphs}"),
        "form": lambda: post(FORM, f"{urlencode({'query': query})}&{graphs}"),
        "direct": lambda: post(QUERY, query, graphs),
    }[method]()
    found = query_of(asked)
    assert found.query == query
    assert (found.default_graphs, found.named_graphs) == (("urn:a",), ("urn:b",))
    assert (found.union, found.seconds, found.accept) == (True, 30.0, None)


@pytest.mark.parametrize("method", ["form", "direct"])
def test_an_update_comes_in_two_ways(method: str) -> None:
    update = "INSERT DATA { <urn:a> <urn:b> 'é+&%' }"
    graphs = urlencode({"using-graph-uri": "urn:a", "using-named-graph-uri": "graph:b"})
    if method == "form":
        asked = post(FORM, f"{urlencode({'update': update})}&{graphs}", "", AUTHORIZED)
    else:
        asked = post(UPDATE, update, graphs, AUTHORIZED)
    found = update_of(asked)
    assert found.text == update
    assert found.using_graphs == ("urn:a",)
    assert found.using_named_graphs == ("https://e.org/graph/b",)


def test_parameters_of_a_form_may_stand_in_its_address() -> None:
    asked = query_of(
        post(FORM, "query=ASK%7B%7D", "default-graph-uri=urn:a&default-graph-uri=urn:b")
    )
    assert asked.default_graphs == ("urn:a", "urn:b")


def test_a_get_that_asks_nothing_wants_the_description() -> None:
    assert get("") is None
    assert get("format=ttl") is None
    with pytest.raises(ParameterError, match="the parameter query is missing"):
        get("default-graph-uri=urn:a")


@pytest.mark.parametrize(
    ("content_type", "body"), [(FORM, ""), (FORM, "format=csv"), ("", ""), (FORM, "timeout=1")]
)
def test_a_post_that_asks_nothing_is_refused(content_type: str, body: str) -> None:
    with pytest.raises(ParameterError):
        post(content_type, body)


@pytest.mark.parametrize(
    ("content_type", "body", "address"),
    [
        (FORM, "query=ASK%7B%7D&update=CLEAR+ALL", ""),
        (FORM, "update=CLEAR+ALL", "query=ASK%7B%7D"),
        (UPDATE, "CLEAR ALL", "query=ASK%7B%7D"),
        (QUERY, "ASK {}", "query=ASK%7B%7D"),
        (FORM, "query=ASK%7B%7D", "query=ASK%7B%7D"),
        (FORM, "query=ASK%7B%7D&query=ASK%7B%7D", ""),
        (FORM, "update=CLEAR+ALL&update=CLEAR+ALL", ""),
    ],
)
def test_one_request_asks_one_thing(content_type: str, body: str, address: str) -> None:
    with pytest.raises(ParameterError):
        post(content_type, body, address, AUTHORIZED)


@pytest.mark.parametrize(
    ("address", "content_type", "words"),
    [
        ("default-graph-uri=urn:a", UPDATE, "is for queries; an update has using-graph-uri"),
        ("named-graph-uri=urn:a", UPDATE, "is for queries"),
        ("using-graph-uri=urn:a", QUERY, "is for updates; a query has default-graph-uri"),
        ("using-named-graph-uri=urn:a", QUERY, "is for updates"),
    ],
)
def test_a_parameter_says_something_to_what_is_asked(
    address: str, content_type: str, words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        post(content_type, "ASK {}", address, AUTHORIZED)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"UTF-8"'])
@pytest.mark.parametrize("content_type", [FORM, QUERY])
def test_utf_8_is_welcome_in_any_spelling(content_type: str, charset: str) -> None:
    body = "query=ASK%7B%7D" if content_type == FORM else "ASK{}"
    assert query_of(post(f"{content_type}; charset={charset}", body)).query == "ASK{}"


@pytest.mark.parametrize("charset", ["UTF-16", "latin-1", "utf-8-sig"])
@pytest.mark.parametrize("content_type", [FORM, QUERY, UPDATE])
def test_another_charset_is_refused(content_type: str, charset: str) -> None:
    with pytest.raises(UnsupportedMedia, match="in UTF-8"):
        post(f"{content_type}; charset={charset}", "ASK {}", "", AUTHORIZED)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "", "*/*", "x"])
def test_another_media_type_is_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMedia, match="POST takes a body of"):
        post(content_type, "ASK {}")


def test_a_byte_order_mark_is_no_part_of_a_query() -> None:
    assert query_of(post(QUERY, b"\xef\xbb\xbfASK {}")).query == "ASK {}"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"format": "csv"}, "text/csv"),
        ({"output": "csv"}, "text/csv"),
        ({"results": "text/csv"}, "text/csv"),
        ({"format": "html"}, "text/html"),
        ({"format": "n3"}, "text/turtle"),
        ({"format": "json"}, "application/sparql-results+json, application/ld+json"),
        ({"format": ["tsv", "text/tab-separated-values"]}, "text/tab-separated-values"),
        ({"format": ["rdf", "nonsense"], "output": "rdf"}, "application/rdf+xml"),
    ],
)
def test_a_format_is_named_as_clients_do(values: dict[str, str], expected: str) -> None:
    asked = get(urlencode({"query": "ASK {}", **values}, doseq=True), ("Accept", "image/png"))
    assert query_of(asked).accept == expected


def test_a_format_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ParameterError, match="format is one of json, xml, csv, tsv, html, ttl"):
        get("query=ASK%7B%7D&format=parquet")


def test_accept_may_stand_in_several_headers() -> None:
    asked = get("query=ASK%7B%7D", ("Accept", "text/csv"), ("Accept", "*/*;q=0.1"))
    assert query_of(asked).accept == "text/csv, */*;q=0.1"


@pytest.mark.parametrize(("given", "seconds"), [("1", 1), ("0.5", 0.5), ("900", 30), ("inf", 30)])
def test_a_request_may_have_less_time_and_not_more(given: str, seconds: float) -> None:
    assert query_of(get(f"query=ASK%7B%7D&timeout={given}")).seconds == seconds
    asked = post(UPDATE, "CLEAR ALL", f"timeout={given}", AUTHORIZED)
    assert isinstance(asked, WriteRequest)
    assert asked.seconds == seconds


@pytest.mark.parametrize("given", ["0", "-1", "nan", "soon", ""])
def test_a_time_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(ParameterError, match="a positive number of seconds"):
        get(f"query=ASK%7B%7D&timeout={given}")


def test_graphs_are_iris_or_curies() -> None:
    asked = query_of(get("query=ASK%7B%7D&default-graph-uri=graph:a&named-graph-uri=urn:b"))
    assert asked.default_graphs == ("https://e.org/graph/a",)
    with pytest.raises(ParameterError) as refused:
        get("query=ASK%7B%7D&named-graph-uri=b")
    assert refused.value.parameter == "named-graph-uri"


def test_updates_need_the_token_and_a_server_that_takes_them() -> None:
    for content_type, body in ((UPDATE, "CLEAR ALL"), (FORM, "update=CLEAR+ALL")):
        with pytest.raises(NotWritable):
            post(content_type, body, "", AUTHORIZED, clerk=READ_ONLY)
        with pytest.raises(NoToken):
            post(content_type, body)
        with pytest.raises(WrongToken):
            post(content_type, body, "", ("Authorization", "Bearer wrong"))


def test_an_update_in_an_address_is_never_taken() -> None:
    with pytest.raises(ParameterError):
        get("update=CLEAR+ALL&query=ASK%7B%7D", AUTHORIZED)


def test_queries_are_short_and_updates_may_be_long() -> None:
    long = " " * LONGEST_QUERY
    with pytest.raises(TooLarge):
        post(QUERY, long + "A")
    with pytest.raises(TooLarge):
        post(FORM, urlencode({"query": long + "A"}), "", AUTHORIZED)
    with pytest.raises(TooLarge):
        post(FORM, urlencode({"update": long}))
    assert len(update_of(post(UPDATE, long + "A", "", AUTHORIZED)).text) > LONGEST_QUERY
    with pytest.raises(TooLarge):
        post(UPDATE, long * 2 + "A", "", AUTHORIZED)


NAMED = st.sampled_from(
    ["query", "update", "format", "timeout", "default-graph-uri", "using-graph-uri", "output", "x"]
)
VALUES = st.one_of(
    st.text(max_size=20), st.sampled_from(["ASK {}", "CLEAR ALL", "csv", "1", "urn:a", "graph:a"])
)
PAIRS = st.lists(st.tuples(NAMED, VALUES), max_size=5).map(
    lambda pairs: urlencode(pairs, errors="replace")
)
RAW = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)
TYPES = st.one_of(
    st.sampled_from(
        ["", FORM, QUERY, UPDATE, f"{FORM}; charset=UTF-8", f"{QUERY};charset=latin-1"]
    ),
    st.text(st.characters(max_codepoint=255), max_size=40),
)
BODIES = st.one_of(st.binary(max_size=60), PAIRS.map(str.encode))


@given(
    st.sampled_from(["GET", "POST"]),
    st.one_of(PAIRS, RAW),
    TYPES,
    BODIES,
    st.booleans(),
    st.sampled_from([WRITABLE, READ_ONLY]),
)
@example("POST", "", UPDATE, b"\xff", True, WRITABLE)
@example("GET", "query=%FF&&=&%", "", b"", False, READ_ONLY)
def test_any_request_is_understood_or_is_a_known_problem(
    method: str, query: str, content_type: str, body: bytes, authorized: bool, clerk: Clerk
) -> None:
    headers = [("Content-Type", content_type), *([AUTHORIZED] if authorized else [])]
    try:
        asked = asyncio.run(clerk.read(request_of(method, f"/sparql?{query}", body, headers)))
    except tuple(PROBLEMS) as refused:
        str(refused).encode()
    else:
        assert asked is None or authorized or isinstance(asked, QueryRequest)
        assert method == "POST" or not isinstance(asked, WriteRequest)
