from __future__ import annotations

import pytest
from hidden_calls import HIDDEN
from pyoxigraph import Store

from kg.query_error import QueryForbiddenError
from kg.query_text import QueryText
from kg.service_calls import find_calls, redirect_calls, without_calls

ALLOWED = {"http://e.org/sparql": "http://127.0.0.1:4000/0", "urn:x": "http://127.0.0.1:4000/1"}


def redirected(text: str) -> str:
    query = QueryText(text)
    return redirect_calls(query, find_calls(query, ALLOWED), ALLOWED)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <urn:x> {} }",
        "ASK { service silent ?x {} }",
        "ASK{SERVICESILENT<urn:x>{}}",
        "ASK{SERVICEex:foo{}}",
        "SELECT * { ?s ?p 1SERVICE<urn:x>{} }",
        "SELECT * { ?s ?p trueSERVICE<urn:x>{} }",
        "SELECT * { ?s ?p 'a'@enSERVICE<urn:x>{} }",
        "SELECT * { ?s a ex:.SERVICE<urn:x>{} }",
        "SELECT * { ?s a ex:a.b.SERVICE<urn:x>{} }",
        "ASK { VALUES ?x { '''a' } SERVICE <urn:x> {} }",
        "ASK { VALUES ?x { '''a' } SERVICE <urn:x> {} #\\q'''\n }",
        'ASK { VALUES ?x { """a" } SERVICE <urn:x> {} #\\uDC00"""\n }',
        "INSERT { ?s ?p 1 } WHERE { SERVICE <urn:x> {} }",
    ],
)
def test_no_clause_is_let_through_where_no_endpoint_is_allowed(text: str) -> None:
    with pytest.raises(QueryForbiddenError, match="SERVICE is not available here") as caught:
        find_calls(QueryText(text), ())
    assert caught.value.spot is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service <http://a/SERVICE#x> 'SERVICE' } # SERVICE <urn:x> {}",
        "PREFIX ex: <urn:service> SELECT * { ex:service ex:b.service _:service }",
        "PREFIX service: <urn:s> SELECT * { ?s service:x 1 }",
        "SELECT * { FILTER(?service IN (<http://a/service#b>, <http://a/service#c>)) }",
        "SELECT * { VALUES (?service ?b) { (<http://a#b> <http://a#c>) } }",
    ],
)
def test_a_harmless_mention_of_service_is_no_call(text: str) -> None:
    query = QueryText(text)
    assert find_calls(query, ()) == ()
    assert redirect_calls(query, (), {}) == text
    assert Store().query(without_calls(query, ()))


def test_a_prefix_that_is_known_without_declaration_is_no_call() -> None:
    query = QueryText("ASK { ?s service:x 1 }")
    assert find_calls(query, (), ["service"]) == ()
    with pytest.raises(QueryForbiddenError):
        find_calls(query, ())


@pytest.mark.parametrize("text", HIDDEN)
def test_what_the_tokens_do_not_show_is_no_query_to_the_engine_either(text: str) -> None:
    Store().query(text.replace("<urn:x>", "<http://127.0.0.1:1/>").replace("ASK", "SELECT *"))
    try:
        calls = find_calls(QueryText(text), ())
    except QueryForbiddenError:
        return
    assert not calls
    with pytest.raises(SyntaxError):
        Store().query(without_calls(QueryText(text), calls))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ASK { SERVICE <urn:x> { ?s ?p ?o } }",
            "ASK { SERVICE <http://127.0.0.1:4000/1> { ?s ?p ?o } }",
        ),
        (
            "ASK{service#c\nSilent<http://e.org/sparql>{}SERVICE<urn:x>{<urn:x>?p<urn:x>}}",
            "ASK{service#c\nSilent<http://127.0.0.1:4000/0>{}"
            "SERVICE<http://127.0.0.1:4000/1>{<urn:x>?p<urn:x>}}",
        ),
        (
            "ASK { ?service ?p 'SERVICE <urn:x>' SERVICE <urn:x> {} } # SERVICE <urn:x>",
            "ASK { ?service ?p 'SERVICE <urn:x>' SERVICE <http://127.0.0.1:4000/1> {} }"
            " # SERVICE <urn:x>",
        ),
    ],
)
def test_an_allowed_endpoint_is_replaced_by_its_address(text: str, expected: str) -> None:
    assert redirected(text) == expected


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("ASK { SERVICE ?x {} }", 7),
        ("ASK { SERVICE SILENT $x {} }", 7),
        ("PREFIX e: <http://e.org/> ASK { SERVICE e:sparql {} }", 33),
        ("ASK { SERVICE <http://e.org/other> {} }", 15),
        ("ASK { SERVICE <http://e.org/sparql#> {} }", 15),
        ("ASK { SERVICE <http://e.org/x/../sparql> {} }", 15),
        ("ASK { SERVICE <http://e.org/spar\\u0071l> {} }", 15),
        ("BASE <http://e.org/> ASK { SERVICE <sparql> {} }", 36),
        ("ASK { SERVICESILENT <urn:x> {} }", 7),
        ("ASK { SERVICE SILENT SILENT <urn:x> {} }", 7),
        ("ASK { SERVICE", 7),
        ("ASK { SERVICE SILENT", 7),
        ("ASK { SERVICE <urn:x> { SERVICE <urn:y> {} } }", 33),
    ],
)
def test_an_endpoint_that_is_not_allowed_is_refused_with_those_that_are(
    text: str, column: int
) -> None:
    with pytest.raises(QueryForbiddenError) as caught:
        redirected(text)
    assert caught.value.message == ("SERVICE may reach only <http://e.org/sparql>, <urn:x> here")
    assert caught.value.spot is not None
    assert caught.value.spot.column == column
    assert "in full" in str(caught.value.hint)


def test_a_refusal_names_some_of_many_endpoints() -> None:
    many = {f"http://e.org/{number}": "urn:x" for number in range(9)}
    with pytest.raises(QueryForbiddenError, match="and 4 more here"):
        find_calls(QueryText("ASK { SERVICE <urn:x> {} }"), many)


def test_the_text_without_calls_has_everything_else_in_its_place() -> None:
    text = "ASK {\n SERVICE SILENT <urn:x> { ?SERVICE ?p 'Service' } FILTER(?x }"
    masked = without_calls(QueryText(text), find_calls(QueryText(text), ALLOWED))
    assert masked == "ASK {\n GRAPH          <urn:x> { ?SERVICz ?p 'Servicz' } FILTER(?x }"
