from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.evaluation import evaluate
from kg.merging import NO_MERGES, Merges, find_merges, find_shared, merge
from kg.nquads import canonical_quads

A, B, C = (NamedNode(f"urn:{name}") for name in "abc")
S, P = NamedNode("urn:s"), NamedNode("urn:p")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

terms = st.sampled_from([S, NamedNode("urn:s2"), BlankNode("b")])
literals = st.sampled_from(["", " ", "a b", 'say "a" <urn:a> .', "a\nb", "<urn:a>"])
objects = st.one_of(
    terms,
    literals.map(Literal),
    literals.map(lambda text: Literal(text, language="en")),
    st.integers(0, 2).map(Literal),
)
graphs = st.sampled_from([A, B, C, BlankNode("g"), DefaultGraph()])
quads = st.lists(st.builds(Quad, terms, st.just(P), objects, graphs), max_size=30)


def store_of(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


def merges_of(store: Store) -> Merges:
    return find_merges(store, io.BytesIO(canonical_quads(store)))


def number(answer: bytes) -> int:
    return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])


@pytest.fixture
def shared() -> Store:
    """A triple in the default graph and two others, one in two, and one in each alone."""
    store = store_of(
        *(Quad(S, P, Literal(1), graph) for graph in (A, B, DefaultGraph())),
        *(Quad(S, P, Literal(2), graph) for graph in (B, C)),
        *(Quad(S, P, Literal(str(graph)), graph) for graph in (A, B, C)),
    )
    store.add_graph(NamedNode("urn:empty"))
    return store


@given(quads)
def test_what_graphs_share_is_found_in_their_lines(quads: list[Quad]) -> None:
    where: dict[object, set[str]] = {}
    for quad in quads:
        graph = quad.graph_name
        name = graph.value if isinstance(graph, NamedNode) else str(graph)
        where.setdefault(quad.triple, set()).add("" if isinstance(graph, DefaultGraph) else name)
    expected = {frozenset(names) for names in where.values() if len(names) > 1}
    assert find_shared(io.BytesIO(canonical_quads(store_of(*quads)))) == expected


@given(quads)
def test_a_merge_holds_each_triple_once(quads: list[Quad]) -> None:
    merged = merge(store_of(*quads), [DefaultGraph(), A, B, C, BlankNode("g")], [A])
    triples = {quad.triple for quad in quads}
    found = [quad.triple for quad in merged.quads_for_pattern(None, None, None, DefaultGraph())]
    assert len(found) == len(triples)
    assert set(found) == triples
    assert {quad.triple for quad in merged.quads_for_pattern(None, None, None, A)} == {
        quad.triple for quad in quads if quad.graph_name == A
    }


def test_nothing_is_merged_where_nothing_is_shared() -> None:
    store = store_of(Quad(S, P, Literal(1), A), Quad(S, P, Literal(2), B), Quad(S, P, Literal(3)))
    assert merges_of(store) is NO_MERGES


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (COUNT, 5),
        (COUNT.replace("*", "DISTINCT *"), 5),
        (COUNT_NAMED, 7),
        ("SELECT (SUM(?o) AS ?n) { ?s ?p ?o FILTER(ISNUMERIC(?o)) }", 3),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?s ?p ?q }", 25),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }", 7),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p 1 GRAPH <urn:b> { ?s ?p ?o } }", 3),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }", 4),
        (COUNT.replace("{", "FROM <urn:a> {"), 2),
        (COUNT.replace("{", "FROM <urn:a> FROM <urn:b> {"), 4),
        (COUNT.replace("{", "FROM <urn:a> FROM <urn:c> {"), 4),
        (COUNT.replace("{", "FROM <urn:b> FROM <urn:c> FROM <urn:b> {"), 4),
        (COUNT.replace("{", "FROM <urn:a> FROM <urn:a> {"), 2),
        (
            "PREFIX u: <urn:> " + COUNT.replace("{", "FROM u:a FROM <b> {").replace("b>", "urn:b>"),
            4,
        ),
        ("BASE <urn:x> " + COUNT.replace("{", "FROM <urn:\\u0061> FROM<urn:b>{"), 4),
        (COUNT.replace("{", "FROM <urn:a> FROM <urn:b> FROM NAMED <urn:c> {"), 4),
        (COUNT_NAMED.replace("{", "FROM <urn:a> FROM <urn:b> FROM NAMED <urn:c> {", 1), 2),
        (COUNT_NAMED.replace("{", "FROM NAMED <urn:b> FROM NAMED <urn:b> {", 1), 3),
        (COUNT_NAMED.replace("{", "FROM <urn:a> FROM <urn:b> {", 1), 0),
        (COUNT.replace("{", "FROM <urn:a> FROM <urn:none> {"), 2),
    ],
)
def test_a_triple_in_several_graphs_counts_once(shared: Store, query: str, expected: int) -> None:
    merges = merges_of(shared)
    assert number(evaluate(shared, query, merges=merges).body()) == expected


@pytest.mark.parametrize(
    ("default", "named", "query", "expected"),
    [
        (["urn:a", "urn:b"], [], COUNT, 4),
        (["urn:a", "urn:c"], [], COUNT, 4),
        (["urn:a", "urn:a"], [], COUNT, 2),
        (["urn:a", "urn:b"], ["urn:c", "urn:c"], COUNT_NAMED, 2),
        (["urn:a", "urn:b"], ["urn:none"], "SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }", 1),
        ([], ["urn:a", "urn:b"], COUNT, 0),
    ],
)
def test_so_it_does_in_the_data_set_of_a_request(
    shared: Store, default: list[str], named: list[str], query: str, expected: int
) -> None:
    answer = evaluate(
        shared,
        query.replace("{", "FROM <urn:b> {", 1),
        default_graph_uris=default,
        named_graph_uris=named,
        merges=merges_of(shared),
    )
    assert number(answer.body()) == expected


def test_a_strict_query_sees_the_default_graph_alone(shared: Store) -> None:
    merges = merges_of(shared)
    assert number(evaluate(shared, COUNT, union=False, merges=merges).body()) == 1
    assert number(evaluate(shared, COUNT_NAMED, union=False, merges=merges).body()) == 7


def test_a_merge_leaves_the_store_as_it_is(shared: Store) -> None:
    before, merges = canonical_quads(shared), merges_of(shared)
    evaluate(shared, COUNT, merges=merges).body()
    evaluate(shared, COUNT, default_graph_uris=["urn:a", "urn:b"], merges=merges).body()
    assert canonical_quads(shared) == before


def test_blank_nodes_of_a_merge_are_those_of_its_graphs() -> None:
    node = BlankNode("n")
    store = store_of(*(Quad(node, P, Literal(1), graph) for graph in (A, B)))
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p 1 GRAPH <urn:a> { ?s ?p 1 } }"
    assert number(evaluate(store, query, merges=merges_of(store)).body()) == 1


def test_paths_of_no_length_are_mended_in_a_merge_too(shared: Store) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <urn:a> FROM <urn:b> { <urn:else> <urn:p>* ?x }"
    assert number(evaluate(shared, query, merges=merges_of(shared)).body()) == 1


def stored(quads: list[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store


def test_a_union_answers_in_the_same_order_each_time() -> None:
    """Else there would be other bytes under the tag of an answer after each start."""
    graphs = [NamedNode(f"urn:graph-{number}") for number in range(12)]
    quads = [Quad(S, P, Literal(each.value), each) for each in graphs]
    shared = [Quad(S, P, Literal("shared"), each) for each in graphs]
    lines = canonical_quads(stored(quads + shared)).splitlines(keepends=True)
    found = set()
    for _ in range(5):
        store = stored(quads + shared)
        answer = evaluate(store, "SELECT * { ?s ?p ?o }", merges=find_merges(store, lines))
        found.add(answer.body())
    assert len(found) == 1
