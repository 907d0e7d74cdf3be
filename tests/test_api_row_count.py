"""Rows counted in passing are those that the engine wrote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from api.row_count import find_row_count
from kg.formats import GraphFormat, ResultFormat

TEXTS = st.text(st.sampled_from('{},[":\\\n\r\tx<>'), max_size=8)
CUTS = st.lists(st.integers(1, 12), max_size=40)


def count(body: bytes, media_type: str, cuts: list[int]) -> int:
    counted = find_row_count(media_type)
    assert counted
    for length in cuts:
        counted.add(body[:length])
        body = body[length:]
    counted.add(body)
    return counted.rows


@pytest.mark.parametrize("form", list(ResultFormat))
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS | st.none()), max_size=6), cuts=CUTS)
def test_every_row_is_counted_whatever_it_says(
    form: ResultFormat, rows: list[tuple[str, str | None]], cuts: list[int]
) -> None:
    values = " ".join(
        f"({Literal(a)} {'UNDEF' if b is None else str(Literal(b))})" for a, b in rows
    )
    results = Store().query(f"SELECT * {{ VALUES (?value ?v) {{ {values} }} }}")
    body = results.serialize(format=form.engine)  # type: ignore[arg-type]
    assert body is not None
    assert count(body, form.media_type, cuts) == len(rows)


@pytest.mark.parametrize("form", [GraphFormat.N_TRIPLES, GraphFormat.N_QUADS])
@settings(max_examples=40, deadline=None)
@given(texts=st.sets(TEXTS, max_size=6), cuts=CUTS)
def test_every_triple_is_counted(form: GraphFormat, texts: set[str], cuts: list[int]) -> None:
    store, node = Store(), NamedNode("urn:a")
    store.extend(Quad(node, node, Literal(text)) for text in texts)
    body = store.dump(format=RdfFormat.N_QUADS) or b""
    assert count(body, form.media_type, cuts) == len(texts)


def test_other_formats_do_not_tell() -> None:
    assert find_row_count(GraphFormat.TURTLE.media_type) is None
    assert find_row_count("text/html") is None


def test_a_truth_value_is_no_row() -> None:
    assert count(b'{"head":{},"boolean":true}', ResultFormat.JSON.media_type, []) == 0
