"""Manifest: it survives JSON, and counts what a store holds."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store

from kg.inputs import Inputs
from kg.manifest import GraphCounts, Manifest, Validation, count_graphs, read_validation
from kg.problem import Place, Problem, Severity

MANIFEST = Manifest(
    id="ab",
    quads=3,
    graphs={"http://e.org/g": GraphCounts(3, 2), "http://e.org/h": GraphCounts(1, 1)},
    inputs=Inputs("cd", {"a.yaml": "ef"}, journal=3),
    validation=Validation(1, 0, (Problem(Place("a.yaml"), "w", Severity.WARNING),)),
    tools={"pyoxigraph": "0.5.13"},
)


def test_a_manifest_survives_json() -> None:
    text = MANIFEST.to_json()
    assert Manifest.from_json(text) == MANIFEST
    assert Manifest.from_json(text).to_json() == text
    assert MANIFEST.claims == 3


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", MANIFEST.to_json().replace("claims", "klaims")]
)
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a manifest|Expecting value"):
        Manifest.from_json(text)


ONTOLOGY = "http://e.org/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def test_a_claim_is_counted_once_in_each_graph_that_states_its_passage() -> None:
    passage, claim = NamedNode("http://e.org/passage"), NamedNode("http://e.org/Claim")
    node = {name: NamedNode(f"http://e.org/{name}") for name in "abcdghi"}
    store = Store()
    for subject, value, graph in ("acg", "abg", "bcg", "ach", "dcg"):
        store.add(Quad(node[subject], passage, node[value], node[graph]))
    # What is inferred stands in a graph of its own. A study (d) has a passage, and claims nothing.
    for subject in "abc":
        store.add(Quad(node[subject], TYPE, claim, node["i"]))
    assert count_graphs(store, ontology=ONTOLOGY) == {
        "http://e.org/g": GraphCounts(4, 2),
        "http://e.org/h": GraphCounts(1, 1),
        "http://e.org/i": GraphCounts(3, 0),
    }


def test_the_default_graph_and_empty_graphs_are_counted() -> None:
    store = Store()
    assert count_graphs(store, ontology=ONTOLOGY) == {}
    store.add_graph(NamedNode("http://e.org/empty"))
    store.add_graph(BlankNode("b"))
    assert count_graphs(store, ontology=ONTOLOGY) == {
        "_:b": GraphCounts(0, 0),
        "http://e.org/empty": GraphCounts(0, 0),
    }
    node, passage = NamedNode("http://e.org/a"), NamedNode("http://e.org/passage")
    store.add(Quad(node, passage, node))
    store.add(Quad(node, TYPE, NamedNode("http://e.org/Claim")))
    store.add(Quad(node, passage, node, BlankNode("b")))
    counts = count_graphs(store, ontology=ONTOLOGY)
    assert (counts[""], counts["_:b"]) == (GraphCounts(2, 1), GraphCounts(1, 1))


def test_the_validation_counts_by_severity() -> None:
    problems = tuple(
        Problem(Place("a"), "m", severity)
        for severity in (Severity.WARNING, Severity.INFO, Severity.WARNING)
    )
    assert read_validation(problems) == Validation(2, 1, problems)
