from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from kg.formats import GraphFormat
from kg.query_error import DocumentError
from kg.upload import read_upload

TURTLE = "text/turtle"
XML = "application/rdf+xml"
JSON = "application/ld+json"
QUAD = Quad(NamedNode("urn:s"), NamedNode("urn:p#q"), NamedNode("urn:o"))
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
    '<rdf:Description rdf:about="urn:s"><e:p>{}</e:p></rdf:Description></rdf:RDF>'
)


def refuse(body: str | bytes, media_type: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        list(read_upload(body.encode() if isinstance(body, str) else body, media_type))
    return caught.value


@pytest.mark.parametrize("form", GraphFormat)
@pytest.mark.parametrize("suffix", ["", "; charset=utf-8", ';CHARSET="UTF-8"; x=y'])
def test_every_format_is_read(form: GraphFormat, suffix: str) -> None:
    body = serialize([QUAD], format=form.engine)
    assert body is not None
    assert list(read_upload(body, form.media_type + suffix)) == [QUAD]


def test_a_document_may_name_graphs() -> None:
    body = b"<urn:g> { <urn:s> <urn:p#q> <urn:o> } <urn:s> <urn:p#q> <urn:o> ."
    graphs = {quad.graph_name for quad in read_upload(body, "application/trig")}
    assert graphs == {NamedNode("urn:g"), DefaultGraph()}


def test_relative_iris_start_from_the_base() -> None:
    base = "http://e.org/g"
    (quad,) = read_upload(b"<#a> <p> <> .", TURTLE, base=base)
    assert str(quad.triple) == "<http://e.org/g#a> <http://e.org/p> <http://e.org/g>"
    (quad,) = read_upload(b"<urn:a> <urn:p> <urn:o> .", "application/n-triples", base=base)
    assert "relative" not in str(refuse(b"<a> <urn:p> <urn:o> .", "application/n-triples").hint)


def test_an_empty_document_has_no_triples() -> None:
    assert not list(read_upload(b"", TURTLE))
    assert not list(read_upload(b"\xef\xbb\xbf# nothing\n", TURTLE))


@pytest.mark.parametrize("media_type", ["", "turtle", "text/html", "application/sparql-query"])
def test_other_media_types_are_refused(media_type: str) -> None:
    error = refuse("", media_type)
    assert "is no media type of RDF here" in error.message
    assert TURTLE in error.message


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "'utf-7'", ""])
def test_other_charsets_are_refused(charset: str) -> None:
    error = refuse("<urn:s> <urn:p> 1 .", f"text/turtle; charset={charset}")
    assert "send the document in UTF-8" in error.message


@pytest.mark.parametrize(
    ("body", "media_type", "spot", "words"),
    [
        (b"<urn:s> <urn:p>\n '\xff' .", TURTLE, (2, 3), "byte 19 of the document is not UTF-8"),
        (b"<urn:s> <urn:p> '\xed\xa0\x80' .", TURTLE, (1, 18), "is not UTF-8"),
        ("é\n é \0", TURTLE, (2, 4), "holds a NUL character"),
        (RDF.format("a\0b"), XML, (1, 124), "holds a NUL character"),
        ("<urn:s> <urn:p>\n 1 2 .", TURTLE, (2, 4), "is not Turtle: 2 is not a valid subject"),
        ("<urn:s> <urn:p> x:y .", TURTLE, (1, 17), "prefix x: has not been declared"),
        ("<urn:s> <urn:p> '\\uD800' .", TURTLE, (1, 18), "not a valid unicode character"),
        ("<urn:s> <urn:p> .", "application/n-triples", (1, 17), "is not N-Triples"),
        ("<a> <urn:p> 1 .", "application/trig", (1, 1), "No scheme found in an absolute IRI"),
        (RDF.format("<e:q>") + "\n", XML, (1, 130), "is not RDF/XML"),
        (RDF.format("&nosuch;"), XML, (1, 123), "unrecognized entity"),
        (RDF.format("&#xD800;"), XML, (1, 123), "not a valid codepoint"),
        ('{"@id": "urn:s",\n "urn:p": }', JSON, (2, 11), "is not JSON-LD: Unexpected closing"),
        ('{"@id": "urn:s",\n "urn:p": "\\ud800"}', JSON, (2, 11), "is not JSON"),
        ('{"@context": {},\n "urn:p": [1,]}', JSON, (2, 14), "is not JSON"),
    ],
)
def test_a_mistake_is_shown_where_it_is(
    body: str | bytes, media_type: str, spot: tuple[int, int], words: str
) -> None:
    error = refuse(body, media_type)
    assert words in error.message
    assert error.spot is not None
    assert (error.spot.line, error.spot.column) == spot
    assert error.excerpt is not None
    assert error.excerpt.endswith("^")
    assert "Parser error" not in error.message


def test_what_is_wrong_beyond_syntax_is_said_without_a_place() -> None:
    document = RDF.replace("rdf:about", "rdf:ID").format("x")
    assert refuse(document.replace("urn:s", "1 2"), XML).message.startswith("the document is not ")


@pytest.mark.parametrize("media_type", [TURTLE, "application/n-triples", JSON])
def test_a_value_with_a_nul_character_is_refused(media_type: str) -> None:
    text = '<urn:s> <urn:p> "\\u0000" .'
    if media_type == JSON:
        text = '{"@id": "urn:s", "urn:p": "\\u0000"}'
    assert "a value of <urn:p> holds a NUL" in refuse(text, media_type).message
    fine = '<urn:s> <urn:p> "\\\\u0000" .'
    assert len(list(read_upload(fine.encode(), TURTLE))) == 1


@pytest.mark.parametrize(
    "context",
    [
        '"http://e.org/c"',
        '["http://e.org/c"]',
        '{"@import": "http://e.org/c"}',
        '{"a": {"@id": "urn:a", "@context": "http://e.org/c"}}',
        '[{}, {"@version": 1.1, "@import": "http://e.org/c"}]',
    ],
)
def test_no_context_is_ever_fetched(context: str) -> None:
    error = refuse(f'{{"@context": {context}, "a": {{"a": "x"}}, "urn:p": 1}}', JSON)
    assert "none is ever fetched" in error.message
    assert "write the context into the document" in str(error.hint)


def test_nothing_is_read_before_the_guards_have_passed() -> None:
    with pytest.raises(DocumentError):
        read_upload(b"<urn:s> <urn:p> " + b"(" * 200, TURTLE)


def test_a_long_message_of_the_parser_is_cut() -> None:
    error = refuse(f"<urn:s> <urn:p> <{'x' * 5000}> .", TURTLE)
    assert len(error.message) < 700
    assert RdfFormat.TURTLE.name in error.message
