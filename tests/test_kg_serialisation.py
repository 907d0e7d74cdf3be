from __future__ import annotations

import io

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, parse

from kg.formats import Format, GraphFormat, ResultFormat, TableFormat
from kg.serialisation import PREFIXED, OrderedPrefixes, Results, write_results

PREFIXES = {f"p{n}": f"http://e.org/{n}/" for n in range(50)}
TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    for number in range(3):
        subject = NamedNode(f"http://e.org/{number}/s")
        store.add(Quad(subject, NamedNode("http://e.org/1/p"), Literal(number)))
    return store


def written(results: Results, form: Format, prefixes: dict[str, str] = PREFIXES) -> bytes:
    output = io.BytesIO()
    write_results(results, form, output, prefixes=prefixes)
    return output.getvalue()


@pytest.mark.parametrize("form", GraphFormat)
def test_triples_are_the_same_in_every_format(store: Store, form: GraphFormat) -> None:
    body = written(store.query(TRIPLES), form)
    expected = {quad.triple for quad in store.quads_for_pattern(None, None, None)}
    assert {quad.triple for quad in parse(body, format=form.engine)} == expected


@pytest.mark.parametrize("form", PREFIXED)
def test_turtle_has_our_prefixes_in_order_the_same_every_time(
    store: Store, form: GraphFormat
) -> None:
    bodies = {written(store.query(TRIPLES), form) for _ in range(5)}
    (body,) = bodies
    lines = body.decode().splitlines()
    assert lines[:3] == [f"@prefix p{n}: <http://e.org/{n}/> ." for n in range(3)]
    assert "@prefix p3:" not in body.decode()
    assert "p2:s p1:p 2" in body.decode()


@pytest.mark.parametrize("form", PREFIXED)
def test_a_long_text_has_all_prefixes_in_order(form: GraphFormat) -> None:
    store = Store()
    subject, predicate = NamedNode("http://e.org/49/s"), NamedNode("http://e.org/7/p")
    store.extend(Quad(subject, predicate, Literal(f"{n:050}")) for n in range(2000))
    bodies = {written(store.query(TRIPLES), form) for _ in range(3)}
    (body,) = bodies
    lines = body.decode().splitlines()
    assert lines[:50] == sorted(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
    assert len(list(parse(body, format=form.engine))) == 2000


@pytest.mark.parametrize(
    "node", ["http://e.org/0/", "http://e.org/0/a.b-c", "http://e.org/0/x:y", "http://e.org/0/%20"]
)
@pytest.mark.parametrize("name", ["", "p", "p.q-r", "_"])
def test_every_prefix_that_is_used_is_declared(name: str, node: str) -> None:
    store = Store()
    kind = Literal("1", datatype=NamedNode(node))
    for value in (NamedNode(node), kind):
        store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), value))
    usable = {name: "http://e.org/0/"} if name != "_" else {"p": "http://e.org/0/"}
    for form in PREFIXED:
        body = written(store.query(TRIPLES), form, usable)
        assert len(list(parse(body, format=form.engine))) == 2


@pytest.mark.parametrize("form", PREFIXED)
def test_without_prefixes_turtle_is_plain(store: Store, form: GraphFormat) -> None:
    assert b"@prefix" not in written(store.query(TRIPLES), form, {})


def test_declarations_come_in_order_however_they_are_cut() -> None:
    text = b"@prefix b: <e:b> .\n@prefix a: <e:a> .\n" + b"a:x a b:Y .\n" * 50
    for size in (1, 7, 4096):
        output = io.BytesIO()
        with OrderedPrefixes(output) as ordered:
            for start in range(0, len(text), size):
                assert ordered.write(text[start : start + size]) > 0
        lines = output.getvalue().splitlines()
        assert lines[:3] == [b"@prefix a: <e:a> .", b"@prefix b: <e:b> .", b"a:x a b:Y ."]
        assert len(output.getvalue()) == len(text)


@pytest.mark.parametrize("form", ResultFormat)
def test_rows_and_truth_values_are_written_by_the_engine(store: Store, form: ResultFormat) -> None:
    assert b"2" in written(store.query("SELECT ?o { ?s ?p ?o }"), form)
    assert b"true" in written(store.query("ASK {}"), form)


@pytest.mark.parametrize("query", ["ASK {}", "SELECT * {}", TRIPLES])
def test_anything_may_be_a_page(store: Store, query: str) -> None:
    assert written(store.query(query), TableFormat.HTML).startswith(b"<!DOCTYPE html>")


def test_rows_are_no_graph_and_triples_no_rows(store: Store) -> None:
    with pytest.raises(TypeError, match="cannot be written as Turtle"):
        written(store.query("SELECT * {}"), GraphFormat.TURTLE)
    triples = store.query(TRIPLES)
    assert isinstance(triples, QueryTriples)
    with pytest.raises(TypeError, match="QueryTriples cannot be written as"):
        written(triples, ResultFormat.CSV)
