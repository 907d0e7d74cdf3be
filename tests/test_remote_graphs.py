"""Whatever a query does with the names of graphs, it answers as if they stood under them."""

from __future__ import annotations

from itertools import product

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from api.remote_graphs import NOTHING, place_graphs
from kg.query_text import QueryText

NAMES = ("urn:a", "urn:a-b", "urn:b")
PLACES = {name: f"{name}.snapshot-1" for name in NAMES}
"""Names and places are in another order: ``-`` comes before ``.``."""
BACK = {place: name for name, place in PLACES.items()}

INDIFFERENT = [
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY DESC(?n)",
    "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?s (COUNT(?g) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?s HAVING(COUNT(?g) > 1)",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p 1 } }",
    "SELECT ?g { GRAPH ?g { ?s ?p 2 } GRAPH ?g { ?t ?p 1 } }",
    "SELECT ?g { VALUES ?g { <urn:a> <urn:none> } GRAPH ?g { ?s ?p ?o } }",
    'SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(STRSTARTS(STR(?g), "urn:a")) }',
    "ASK { GRAPH ?g { ?s ?p 2 } }",
]
"""The variable may be bound to places, which needs no table of names."""

TELLING = [
    "SELECT (SUM(IF(?g = <urn:a>, 1, 0)) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?s (SUM(IF(?g = <urn:a>, 1, 0)) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?s",
    "SELECT (SUM(IF(?g = ?h, 1, 0)) AS ?n) { GRAPH ?g { ?s ?p ?o } BIND(<urn:a> AS ?h) }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING(?g = <urn:a>)",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING(?g != <urn:a>)",
    "SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING(?g IN (<urn:a>, <urn:b>))",
    "SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING(<urn:a> = ?g || COUNT(*) > 2)",
    "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY (IF(?g = <urn:a>, 1, 0) AS ?x)",
    "SELECT (IF(?g = <urn:a>, 1, 0) AS ?x) (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?g { { SELECT ?g { GRAPH ?g { ?s ?p 1 } } } } ORDER BY (?g = <urn:a>) ?g LIMIT 1",
    "SELECT (COUNT(DISTINCT ?g = <urn:a>) AS ?n) { GRAPH ?g { ?s ?p 1 } }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } } ORDER BY ?g LIMIT 1",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } } ORDER BY DESC(?g) LIMIT 2",
    "SELECT (MIN(?g) AS ?first) { GRAPH ?g { ?s ?p 1 } }",
    'SELECT (GROUP_CONCAT(STR(?g); separator=" ") AS ?all) { GRAPH ?g { ?s ?p 2 } }',
    "SELECT (STR(?g) AS ?name) { GRAPH ?g { ?s ?p 1 } }",
    "SELECT ?s { { SELECT (?g AS ?x) ?s { GRAPH ?g { ?s ?p 1 } } } FILTER(?x = <urn:a>) }",
    "SELECT ?x { { SELECT (SAMPLE(?g) AS ?x) { GRAPH ?g { ?s ?p 0 } } } ?x <urn:title> ?t }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(?g = <urn:a>) }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(?g = <urn:a> && EXISTS { ?s <urn:p> 1 }) }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(NOT EXISTS { ?s <urn:none> 1 } && ?g IN (<urn:a>)) }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } FILTER(STRLEN(STR(?g)) = 5) }",
    "SELECT ?g ?h { GRAPH ?g { ?s ?p 1 } GRAPH ?h { ?s ?p 1 } FILTER(?g = ?h) }",
    "SELECT ?g ?x { VALUES (?g ?x) { (<urn:a> <urn:a>) } GRAPH ?g { ?s ?p 1 } ?x <urn:title> ?t }",
    "SELECT ?g ?s { GRAPH ?g { ?s ?p 1 } } VALUES ?g { <urn:a> <urn:b> }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } } VALUES (?g ?s) { (<urn:a> <urn:s>) (<urn:a> <urn:none>) }",
    "SELECT ?g ?t { GRAPH ?g { ?s ?p 1 } ?g <urn:title> ?t }",
    "SELECT ?x { GRAPH ?g { ?s ?p 1 } BIND(?g AS ?x) }",
    "SELECT ?g { GRAPH ?g { ?s ?p 1 } MINUS { ?g <urn:title> ?t } }",
]
"""The variable has to be bound to names."""


def _stores() -> tuple[Store, Store]:
    """Return a store with its graphs under their names, and one with them in their places."""
    wanted, placed = Store(), Store()
    for number, name in enumerate(NAMES):
        triples = [("urn:s", "urn:p", Literal(1)), (f"urn:s{number}", "urn:p", Literal(number))]
        if name == "urn:a":
            triples.append((name, "urn:title", Literal("A")))
        for subject, predicate, value in triples:
            triple = (NamedNode(subject), NamedNode(predicate), value)
            wanted.add(Quad(*triple, NamedNode(name)))
            placed.add(Quad(*triple, NamedNode(PLACES[name])))
    return wanted, placed


def _answer(store: Store, query: str) -> object:
    found = store.query(query, use_default_graph_as_union=True)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    shown = [each for each in found.variables if not each.value.startswith("stands_as_")]
    rows = [
        tuple(BACK.get(getattr(row[name], "value", ""), str(row[name])) for name in shown)
        for row in found
    ]
    rows = [tuple(each.strip("<>") for each in row) for row in rows]
    return rows if "ORDER BY" in query and "LIMIT" in query else sorted(rows)


@pytest.mark.parametrize("query", [*INDIFFERENT, *TELLING])
def test_a_query_answers_as_if_graphs_stood_under_their_names(query: str) -> None:
    wanted, placed = _stores()
    found = _answer(placed, place_graphs(QueryText(query), PLACES, {}).text)
    assert found == _answer(wanted, query)
    assert found


def test_names_are_looked_up_only_where_they_tell() -> None:
    tables = [
        "VALUES (?g ?stands_as_g)" in place_graphs(QueryText(query), PLACES, {}).text
        for query in [*INDIFFERENT, *TELLING]
    ]
    assert tables == [False] * len(INDIFFERENT) + [True] * len(TELLING)


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        *product(
            [
                "?g = <urn:a>",
                "<urn:b> IN (?g, <urn:a>)",
                "sameTerm(?g, <urn:a>)",
                'STR(?g) > "urn:a.a"',
            ],
            [
                "SELECT (SUM(IF({0}, 1, 0)) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }}",
                "SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g HAVING({0})",
                "SELECT (({0}) AS ?x) (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g",
                "SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ({0})",
                "SELECT ?g {{ GRAPH ?g {{ ?s ?p 1 }} }} ORDER BY DESC({0}) ?s ?g LIMIT 2",
                "SELECT ?g {{ GRAPH ?g {{ ?s ?p 1 }} FILTER({0}) }}",
                "SELECT ?g {{ GRAPH ?g {{ ?s ?p 1 }} FILTER EXISTS {{ ?s ?p 1 FILTER({0}) }} }}",
                "SELECT ?g ?x {{ GRAPH ?g {{ ?s ?p 1 }} BIND({0} AS ?x) }}",
                "SELECT ?g {{ GRAPH ?g {{ ?s ?p 1 }} OPTIONAL {{ ?s ?p ?o FILTER({0}) }} }}",
            ],
        )
    ],
)
def test_each_expression_is_true_of_the_same_graphs_wherever_it_stands(
    expression: str, place: str
) -> None:
    wanted, placed = _stores()
    query = place.format(expression)
    assert _answer(placed, place_graphs(QueryText(query), PLACES, {}).text) == _answer(
        wanted, query
    )


def test_a_place_is_the_name_of_nothing() -> None:
    query = QueryText(f"ASK {{ GRAPH <{PLACES['urn:a']}> {{ ?s ?p ?o }} }}")
    assert NOTHING in place_graphs(query, PLACES, {}).text


def test_an_order_that_is_the_same_needs_no_names() -> None:
    alike = {"urn:a": "urn:a.1", "urn:b": "urn:b.1"}
    for order, is_same in (("?g ?s", True), ("DESC(?g)", True), ("DESC(?g = <urn:a>)", False)):
        query = QueryText(f"SELECT ?g {{ GRAPH ?g {{ ?s ?p 1 }} }} ORDER BY {order}")
        assert (place_graphs(query, alike, {}).text == query.text) is is_same
