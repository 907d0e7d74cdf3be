"""Writing graphs: every format reads back, and the bytes are the same in any order."""

from __future__ import annotations

import random

import pytest
from pyoxigraph import Literal, NamedNode, Triple, parse

from kg.formats import Choice, GraphFormat
from kg.graph_writing import write_graph

TRIPLES = tuple(
    Triple(NamedNode(f"http://e.org/{subject}"), NamedNode(f"http://e.org/p{index}"), value)
    for subject in ("a", "b<&é".replace("<", ""))
    for index, value in enumerate((Literal('"1" <&>\n', language="en"), Literal(7)))
)


@pytest.mark.parametrize("form", GraphFormat)
def test_what_is_written_reads_back_and_the_order_does_not_matter(form: GraphFormat) -> None:
    choice = Choice(form, form.media_type)
    written = write_graph(TRIPLES, choice)
    assert {quad.triple for quad in parse(written, format=form.engine)} == set(TRIPLES)
    for seed in range(5):
        shuffled = [*TRIPLES, TRIPLES[0]]
        random.Random(seed).shuffle(shuffled)
        assert write_graph(shuffled, choice) == written


def test_prefixes_shorten_turtle() -> None:
    choice = Choice(GraphFormat.TURTLE, "text/turtle")
    assert b"e:a e:p0" in write_graph(TRIPLES, choice, prefixes={"e": "http://e.org/"})
    assert write_graph([], choice, prefixes={}) == b""
