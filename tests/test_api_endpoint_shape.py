"""Answers of endpoints: whole ones pass in any pieces, others are refused before they are read."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import Store

from api.endpoint_shape import DEEPEST_ANSWER, MOST_VARIABLES, ShapeError, read_shape
from kg.evaluation import evaluate

XML = "application/sparql-results+xml"
JSON = "application/sparql-results+json"
SPARQL = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
ROW = '<result><binding name="x"><literal>1</literal></binding></result>'


def look(media_type: str, body: bytes, size: int = 7) -> None:
    reader = read_shape(media_type)
    for start in range(0, len(body), size):
        reader.add(body[start : start + size])
    reader.end(body)


def answer(query: str, media_type: str) -> bytes:
    return evaluate(Store(), query, accept=media_type).body()


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1 << 16])
@pytest.mark.parametrize("media_type", [XML, JSON])
def test_what_an_engine_writes_passes_in_any_pieces(media_type: str, size: int) -> None:
    values = (
        r""" "a" "[{\"" "\\" "\\\\\"}" "]}" "<é>&" "\n" 1 <urn:a> <<( <urn:a> <urn:b> "[" )>> """
    )
    look(media_type, answer(f"SELECT ?x ?y {{ VALUES ?x {{ {values} }} }}", media_type), size)
    look(media_type, answer("ASK {}", media_type), size)
    look(
        media_type,
        b"\n " + answer("ASK {}", media_type).removeprefix(b'<?xml version="1.0"?>'),
        size,
    )


@pytest.mark.parametrize("media_type", [XML, JSON])
def test_what_breaks_off_anywhere_is_refused(media_type: str) -> None:
    body = answer(r'SELECT * { VALUES (?x ?y) { ("]}\"" <urn:a>) (1 2) } }', media_type)
    for end in range(len(body)):
        with pytest.raises(ShapeError, match="is no whole"):
            look(media_type, body[:end], 1 << 16)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (XML, f"{SPARQL}<results>{ROW * 3}"),
        (XML, f"{SPARQL}<results>{ROW * 3}</results>"),
        (XML, f"{SPARQL}<results><binding>&unknown;</binding></results></sparql>"),
        (XML, f"{SPARQL}</sparql>more"),
        (XML, ""),
        ("text/xml", "{}"),
        (JSON, '{"head": {"vars": ["x"]}, "results": {"bindings": ['),
        (JSON, '{"head": {"vars": ["x"]}}\njava.lang.Exception'),
        (JSON, '{"a": "}'),
        (JSON, "{}}"),
        (JSON, ""),
        (JSON, "[]"),
    ],
)
def test_what_is_not_whole_is_refused(media_type: str, body: str) -> None:
    with pytest.raises(ShapeError, match="is no whole"):
        look(media_type, body.encode())


@pytest.mark.parametrize("body", ["<!DOCTYPE a><a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_a_doctype_is_refused(body: str) -> None:
    with pytest.raises(ShapeError, match="DOCTYPE"):
        look(XML, body.encode())


def nested(media_type: str, depth: int) -> bytes:
    if media_type == XML:
        return b"<a>" * depth + b"</a>" * depth
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def with_variables(media_type: str, count: int) -> bytes:
    if media_type == XML:
        return b"<sparql>" + b'<variable name="x"/>' * count + b"</sparql>"
    return json.dumps({"head": {"vars": ["x"] * count}, "results": {"bindings": []}}).encode()


@pytest.mark.parametrize("media_type", [XML, JSON])
def test_depth_and_variables_are_limited(media_type: str) -> None:
    look(media_type, nested(media_type, DEEPEST_ANSWER), 1 << 16)
    look(media_type, with_variables(media_type, MOST_VARIABLES), 1 << 16)
    with pytest.raises(ShapeError, match="nests more than 100 deep"):
        look(media_type, nested(media_type, DEEPEST_ANSWER + 1))
    with pytest.raises(ShapeError, match="more than 1,000 variables"):
        look(media_type, with_variables(media_type, MOST_VARIABLES + 1))
