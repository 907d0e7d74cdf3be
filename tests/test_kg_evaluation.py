from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Mapping

import pytest
from hidden_calls import HIDDEN
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, parse

from kg.evaluation import Answer, engine_failure, evaluate
from kg.formats import GraphFormat, ResultFormat
from kg.query_error import (
    FormatNotOfferedError,
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.query_limits import DEEPEST, LONGEST
from kg.query_text import Form

VALUES = "SELECT ?v { ?s <urn:p> ?v } ORDER BY ?v"
NO_PREFIXES: Mapping[str, str] = {}


@pytest.fixture(scope="module")
def store() -> Store:
    store, p = Store(), NamedNode("urn:p")
    for name in ("a", "b"):
        graph = NamedNode(f"urn:{name}")
        store.add(Quad(NamedNode("urn:s"), p, Literal(name), graph))
    store.add(Quad(NamedNode("urn:s"), p, Literal("default"), DefaultGraph()))
    return store


def values(answer: Answer) -> list[str]:
    rows = json.loads(answer.body())["results"]["bindings"]
    return [row["v"]["value"] for row in rows]


def test_a_query_sees_the_union_of_all_graphs(store: Store) -> None:
    assert values(evaluate(store, VALUES)) == ["a", "b", "default"]


def test_a_strict_query_sees_the_default_graph(store: Store) -> None:
    assert values(evaluate(store, VALUES, union=False)) == ["default"]


def test_from_holds_alone_though_the_default_is_the_union(store: Store) -> None:
    assert values(evaluate(store, VALUES.replace("{", "FROM <urn:a> {", 1))) == ["a"]
    assert values(evaluate(store, VALUES.replace("{", "FROM NAMED <urn:a> {", 1))) == []


def test_the_graphs_of_the_protocol_hold_alone(store: Store) -> None:
    assert values(evaluate(store, VALUES, default_graph_uris=["urn:a", "urn:b"])) == ["a", "b"]
    named = VALUES.replace("{", "{ GRAPH ?g {").replace("}", "} }")
    assert values(evaluate(store, named, named_graph_uris=["urn:b"])) == ["b"]
    assert values(evaluate(store, VALUES, named_graph_uris=["urn:b"])) == []
    assert values(evaluate(store, named, default_graph_uris=["urn:a"])) == []


def test_the_graphs_of_the_protocol_override_from(store: Store) -> None:
    query = VALUES.replace("{", "FROM <urn:b> {", 1)
    assert values(evaluate(store, query, default_graph_uris=["urn:a"])) == ["a"]


def test_prefixes_need_no_declaration_but_may_be_declared_otherwise(store: Store) -> None:
    prefixes = {"u": "urn:"}
    query = "SELECT ?v { ?s u:p ?v } ORDER BY ?v"
    assert values(evaluate(store, query, prefixes=prefixes)) == ["a", "b", "default"]
    assert values(evaluate(store, f"PREFIX u: <x:> {query}", prefixes=prefixes)) == []


@pytest.mark.parametrize(
    ("query", "form", "media_type"),
    [
        ("SELECT * {}", Form.SELECT, "application/sparql-results+json"),
        ("ASK {}", Form.ASK, "application/sparql-results+json"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", Form.CONSTRUCT, "text/turtle"),
        ("DESCRIBE <urn:s>", Form.DESCRIBE, "text/turtle"),
    ],
)
def test_each_form_has_its_usual_format(
    store: Store, query: str, form: Form, media_type: str
) -> None:
    answer = evaluate(store, query)
    assert (answer.form, answer.media_type) == (form, media_type)


@pytest.mark.parametrize("form", ResultFormat)
def test_every_result_format_is_written(store: Store, form: ResultFormat) -> None:
    answer = evaluate(store, VALUES, accept=form.media_type)
    assert b"default" in answer.body()
    output = io.BytesIO()
    evaluate(store, "ASK {}", accept=form.media_type).write(output)
    assert b"true" in output.getvalue()


@pytest.mark.parametrize("form", GraphFormat)
def test_every_graph_format_is_written(store: Store, form: GraphFormat) -> None:
    answer = evaluate(store, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", accept=form.media_type)
    assert len(list(parse(answer.body(), format=form.engine))) == 3


@pytest.mark.parametrize(
    ("query", "accept"), [("SELECT * {}", "text/turtle"), ("DESCRIBE <urn:s>", "text/csv")]
)
def test_a_format_that_does_not_fit_the_form_is_not_offered(
    store: Store, query: str, accept: str
) -> None:
    with pytest.raises(FormatNotOfferedError, match="is not answered as"):
        evaluate(store, query, accept=accept)


def test_a_syntax_error_has_its_place(store: Store) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(store, "SELECT *\n{ ?s ?p ?o")
    assert str(caught.value.spot) == "line 2, column 1"


@pytest.mark.parametrize("union", [True, False])
def test_service_is_refused(store: Store, union: bool) -> None:
    with pytest.raises(QueryForbiddenError, match="SERVICE is not available") as caught:
        evaluate(store, "ASK {\n SERVICE <http://127.0.0.1:9/> { } }", union=union)
    assert str(caught.value.spot) == "line 2, column 2"


class Neighbour:
    """A listener that counts who comes, and hangs up."""

    def __init__(self) -> None:
        self.visits = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            visitor, _ = self._listener.accept()
            self.visits += 1
            visitor.close()


def test_an_allowed_service_is_led_to_its_address(store: Store) -> None:
    neighbour = Neighbour()
    services = {"http://e.org/sparql": neighbour.address}
    query = "ASK { SERVICE <http://e.org/sparql> { ?s ?p ?o } }"
    with pytest.raises(QueryFailedError):
        evaluate(store, query, services=services)
    assert neighbour.visits


def test_an_error_names_the_endpoint_and_not_the_address_of_the_forwarder(store: Store) -> None:
    services = {"http://e.org/1": "http://127.0.0.1:9/1", "http://e.org/9": "http://127.0.0.1:9/19"}
    error = engine_failure(OSError("502 by http://127.0.0.1:9/19 " + "x" * 1000), services)
    assert "502 by http://e.org/9 x" in error.message
    assert len(error.message) < 600


@pytest.mark.parametrize("text", HIDDEN)
def test_a_hidden_service_reaches_nobody(text: str) -> None:
    neighbour = Neighbour()
    store = Store()
    for term in ("urn:a.b", "http://h:80", "http://h#"):
        store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode(term)))
    with pytest.raises((QueryForbiddenError, QuerySyntaxError)):
        evaluate(store, text.replace("urn:x", neighbour.address))
    assert not neighbour.visits


def test_a_mention_of_service_is_evaluated(store: Store) -> None:
    prefixes = {"service": "urn:"}
    query = "SELECT ?v { ?service service:p ?v FILTER(STR(?service) != 'service') }"
    assert len(values(evaluate(store, query, prefixes=prefixes))) == 3


def test_a_syntax_error_beside_a_mention_of_service_has_its_place(store: Store) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(store, "SELECT * {\n ?service ?p }")
    assert caught.value.spot is not None
    assert caught.value.spot.line == 2
    assert "?service ?p" in str(caught.value.excerpt)


def test_long_chains_are_refused_before_the_engine_reads_them(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="more than 1,000 parts are chained"):
        evaluate(store, "ASK { FILTER(" + "?s || " * 20_000 + "?s) }")
    fine = "ASK { FILTER(" + "?s || " * (LONGEST - 10) + "?s) }"
    assert evaluate(store, fine).body()


def test_values_may_have_any_length(store: Store) -> None:
    listed = " ".join(f"'{number}'" for number in range(20_000))
    query = f"SELECT ?v {{ ?s <urn:p> ?v VALUES ?v {{ 'a' {listed} }} }}"
    assert values(evaluate(store, query)) == ["a"]


def test_deep_nesting_is_refused_before_the_engine_reads_it(store: Store) -> None:
    deep = "ASK { " + "FILTER EXISTS { " * 5000 + "}" * 5001
    with pytest.raises(QueryRefusedError, match="nest more than 100 deep"):
        evaluate(store, deep)
    fine = "ASK " + "{" * DEEPEST + "}" * DEEPEST
    assert evaluate(store, fine).body()


def test_half_a_surrogate_pair_is_refused(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="character 15"):
        evaluate(store, "ASK { ?s ?p '\ud800' }".replace("'\ud800'", "'x\ud800'"))


def test_a_graph_that_is_no_iri_is_refused(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="default-graph-uri"):
        evaluate(store, VALUES, default_graph_uris=["not an IRI"])


def test_what_the_engine_cannot_do_is_a_failure(store: Store) -> None:
    with pytest.raises(QueryFailedError, match="custom function"):
        evaluate(store, "SELECT (<urn:f>(1) AS ?x) {}").body()


def test_a_volatile_query_says_so(store: Store) -> None:
    assert evaluate(store, "SELECT (NOW() AS ?now) {}").is_volatile
    assert not evaluate(store, VALUES).is_volatile


def test_a_known_prefix_needs_no_declaration() -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:e:a"), NamedNode("urn:p"), Literal("1")))
    known = {"ex": "urn:e:", "no": "urn:n:"}
    for text in ("ASK { ex:a ?p ?o }", "ASK { ex:a ?p '\\t' } # no:", "ASK { ?s ?p ?o }"):
        answer = evaluate(store, text, accept="text/csv", prefixes=known)
        assert answer.body() == (b"false" if "'" in text else b"true")
