from __future__ import annotations

import io
from html.parser import HTMLParser

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, Store

from kg.html_results import write_html
from kg.serialisation import Results

PREFIXES = {"e": "http://e.org/", "d": "http://e.org/drug/", "": "http://e.org/ontology#"}
EVIL = '<script>alert("x")</script>&amp;\'"\x00'


class Page(HTMLParser):
    """What a browser would make of a page: its tags, its links, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta",):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def store_of(*objects: NamedNode | BlankNode | Literal) -> Store:
    store, subject = Store(), NamedNode("http://e.org/drug/a")
    store.extend(Quad(subject, NamedNode(f"urn:p{n}"), each) for n, each in enumerate(objects))
    return store


def page_of(store: Store, query: str) -> Page:
    output = io.BytesIO()
    write_html(store.query(query), output, prefixes=PREFIXES)
    page = Page(output.getvalue().decode())
    assert not page.open, "every element is closed"
    return page


def test_rows_are_a_table_with_heads_and_a_count() -> None:
    store = store_of(Literal("one"), Literal("two"))
    page = page_of(store, "SELECT ?o ?missing { ?s ?p ?o } ORDER BY ?o")
    assert page.tags.count("th") == 2
    assert page.tags.count("td") == 4
    assert "?o?missing" in page.text
    assert "2 rows." in page.text


def test_no_rows_are_a_table_too() -> None:
    page = page_of(Store(), "SELECT ?s { ?s ?p ?o }")
    assert page.tags.count("td") == 0
    assert "0 rows." in page.text


@pytest.mark.parametrize(("query", "said"), [("ASK {}", "true"), ("ASK { ?s ?p ?o }", "false")])
def test_a_truth_value_is_said(query: str, said: str) -> None:
    assert said in page_of(Store(), query).text


def test_triples_are_a_table_of_three_columns() -> None:
    page = page_of(store_of(Literal("one")), "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert "subjectpredicateobject" in page.text
    assert page.tags.count("td") == 3
    assert "1 triples." in page.text


@pytest.mark.parametrize("query", ["SELECT ?o { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_whatever_a_literal_holds_is_text(query: str) -> None:
    usual = page_of(store_of(Literal("x")), query).tags
    page = page_of(store_of(Literal(EVIL)), query)
    assert page.tags == usual
    assert EVIL.replace("\0", "␀") in page.text


def test_the_name_of_a_variable_is_text_as_well() -> None:
    page = page_of(Store(), "SELECT (1 AS ?été) {}")
    assert "?été" in page.text


def test_only_addresses_of_http_are_links() -> None:
    iris = ("http://e.org/x", "HTTPS://e.org/y", "javascript:alert(1)", "urn:a", "data:text/html,x")
    page = page_of(store_of(*map(NamedNode, iris)), "SELECT ?o { ?s ?p ?o }")
    assert set(page.links) == {"/sparql", "http://e.org/x", "HTTPS://e.org/y"}
    assert "javascript:alert(1)" in page.text


def test_iris_are_shown_by_their_longest_prefix() -> None:
    store = store_of(
        NamedNode("http://e.org/drug/b"),
        NamedNode("http://e.org/ontology#C"),
        NamedNode("http://e.org/"),
        NamedNode("http://other.org/x"),
    )
    page = page_of(store, "SELECT ?s ?o { ?s ?p ?o }")
    for shown in ("d:a", "d:b", ":C", "http://e.org/", "http://other.org/x"):
        assert shown in page.text
    assert "http://e.org/drug/b" in page.links


def test_languages_and_datatypes_are_shown_but_not_of_plain_strings() -> None:
    kind = NamedNode("http://e.org/ontology#kind")
    store = store_of(Literal("chat", language="fr"), Literal("7", datatype=kind), Literal("plain"))
    page = page_of(store, "SELECT ?o { ?s ?p ?o } ORDER BY ?p")
    assert "chat @fr" in page.text
    assert "7 :kind" in page.text
    assert "string" not in page.text


def test_blank_nodes_and_quoted_triples_are_shown_as_text() -> None:
    page = page_of(store_of(BlankNode("b1")), "SELECT ?o { ?s ?p ?o }")
    assert "_:b1" in page.text
    quoted = page_of(Store(), "SELECT ?t { BIND(<<( <urn:a> <urn:b> 'c' )>> AS ?t) }")
    assert "<urn:a>" in quoted.text


def test_pages_are_written_row_by_row() -> None:
    class Pieces(io.BytesIO):
        count = 0

        def write(self, piece: object) -> int:
            self.count += 1
            return len(bytes(piece))  # type: ignore[call-overload]

    results: Results = store_of(*(Literal(n) for n in range(100))).query("SELECT * { ?s ?p ?o }")
    pieces = Pieces()
    write_html(results, pieces, prefixes={})
    assert not isinstance(results, QueryTriples)
    assert pieces.count > 100
