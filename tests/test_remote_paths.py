"""Paths of any length, as an engine is asked that loses them where it knows both of their ends."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from api.remote_dialect import OXIGRAPH, STANDARD, VIRTUOSO, Dialect
from api.remote_paths import shield_paths
from api.remote_query import Sight, prepare
from kg.publication import Publication, PublishedGraph
from kg.query_text import QueryText

SUBQUERY = "{ SELECT DISTINCT"


def _node(name: str) -> NamedNode:
    return NamedNode(f"urn:{name}")


@pytest.fixture(scope="module")
def store() -> Store:
    """A hierarchy with a cycle and two ways to one end, and what stands beside it."""
    store = Store()
    for below, above in ("ba", "cb", "db", "ec", "ed", "ae", "gf"):
        store.add(Quad(_node(below), _node("p"), _node(above)))
    for name in "abcdefg":
        store.add(Quad(_node(name), _node("label"), Literal(name)))
        store.add(Quad(_node(f"of-{name}"), _node("about"), _node(name)))
        store.add(Quad(_node(f"of-{name}"), _node("about"), _node("b")))
    return store


def _rows(store: Store, text: str) -> list[str]:
    found = store.query(text)
    return sorted(str(row) for row in found)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "pattern",
    [
        "?x <urn:p>* <urn:b>",
        "?x <urn:p>+ <urn:b> .",
        "?x <urn:p>? <urn:b> ; <urn:label> ?name .",
        "<urn:b> <urn:p>* ?x . ?x <urn:label> ?name",
        "?x ^<urn:p>* <urn:b>",
        "?x (<urn:p>|<urn:about>)* <urn:b>",
        "?x <urn:about>/<urn:p>* <urn:b>",
        "?x ^(<urn:p>*/^<urn:about>) <urn:b>",
        "<urn:b> <urn:p>*/<urn:label> ?name",
        "<urn:b> ^<urn:p>*/<urn:label> ?name",
        "?x <urn:about>/<urn:p>?/<urn:p>* <urn:b> , <urn:f> ; <urn:label> ?name",
        "?x <urn:label> ?name OPTIONAL { ?x <urn:p>+ <urn:f> . ?of <urn:about> ?x }",
        "?x <urn:label> ?name MINUS { ?x <urn:p>* <urn:b> }",
        "?x <urn:label> ?name FILTER NOT EXISTS { ?x <urn:p>* <urn:b> }",
        "{ SELECT ?x { ?x <urn:p>* <urn:gone> } } UNION { ?x <urn:p>+ <urn:f> }",
        "?x <urn:label> ?name FILTER(?name > 'b') ?x <urn:p>* <urn:b> . FILTER(?name < 'g')",
    ],
)
def test_the_answer_stays_as_it_was(store: Store, pattern: str) -> None:
    query = f"SELECT ?x ?name ?of {{ {pattern} }}"
    shielded = shield_paths(QueryText(query)).text
    assert SUBQUERY in shielded
    assert _rows(store, shielded) == _rows(store, query)


@pytest.mark.parametrize(
    "kept",
    [
        "SELECT * { ?x <urn:p> <urn:a> ; <urn:q>/<urn:r> ?y FILTER(?y * 2 > 1) }",
        "SELECT * { ?x <urn:p>* ?y }",
        "ASK { <urn:a> <urn:p>* <urn:b> }",
        "SELECT ?x { GRAPH ?g { ?x <urn:p>* <urn:a> } }",
        "SELECT ?x { SERVICE <urn:s> { ?x <urn:p>* <urn:a> } }",
        "SELECT ?x { _:b <urn:q> ?x ; <urn:p>* <urn:a> }",
        "SELECT ?x { [ <urn:q> ?x ; <urn:p>* <urn:a> ] }",
        "SELECT * { ?x <urn:q>/<urn:p>* <urn:a> }",
        "SELECT ?x { ?x <urn:p>*|<urn:q> <urn:a> }",
        "DESCRIBE * { ?x <urn:q>/<urn:p>* <urn:a> }",
    ],
)
def test_what_has_no_such_path_stays_as_it_is(kept: str) -> None:
    assert shield_paths(QueryText(kept)).text == kept


@pytest.mark.parametrize(("dialect", "is_shielded"), [(VIRTUOSO, 1), (OXIGRAPH, 0), (STANDARD, 0)])
def test_virtuoso_alone_is_asked_so(dialect: Dialect, is_shielded: int) -> None:
    graph = PublishedGraph("urn:a", "urn:a.1", 1, 0)
    sight = Sight(Publication("id", "digest", (graph,), "urn:union.1"))
    query = "SELECT ?y { VALUES ?x { <urn:a> } ?x <urn:p>* ?y }"
    asked = prepare(query, sight, dialect=dialect, prefixes={}).text
    assert asked.count(SUBQUERY) == is_shielded
