"""Documents that are sent: their triples in one graph, with blank nodes that nobody else has."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Triple

from kg.payloads import Payload, read_payload
from kg.query_error import DocumentError

GRAPH = NamedNode("http://e.org/g")


def test_triples_become_quads_of_the_graph_with_iris_from_the_base() -> None:
    (quad,) = read_payload(Payload("text/turtle", b"<a> <b> <c> ."), "http://e.org/x/", GRAPH)
    assert quad.graph_name == GRAPH
    assert quad.subject == NamedNode("http://e.org/x/a")
    (quad,) = read_payload(Payload("text/turtle", b"<e:a> <e:b> 1 ."), None, DefaultGraph())
    assert quad.graph_name == DefaultGraph()


def test_blank_nodes_are_new_each_time_and_the_same_within_a_document() -> None:
    document = Payload("text/turtle", b"_:x <e:p> _:x, <<( _:x <e:p> _:y )>> .")
    first, second = (list(read_payload(document, None, GRAPH)) for _ in range(2))
    labels = {quad.subject for quad in (*first, *second)}
    assert len(labels) == 2
    assert BlankNode("x") not in labels
    for quads in (first, second):
        subject = quads[0].subject
        ends = [quad.object for quad in quads]
        assert subject in ends
        (nested,) = (end for end in ends if isinstance(end, Triple))
        assert nested.subject == subject
        assert isinstance(nested.object, BlankNode)
        assert nested.object not in (subject, BlankNode("y"))


@pytest.mark.parametrize(
    ("media_type", "body", "reason"),
    [
        ("application/trig", b"<e:g> { <e:a> <e:b> 1 }", "the document names the graph <e:g>"),
        ("application/n-quads", b"<e:a> <e:b> <e:c> <e:g> .", "the document names the graph <e:g>"),
        ("text/turtle", b"<e:a> <e:b> .", "line 1, .*the document is not Turtle"),
        ("text/csv", b"", "'text/csv' is no media type of RDF here"),
    ],
)
def test_what_is_no_graph_is_refused(media_type: str, body: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        list(read_payload(Payload(media_type, body), None, GRAPH))


def test_a_format_with_graphs_may_have_none() -> None:
    for media_type in ("application/trig", "application/n-quads"):
        assert (
            len(list(read_payload(Payload(media_type, b"<e:a> <e:b> <e:c> ."), None, GRAPH))) == 1
        )
