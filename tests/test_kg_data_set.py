from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from kg.data_set import DataSet, read_data_set
from kg.query_text import QueryText


def read(query: str) -> tuple[set[str], set[str]] | None:
    found = read_data_set(QueryText(query), prefixes={"e": "urn:e/"}, base_iri="urn:base/")
    if found is None:
        return None
    return {each.value for each in found.merged}, {each.value for each in found.named}


@pytest.mark.parametrize(
    ("query", "merged", "named"),
    [
        ("SELECT * FROM <urn:a> FROM e:b {}", {"urn:a", "urn:e/b"}, set()),
        ("ASK from <urn:a> From NAMED <urn:a> {}", {"urn:a"}, {"urn:a"}),
        ("ASK FROM NAMED <urn:a> FROMNAMED<urn:b> {}", set(), {"urn:a", "urn:b"}),
        ("PREFIX e: <urn:x/> ASK FROM e:a FROM e:a {}", {"urn:x/a"}, set()),
        (
            "BASE <http://b.org/c/> ASK FROM <d> FROM <../d> {}",
            {"http://b.org/c/d", "http://b.org/d"},
            set(),
        ),
        (
            "PREFIX a: <urn:1> PREFIX a: <urn:2> ASK FROM a: FROM <\\u0061> {}",
            {"urn:2", "urn:base/a"},
            set(),
        ),
        ("DESCRIBE <urn:x> FROM <urn:a> # FROM <urn:c>\nFROM <urn:b>", {"urn:a", "urn:b"}, set()),
        ("CONSTRUCT FROM <urn:a> FROM <urn:b> WHERE { ?s ?p ?o }", {"urn:a", "urn:b"}, set()),
        (
            "CONSTRUCT { ?s ?p 'FROM <x>' } FROM <urn:a> FROM <urn:b> { ?s ?p ?o }",
            {"urn:a", "urn:b"},
            set(),
        ),
        (
            "SELECT (COUNT(*) AS ?n) FROM <urn:a> FROM <urn:b> {} ORDER BY ?from",
            {"urn:a", "urn:b"},
            set(),
        ),
    ],
)
def test_the_graphs_are_those_that_the_engine_reads(
    query: str, merged: set[str], named: set[str]
) -> None:
    assert read(query) == (merged, named)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {}",
        "SELECT * FROM <urn:a> {}",
        "ASK FROM NAMED <urn:a> {}",
        "SELECT * { ?from <urn:FROM> 'FROM <a> FROM <b>' }",
        "ASK FROM <urn:a> FROM <urn:b> FROMe:c {}",
        "ASK FROM <urn:a> FROM <urn:b> FROM NAMEDe:c {}",
        "ASK FROM <urn:a> FROM _:b {}",
        "ASK FROM <urn:a> FROM unknown:b {}",
        "ASK FROM <urn:a> FROM",
        "ASK FROM FROM NAMED",
        "PREFIX : ASK FROM <urn:a> FROM <urn:b> {}",
        "nothing FROM <urn:a> FROM <urn:b> {}",
    ],
)
def test_what_needs_no_reading_or_cannot_be_read_is_left_to_the_engine(query: str) -> None:
    assert read(query) is None


def test_a_graph_that_is_named_twice_is_there_once() -> None:
    a, b = NamedNode("urn:a"), NamedNode("urn:b")
    assert DataSet.of([b, a, b], [a, a]) == DataSet((b, a), (a,))
