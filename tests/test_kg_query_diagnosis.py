from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.query_diagnosis import diagnose
from kg.query_error import QuerySyntaxError, show_line
from kg.query_text import QueryText, Spot

PREFIXES = {"drug": "https://example.org/drug/"}


def refuse(query: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        Store().query(query, prefixes=PREFIXES)
    return diagnose(QueryText(query), str(caught.value), PREFIXES)


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * WHERE {\n ?s ?p ?o ?x ?y ?z }", 2, 11, "not expected"),
        ("SELECT * {\n ?s ?p }", 2, 2, "not expected"),
        ("SELECT * { ?s ?p ?o } ORDER ?o", 1, 29, "not expected"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 1, 28, "not expected"),
        ("SELECT * { FILTER(?o = ) }", 1, 24, "not expected"),
        ("SELECT * { ?s ?p ?o", 1, 10, "never closed"),
        ("SELECT * { ?s ?p ?o }}", 1, 22, "closes nothing"),
        ("SELECT * { (?s ?p ?o }", 1, 22, "cannot close the '('"),
        ("ASK { ?s ?p 'x }", 1, 13, "not closed"),
        ("ASK { ?s drog:x ?o }", 1, 10, "did you mean 'drug'?"),
        ("PREFIX foo <urn:x> ASK {}", 1, 8, "ends in a colon"),
        ("ASK { ?s <http://a b> ?o }", 1, 10, "holds a blank"),
        ("ASK { ?s <p> ?o", 1, 5, "never closed"),
        ("SELEKT * { ?s ?p ?o }", 1, 1, "did you mean 'SELECT'?"),
        ("SELECT * { ?s ?p ?o } garbage", 1, 23, "no word of SPARQL"),
        ("SELECT COUNT(?x) { ?x ?y ?z }", 1, 8, "needs brackets and a name"),
        ("SELECT ?s, ?p { ?s ?p ?o }", 1, 10, "without commas"),
        ("INSERT DATA { <urn:a> <urn:b> drog:c }", 1, 1, "belongs to an update"),
        ("SELECT ?s { ?s ?p ?o FILTER(COUNT(?s) > 1) }", 1, 45, "SELECT contains a variable"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 34, "SELECT * is not authorized with GROUP BY"),
        ("SELECT", 1, 7, "ends too early"),
        ("DESCRIBE ?x WHERE", 1, 18, "ends too early"),
        ("", 1, 1, "the query is empty"),
        ("# nothing", 1, 1, "the query is empty"),
        ("SELECT * { BIND(1 AS ?s) BIND(2 AS ?s) }", 1, 36, "BIND cannot give ?s a value"),
        ("SELECT * {\n ?s ?p ?o BIND(1 AS ?s) }", 2, 21, "its group uses it before"),
        ("ASK { GRAPH ?g { ?s ?p ?o } BIND(1 AS ?g) }", 1, 39, "BIND cannot give ?g"),
        ("ASK { { SELECT ?s { ?s ?p ?o } } BIND(?p AS ?s) }", 1, 45, "BIND cannot give ?s"),
        ("ASK { FILTER EXISTS { ?s ?p ?o BIND((1) AS ?o) } }", 1, 44, "BIND cannot give ?o"),
        ("ASK { _:b ?p ?o OPTIONAL {\n _:b ?q ?x } }", 2, 2, "the blank node label _:b is used"),
        ("ASK { { _:b ?p ?o } UNION { _:c ?p _:b } }", 1, 36, "in another group before"),
        ("ASK { ?s ?p \u0001 }", 1, 13, "has no place here"),
    ],
)
def test_a_mistake_is_shown_where_it_is(query: str, line: int, column: int, words: str) -> None:
    error = refuse(query)
    assert words in error.message
    assert error.spot == Spot(line, column)
    assert "\n" not in error.message


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p ?o MINUS { ?x ?y ?z } FILTER EXISTS { ?k ?p ?o } BIND(1 AS ?x) !",
        "ASK { { SELECT ?s { ?s ?p ?o } } BIND(1 AS ?o) !",
        "ASK { ?s ?p ?o { BIND(1 AS ?s) } !",
        "ASK { _:b ?p ?o FILTER(?o) _:b ?p ?x !",
        "CONSTRUCT { _:b ?p ?o } { _:b ?p ?o !",
    ],
)
def test_what_may_be_bound_or_named_again_is_not_blamed(query: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        Store().query(f"{query} }}")
    error = diagnose(QueryText(query.replace("!", "}")), str(caught.value), ())
    assert "before" not in error.message


def test_an_error_shows_its_line_a_caret_and_a_hint() -> None:
    assert str(refuse("ASK {\n ?s drog:x ?o }")) == (
        "line 2, column 5: the prefix 'drog:' is not declared; did you mean 'drug'?\n"
        "   ?s drog:x ?o }\n"
        "      ^\n"
        "hint: declare it: PREFIX drog: <...>"
    )


def test_a_prefix_of_the_query_itself_is_declared() -> None:
    query = "PREFIX drog: <urn:x> ASK { ?s drog:x ?o"
    assert "never closed" in refuse(query).message


def test_a_long_line_is_cut_around_its_caret() -> None:
    query = "ASK { " + "?s ?p ?o . " * 100 + "' }"
    line, caret = show_line(QueryText(query), query.index("'")).split("\n")
    assert len(line) <= 80
    assert line[caret.index("^")] == "'"


def test_a_message_in_another_form_is_passed_on() -> None:
    assert diagnose(QueryText("ASK {}"), "the moon is full", ()).message == "the moon is full"


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT belongs to a query, not to an update"),
        ("PREFIX e: <urn:e> ask {}", "ASK belongs to a query"),
        ("INSRT DATA { <urn:a> <urn:b> 1 }", "did you mean 'INSERT'?"),
        ("INSERT DATA { <urn:a> <urn:b> drog:c }", "did you mean 'drug'?"),
        ("DELETE WHERE { ?s ?p ?o", "never closed"),
    ],
)
def test_a_mistake_in_an_update_is_shown(update: str, words: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        Store().update(update, prefixes=PREFIXES)
    error = diagnose(QueryText(update), str(caught.value), PREFIXES, language="update")
    assert words in error.message


@pytest.mark.parametrize(
    "query",
    [
        f"{'x' * 5000} * {{ ?s ?p ?o }}",
        f"ASK {{ ?s {'p' * 5000}:x ?o }}",
        f"ASK {{ ?s <{'p' * 5000}> ?o",
        f"PREFIX {'p' * 5000} <urn:x> ASK {{}}",
        f"ASK {{ ?s ?p ?o {'. ?s ?p ?o ' * 500} ?a ?b ?c }} }}",
        f"ASK {{ ?s ?p <http://e.org/{'p' * 5000} > }}",
        f"ASK {{ ?s ?p '{'p' * 5000} }}",
        f"SELECT (<urn:{'p' * 5000}> AS) {{}}",
    ],
)
def test_no_part_of_an_error_repeats_a_long_text(query: str) -> None:
    error = refuse(query)
    assert len(error.message) < 200
    assert len(error.excerpt or "") < 200
    assert len(error.hint or "") < 600


def test_a_long_message_of_the_engine_is_cut() -> None:
    assert len(diagnose(QueryText("ASK {}"), "moon " * 5000, ()).message) < 700
