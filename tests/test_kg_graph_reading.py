from __future__ import annotations

import io

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, parse

from kg.formats import GraphFormat
from kg.graph_reading import GraphNotFoundError, read_graph
from kg.query_error import FormatNotOfferedError, QueryRefusedError

PREFIXES = {"e": "http://e.org/", "f": "http://f.org/"}


@pytest.fixture(scope="module")
def store() -> Store:
    store, p = Store(), NamedNode("http://e.org/p")
    for graph in (NamedNode("http://e.org/g"), NamedNode("http://e.org/h"), DefaultGraph()):
        store.add(Quad(NamedNode("http://e.org/s"), p, Literal(str(graph)), graph))
    store.add_graph(NamedNode("http://e.org/empty"))
    return store


@pytest.mark.parametrize("form", GraphFormat)
@pytest.mark.parametrize("graph", ["http://e.org/g", None])
def test_one_graph_is_read_in_every_format(
    store: Store, form: GraphFormat, graph: str | None
) -> None:
    answer = read_graph(store, graph, accept=form.media_type, prefixes=PREFIXES)
    assert (answer.media_type, answer.is_volatile) == (form.media_type, False)
    (quad,) = parse(answer.body(), format=form.engine)
    assert quad.object == Literal(f"<{graph}>" if graph else "DEFAULT")
    assert quad.graph_name == DefaultGraph()


def test_turtle_is_usual_and_has_prefixes(store: Store) -> None:
    answer = read_graph(store, "http://e.org/g", prefixes=PREFIXES)
    assert answer.choice.content_type == "text/turtle; charset=utf-8"
    text = answer.body().decode()
    assert text == '@prefix e: <http://e.org/> .\ne:s e:p "<http://e.org/g>" .\n'
    assert "@prefix" not in read_graph(store, "http://e.org/g").body().decode()


def test_a_graph_may_be_a_page(store: Store) -> None:
    body = read_graph(store, "http://e.org/g", accept="text/html", prefixes=PREFIXES).body()
    assert b"&lt;http://e.org/g&gt;" in body
    assert b"1 triples." in body


def test_an_empty_graph_is_there_and_so_is_the_default_graph(store: Store) -> None:
    assert read_graph(store, "http://e.org/empty", accept="application/n-triples").body() == b""
    assert read_graph(Store(), None, accept="application/n-triples").body() == b""


def test_a_graph_is_written_in_pieces() -> None:
    store, p, graph = Store(), NamedNode("e:p"), NamedNode("e:g")
    store.extend(Quad(NamedNode(f"e:{n}"), p, Literal("x" * 100), graph) for n in range(5000))
    sizes = []

    class Pieces(io.BytesIO):
        def write(self, piece: object) -> int:
            sizes.append(len(bytes(piece)))  # type: ignore[call-overload]
            return sizes[-1]

    read_graph(store, "e:g", prefixes=PREFIXES).write(Pieces())
    assert len(sizes) > 10
    assert max(sizes) < 100_000


def test_a_missing_graph_is_named(store: Store) -> None:
    with pytest.raises(GraphNotFoundError, match=r"no graph <http://e\.org/none>"):
        read_graph(store, "http://e.org/none")


def test_what_is_no_iri_or_no_format_is_refused(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="no absolute IRI"):
        read_graph(store, "none")
    with pytest.raises(FormatNotOfferedError, match="a graph is not answered as 'text/csv'"):
        read_graph(store, "http://e.org/g", accept="text/csv")
