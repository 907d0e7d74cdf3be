from __future__ import annotations

import io
import time
import xml.etree.ElementTree as ElementTree

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.evaluation import evaluate
from kg.formats import Choice, GraphFormat
from kg.graph_reading import read_graph
from kg.graph_writing import write_graph
from kg.query_error import QueryFailedError
from kg.xml_output import NotXmlError, XmlOutput

XML = "application/sparql-results+xml"
RDF_XML = "application/rdf+xml"
A = NamedNode("urn:a:b")


def written(*pieces: bytes) -> bytes:
    output = io.BytesIO()
    with XmlOutput(output) as xml:
        for piece in pieces:
            xml.write(piece)
            xml.flush()
    return output.getvalue()


def holding(value: str) -> Store:
    store = Store()
    store.add(Quad(A, A, Literal(value), DefaultGraph()))
    return store


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x85, 0xFFFD, 0xFFFE, 0xFFFF, 0x10FFFF])
def test_what_is_written_is_what_a_reader_of_xml_takes(code: int) -> None:
    text = f"<a>{chr(code)}</a>"
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        with pytest.raises(NotXmlError, match=f"U\\+{code:04X}"):
            written(text.encode())
    else:
        assert ElementTree.fromstring(written(text.encode())).text == chr(code)


@pytest.mark.parametrize("cut", [1, 2])
def test_a_character_in_two_pieces_is_found(cut: int) -> None:
    for text in ("\ufffe", "\uffff"):
        with pytest.raises(NotXmlError):
            written(b"<a>" + text.encode()[:cut], text.encode()[cut:] + b"</a>")


def test_a_character_that_only_looks_so_passes() -> None:
    assert written(b"\xef\xbf", b"\xbd") == "\ufffd".encode()


@pytest.mark.parametrize("value", ["a\\u0000", "\\u0001", "b\\uFFFE", "\\u001Fc"])
def test_results_in_xml_are_refused_and_others_are_not(value: str) -> None:
    query = f'SELECT ("{value}" AS ?x) {{}}'
    with pytest.raises(QueryFailedError, match=r"the character U\+.*XML cannot carry") as failed:
        evaluate(Store(), query, accept=XML).body()
    assert "JSON" in str(failed.value.hint)
    for accept in ("application/sparql-results+json", "text/csv", "text/tab-separated-values"):
        assert evaluate(Store(), query, accept=accept).body()


@pytest.mark.parametrize("character", ["\x00", "\x01", "\ufffe"])
def test_triples_in_xml_are_refused_and_others_are_not(character: str) -> None:
    store, query = holding(f"a{character}b"), "CONSTRUCT WHERE { ?s ?p ?o }"
    triples = [Triple(A, A, Literal(character))]
    with pytest.raises(NotXmlError):
        evaluate(store, query, accept=RDF_XML).body()
    with pytest.raises(NotXmlError):
        read_graph(store, None, accept=RDF_XML).body()
    with pytest.raises(NotXmlError):
        write_graph(triples, Choice(GraphFormat.RDF_XML, RDF_XML))
    assert evaluate(store, query, accept="text/turtle").body()
    assert read_graph(store, None, accept="text/turtle").body()
    assert write_graph(triples, Choice(GraphFormat.TURTLE, "text/turtle"))


def test_a_carriage_return_comes_back() -> None:
    query = 'SELECT ("a\\r\\nb" AS ?x) {}'
    root = ElementTree.fromstring(evaluate(Store(), query, accept=XML).body())
    assert [each.text for each in root.iter() if each.tag.endswith("literal")] == ["a\r\nb"]
    body = read_graph(holding("a\r\nb"), None, accept=RDF_XML).body()
    assert "a\r\nb" in [each.text for each in ElementTree.fromstring(body).iter()]


def test_an_answer_that_is_half_written_ends() -> None:
    values = " ".join(f'"{number}"' for number in range(20_000))
    query = f'SELECT ?x {{ VALUES ?x {{ {values} "\\u0001" }} }}'
    output = io.BytesIO()
    with pytest.raises(NotXmlError):
        evaluate(Store(), query, accept=XML).write(output)
    assert output.getvalue()
    assert b"</sparql>" not in output.getvalue()


def test_a_page_shows_what_browsers_would_drop() -> None:
    query = 'SELECT ("a\\u0000\\u0001\\u007Fb\\uFFFE\\r\\n\\tc" AS ?x) {}'
    page = evaluate(Store(), query, accept="text/html").body().decode()
    assert "<td>a␀␁␡b\ufffd\r\n\tc</td>" in page
    triples = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert "<td>␁</td>" in evaluate(holding("\x01"), triples, accept="text/html").body().decode()


def test_the_check_takes_little_time() -> None:
    numbers = " ".join(f"<http://example.org/{number}>" for number in range(10_000))
    text = evaluate(Store(), f"SELECT ?x {{ VALUES ?x {{ {numbers} }} }}", accept=XML).body()
    start = time.perf_counter()
    for _ in range(10):
        written(text)
    assert time.perf_counter() - start < 1.0
