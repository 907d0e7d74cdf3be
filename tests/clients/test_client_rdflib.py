"""The stores of rdflib against a running server: reading, iterating, writing, named graphs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import RDF, Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from server_process import TOKEN, Server, serving

NAME, ANN, GRAPH = URIRef("urn:name"), URIRef("urn:ann"), URIRef("urn:graph")
QUADS = """\
<urn:ann> <urn:name> "Ann"@en .
<urn:bo> <urn:name> "Bo" .
<urn:bo> <urn:age> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .
<urn:cy> <urn:name> "Cy" <urn:shelf> .
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("rdflib")
    graph = folder / "people.nq"
    graph.write_text(QUADS)
    with serving(folder, "--port", "0", "--graph", str(graph), "--writable", "--no-gate") as found:
        yield found


@pytest.fixture(params=["GET", "POST", "POST_FORM"])
def read(server: Server, request: pytest.FixtureRequest) -> SPARQLStore:
    return SPARQLStore(f"{server.address}/sparql", method=request.param)


def writable(server: Server, **more: object) -> SPARQLUpdateStore:
    address = f"{server.address}/sparql"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return SPARQLUpdateStore(address, address, headers=headers, **more)  # type: ignore[arg-type]


def test_a_query_with_bindings(read: SPARQLStore) -> None:
    found = Graph(read).query("SELECT ?name { ?who ?p ?name }", initBindings={"who": ANN})
    assert [row.name for row in found] == [Literal("Ann", lang="en")]  # type: ignore[union-attr]


def test_a_pattern_is_iterated(read: SPARQLStore) -> None:
    graph = Graph(read)
    assert {str(name) for name in graph.objects(None, NAME)} == {"Ann", "Bo", "Cy"}
    assert graph.value(URIRef("urn:bo"), URIRef("urn:age")) == Literal(7)
    assert (ANN, NAME, Literal("Ann", lang="en")) in graph
    assert (ANN, RDF.type, None) not in graph
    assert len(graph) >= 4


def test_a_named_graph_is_read_alone(read: SPARQLStore) -> None:
    shelf = Graph(read, identifier=URIRef("urn:shelf"))
    assert [str(name) for name in shelf.objects()] == ["Cy"]
    assert len(shelf) == 1


def test_graphs_are_constructed_and_described(read: SPARQLStore) -> None:
    graph = Graph(read)
    made = graph.query("CONSTRUCT { ?who <urn:called> ?name } WHERE { ?who <urn:name> ?name }")
    assert made.graph is not None
    assert len(made.graph) >= 3
    assert graph.query("ASK { <urn:ann> ?p ?o }").askAnswer is True
    assert len(graph.query("DESCRIBE <urn:ann>").graph or ()) == 1


def test_triples_are_added_and_removed(server: Server) -> None:
    graph = Graph(writable(server), identifier=GRAPH)
    triple = (URIRef("urn:di"), NAME, Literal('Di "é"\n', lang="fr"))
    graph.add(triple)
    assert [*graph] == [triple]
    graph.remove((None, NAME, None))
    assert [*graph] == []


def test_many_triples_are_added_at_once(server: Server) -> None:
    graph = Graph(writable(server, autocommit=False), identifier=URIRef("urn:many"))
    graph.addN((URIRef(f"urn:n{n}"), NAME, Literal(n), graph) for n in range(500))
    graph.commit()
    assert len(graph) == 500


def test_what_is_rolled_back_is_not_sent(server: Server) -> None:
    store = writable(server, autocommit=False)
    graph = Graph(store, identifier=URIRef("urn:undone"))
    graph.add((ANN, NAME, Literal("Anna")))
    store.rollback()
    store.commit()
    assert len(graph) == 0


@pytest.mark.parametrize("as_form", [True, False])
def test_an_update_is_sent_as_it_is(server: Server, as_form: bool) -> None:
    graph = Graph(writable(server, postAsEncoded=as_form), identifier=URIRef("urn:updated"))
    graph.update("INSERT DATA { <urn:ed> <urn:name> 'Ed' }")
    assert [str(name) for name in graph.objects()] == ["Ed"]
    graph.update("DELETE WHERE { ?s ?p ?o }")
    assert len(graph) == 0


def test_the_graphs_of_a_data_set(server: Server) -> None:
    store = writable(server)
    data = Dataset(store=store)
    fresh = data.graph(URIRef("urn:fresh"))
    fresh.add((ANN, NAME, Literal("Ann")))
    assert URIRef("urn:fresh") in {graph.identifier for graph in data.graphs()}
    data.remove_graph(fresh)
    assert URIRef("urn:fresh") not in {graph.identifier for graph in data.graphs()}


def test_a_graph_that_is_there_is_opened_without_creating_it(server: Server) -> None:
    there = URIRef("urn:there")
    Graph(writable(server), identifier=there).add((ANN, NAME, Literal("Ann")))
    with pytest.raises(Exception, match="422"):
        Dataset(store=writable(server)).graph(there)
    opened = Graph(writable(server), identifier=there)
    opened.add((ANN, NAME, Literal("Anna")))
    assert len(opened) == 2


def test_without_the_token_nothing_is_written(server: Server) -> None:
    address = f"{server.address}/sparql"
    graph = Graph(SPARQLUpdateStore(address, address), identifier=URIRef("urn:unasked"))
    with pytest.raises(Exception, match="401"):
        graph.add((ANN, NAME, Literal("Ann")))
    assert len(graph) == 0
