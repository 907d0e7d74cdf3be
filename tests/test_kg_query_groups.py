from __future__ import annotations

import pytest

from kg.query_groups import Group, read_groups, read_selects, walk
from kg.query_text import QueryText


def shape(group: Group) -> str:
    """Write a group by the kinds of its elements."""
    if group.select:
        return f"SELECT {shape(group.select.where)}"
    shapes = []
    for element in group.elements:
        inner = " | ".join(f"{{{shape(each)}}}" for each in element.groups)
        name = f" {element.name.text}" if element.name else ""
        shapes.append(f"{element.kind.name}{name}{' ' if inner else ''}{inner}")
    return ", ".join(shapes)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("ASK { }", [""]),
        ("SELECT * WHERE { ?s ?p ?o . }", ["TRIPLES"]),
        ("ASK { ?s (:p/:q)* ?o ; a [ :p (1 2) ], 'x'@en FILTER(?o IN (1, 2)) }", None),
        ("ASK { ?s ?p ?o FILTER NOT EXISTS { ?s a ?o } }", ["TRIPLES, FILTER {TRIPLES}"]),
        ("ASK { FILTER(?x || !EXISTS { ?s ?p ?o } ) BIND(1 AS ?x) }", ["FILTER {TRIPLES}, BIND"]),
        ("ASK { FILTER regex(?x, '}') }", ["FILTER"]),
        ("ASK { { ?s ?p 1 } UNION { } UNION { } { } }", ["GROUP {TRIPLES} | {} | {}, GROUP {}"]),
        ("ASK { OPTIONAL { MINUS { ?s ?p ?o } } }", ["OPTIONAL {MINUS {TRIPLES}}"]),
        ("ASK { GRAPH ?g { ?s ?p ?o } GRAPH<urn:g>{} }", ["GRAPH ?g {TRIPLES}, GRAPH <urn:g> {}"]),
        ("ASK { SERVICE SILENT :s { ?s ?p ?o } }", ["SERVICE :s {TRIPLES}"]),
        ("ASK { VALUES (?x ?y) { (1 UNDEF) } VALUES ?z { 1 } }", ["VALUES, VALUES"]),
        ("ASK { { SELECT ?s { ?s ?p ?o } GROUP BY ?s } }", ["GROUP {SELECT TRIPLES}"]),
        ("SELECT (EXISTS { ?s ?p ?o } AS ?x) { } VALUES ?x { true }", ["TRIPLES", ""]),
        ("CONSTRUCT { ?s ?p ?o } FROM :g WHERE { ?s ?p ?o }", ["TRIPLES"]),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ["TRIPLES"]),
        ("DESCRIBE ?x { ?x a :c }", ["TRIPLES"]),
        ("INSERT DATA { :a :b :c } ; DELETE WHERE { ?s ?p ?o } ; DELETE DATA { :a :b :c }", []),
        ("WITH :g DELETE { ?s ?p ?o } INSERT { } USING :h WHERE { ?s ?p ?o }", ["TRIPLES"]),
        ("DROP ALL ; INSERT { } WHERE { } ; INSERT { } WHERE { ?s ?p ?o }", ["", "TRIPLES"]),
    ],
)
def test_a_text_is_read_into_groups(text: str, shapes: list[str] | None) -> None:
    expected = ["TRIPLES, FILTER"] if shapes is None else shapes
    assert [shape(group) for group in read_groups(QueryText(text))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ",
        "ASK { ?s ?p ?o ) }",
        "ASK { GRAPH ?g ",
        "ASK { GRAPHex:g { ?s ?p ?o } }",
        "ASK { ?s ?p ?o NOTAWORD }",
        "ASK { 'open }",
        r"ASK { \u003Curn:x\u003E ?p ?o }",
        "ASK { SELECT ?s WHERE { ?s ?p ?o } FILTER(",
        "ASK { FILTER(1 }",
        "",
    ],
)
def test_what_is_no_query_or_in_doubt_has_no_groups(text: str) -> None:
    assert read_groups(QueryText(text)) == ()


def test_a_declared_prefix_that_starts_as_a_word_is_no_doubt() -> None:
    text = "PREFIX graph: <urn:g> ASK { graph:a ?p ?o }"
    assert len(read_groups(QueryText(text))) == 1


def test_walking_reaches_every_group() -> None:
    text = "ASK { { SELECT ?s { FILTER EXISTS { } } } GRAPH ?g { } }"
    assert len(list(walk(read_groups(QueryText(text))))) == 5


def test_the_parts_of_selects_are_told() -> None:
    text = "SELECT DISTINCT (EXISTS { } AS ?x) { { SELECT ?y { } LIMIT 1 } } ORDER BY ?x"
    query = QueryText(text)

    def words(start: int, end: int) -> str:
        return " ".join(token.text for token in query.tokens[start:end])

    found = [
        (words(each.projection.start, each.projection.end), words(each.tail.start, each.tail.end))
        for each in read_selects(query, read_groups(query))
    ]
    assert found == [("( EXISTS { } AS ?x )", "ORDER BY ?x"), ("?y", "LIMIT 1")]


def test_a_query_of_another_form_has_no_select_of_its_own() -> None:
    query = QueryText("ASK { ?s ?p ?o }")
    assert list(read_selects(query, read_groups(query))) == []
