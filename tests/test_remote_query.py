"""Queries as an endpoint elsewhere gets them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, Store

from api.remote_describe import describe_as_construct
from api.remote_dialect import OXIGRAPH, STANDARD, VIRTUOSO, Dialect
from api.remote_endpoint import RemoteQuery
from api.remote_loose import inline_values
from api.remote_query import NOTHING, Sight, Whole, prepare
from kg.publication import (
    GRAPH,
    PUBLICATION,
    Publication,
    PublicationError,
    PublishedGraph,
    from_rows,
    to_triples,
)
from kg.query_error import QueryRefusedError
from kg.query_text import QueryText

A, B = PublishedGraph("urn:a", "urn:a.1", 2, 1), PublishedGraph("urn:b", "urn:b.1", 3)
PUBLICATION_OF_TWO = Publication("id", "digest", (A, B), "urn:union.1")
PREFIXES = {"ex": "http://example.org/", "": "https://w3id.org/sarcoma-kg/ontology/"}


def _prepare(text: str, dialect: Dialect = STANDARD, **sight: object) -> RemoteQuery:
    seen = Sight(PUBLICATION_OF_TWO, **sight)  # type: ignore[arg-type]
    return prepare(text, seen, dialect=dialect, prefixes=PREFIXES)


def test_a_query_that_names_no_graph_sees_the_union() -> None:
    assert _prepare("ASK { ?s ?p 1 }") == RemoteQuery(
        "ASK { ?s ?p 1 }", ("urn:union.1",), (NOTHING,)
    )


def test_without_a_union_every_graph_is_named() -> None:
    sight = Sight(Publication("id", "digest", (A, B)))
    found = prepare("ASK { GRAPH ?g { } }", sight, dialect=STANDARD, prefixes={})
    assert (found.merged, found.named) == (("urn:a.1", "urn:b.1"), ("urn:a.1", "urn:b.1"))


def test_a_strict_default_graph_is_empty() -> None:
    assert _prepare("ASK { ?s ?p 1 }", union=False).merged == (NOTHING,)


@pytest.mark.parametrize(
    ("clauses", "merged", "named"),
    [
        ("FROM <urn:a>", ("urn:a.1",), (NOTHING,)),
        ("FROM <urn:a> FROM <urn:b>", ("urn:union.1",), (NOTHING,)),
        ("FROM NAMED <urn:b>", (NOTHING,), ("urn:b.1",)),
        ("FROM <urn:elsewhere>", (NOTHING,), (NOTHING,)),
    ],
)
def test_from_is_told_beside_the_query(
    clauses: str, merged: tuple[str, ...], named: tuple[str, ...]
) -> None:
    found = _prepare(f"SELECT ?g {clauses} {{ ?s ?p ?o OPTIONAL {{ GRAPH ?g {{ }} }} }}")
    assert "FROM" not in found.text
    assert (found.merged, found.named) == (merged, named)


def test_the_graphs_of_a_request_win() -> None:
    found = _prepare("ASK FROM <urn:a> { }", default_graphs=("urn:b",))
    assert found.merged == ("urn:b.1",)


def test_a_graph_without_an_iri_is_refused() -> None:
    with pytest.raises(QueryRefusedError, match="no absolute IRI"):
        _prepare("ASK { }", default_graphs=("not an iri",))


def test_an_endpoint_that_merges_all_graphs_is_told_nothing() -> None:
    assert _prepare("ASK { }", whole=Whole.DEFAULT) == RemoteQuery("ASK { }")
    assert _prepare("ASK { }", whole=Whole.ASKED).is_union
    assert _prepare("ASK FROM <urn:a> { }", whole=Whole.ASKED).merged == ("urn:a.1",)


def test_known_prefixes_are_declared_where_they_are_used() -> None:
    text = _prepare("PREFIX : <urn:x:> ASK { ex:a :b <c> }").text
    assert text.startswith(
        "BASE <https://w3id.org/sarcoma-kg/>\nPREFIX ex: <http://example.org/>\nPREFIX : <urn:x:>"
    )


def test_a_name_of_a_graph_is_led_to_its_place() -> None:
    assert _prepare("PREFIX u: <urn:> ASK { GRAPH u:a { } }").text.endswith("GRAPH <urn:a.1> { } }")
    listed = _prepare("SELECT ?g { VALUES ?g { <urn:a> } GRAPH ?g { ?s ?p ?o } }").text
    assert "VALUES ?g { <urn:a.1> }" in listed


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        "SELECT ?g ?t { GRAPH ?g { ?s ?p 1 } ?g <urn:title> ?t }",
        "SELECT (STR(?g) AS ?name) { GRAPH ?g { ?s ?p 1 } }",
        'SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(STRSTARTS(STR(?g), "urn:a")) }',
        "SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(?g = <urn:a>) }",
        "SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(STRLEN(STR(?g)) = 5) }",
        "SELECT ?x { GRAPH ?g { ?s ?p 1 } BIND(?g AS ?x) }",
        "SELECT ?g { VALUES ?g { <urn:a> <urn:b> <urn:c> } GRAPH ?g { ?s ?p 1 } }",
        "SELECT * { GRAPH ?g { ?s ?p 1 } ?g <urn:title> ?t }",
        "SELECT ?s { ?s ?p 2 FILTER NOT EXISTS { GRAPH ?g { ?s ?p 2 } ?g <urn:title> ?t } }",
    ],
)
def test_graphs_are_called_by_their_names(query: str) -> None:
    wanted, placed = _stores()
    found = _prepare(query)
    names = {"urn:a.1": "urn:a", "urn:b.1": "urn:b"}
    here = placed.query(
        found.text,
        default_graph=[NamedNode(graph) for graph in found.merged],
        named_graphs=[NamedNode(graph) for graph in found.named],
    )
    there = _rows(wanted.query(query, use_default_graph_as_union=True), {})
    assert _rows(here, names) == there
    assert there or "NOT EXISTS" in query


def _stores() -> tuple[Store, Store]:
    """Return a store with its graphs under their names, and one with them in their places."""
    wanted, placed = Store(), Store()
    said = {
        "urn:a": [("urn:s", "urn:p", Literal(1)), ("urn:a", "urn:title", Literal("A"))],
        "urn:b": [("urn:s", "urn:p", Literal(1)), ("urn:s", "urn:q", Literal(2))],
    }
    for name, triples in said.items():
        for subject, predicate, value in triples:
            triple = (NamedNode(subject), NamedNode(predicate), value)
            wanted.add(Quad(*triple, NamedNode(name)))
            placed.add(Quad(*triple, NamedNode(f"{name}.1")))
            placed.add(Quad(*triple, NamedNode("urn:union.1")))
    return wanted, placed


def _rows(found: object, names: Mapping[str, str]) -> list[dict[str, str]]:
    assert isinstance(found, QuerySolutions)
    shown = [each.value for each in found.variables if not each.value.startswith("stands_as_")]
    rows = [
        {
            name: names.get(row[name].value, row[name].value)
            for name in shown
            if row[name] is not None
        }
        for row in found
    ]
    return sorted(rows, key=str)


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE <urn:a>",
        "DESCRIBE <urn:a> <urn:none>",
        "DESCRIBE ?x { ?x <urn:p> 1 }",
        "DESCRIBE * { ?x <urn:p> 1 } ORDER BY ?x LIMIT 1",
        "PREFIX u: <urn:> DESCRIBE u:a ?x WHERE { ?x u:p 2 }",
    ],
)
def test_describe_is_what_the_embedded_engine_describes(query: str) -> None:
    store = Store()
    store.update('INSERT DATA { <urn:a> <urn:p> 1, [ <urn:q> [ <urn:r> "x" ] ] }')
    store.update("INSERT DATA { <urn:b> <urn:p> 2, <urn:a> }")
    rewritten = describe_as_construct(QueryText(query)).text
    assert _shown(store, rewritten) == _shown(store, query)


def _shown(store: Store, query: str) -> set[tuple[str, ...]]:
    found = store.query(query)
    assert isinstance(found, QueryTriples)
    return {
        tuple("_" if str(term).startswith("_:") else str(term) for term in triple)
        for triple in found
    }


def test_functions_of_the_engine_inside_are_refused() -> None:
    with pytest.raises(QueryRefusedError, match="matchesText is a function") as refused:
        _prepare('ASK { ?s ?p ?o FILTER(:matchesText(?s, "x")) }')
    assert refused.value.spot is not None
    assert _prepare('ASK { ?s ?matchesText "matchesText" }').text


def test_what_the_embedded_engine_gets_wrong_is_repaired_for_its_like() -> None:
    text = "SELECT (GROUP_CONCAT(?x) AS ?y) { ?s ?p ?x }"
    assert "STR(GROUP_CONCAT" in _prepare(text, OXIGRAPH).text
    assert _prepare(text, VIRTUOSO).text == text


@pytest.mark.parametrize(
    "kept",
    [
        "SELECT * { VALUES ?x { <urn:a> } ?x <urn:p> ?y }",
        "SELECT ?y { VALUES ?x { <urn:a> <urn:b> } ?x <urn:p> ?y }",
        "SELECT ?y { { VALUES ?x { <urn:a> } ?x <urn:p> ?y } ?x <urn:q> ?z }",
        "SELECT ?y { VALUES ?x { <urn:a> } { SELECT ?x ?y { ?x <urn:p> ?y } } }",
    ],
)
def test_a_variable_that_is_seen_elsewhere_is_not_inlined(kept: str) -> None:
    assert inline_values(QueryText(kept)).text == kept


def test_half_a_publication_is_none() -> None:
    triples = to_triples(PUBLICATION_OF_TWO)
    rows = [(each.subject.value, each.predicate.value, each.object.value) for each in triples]  # type: ignore[union-attr]
    assert from_rows(rows) == PUBLICATION_OF_TWO
    assert DefaultGraph() != NamedNode(GRAPH)
    for without in range(len(rows)):
        rest = rows[:without] + rows[without + 1 :]
        if rows[without][1].endswith(("#Publication", "-ns#type", "#union")):
            continue
        with pytest.raises(PublicationError):
            from_rows(rest)
    with pytest.raises(PublicationError, match="nothing is published"):
        from_rows([row for row in rows if row[0] != PUBLICATION])
