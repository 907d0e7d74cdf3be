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


def test_a_claim_is_a_subject_with_a_passage_counted_once_a_graph() -> None:
    node = {name: NamedNode(f"http://e.org/{name}") for name in "abcpqgh"}
    store = Store()
    for subject, predicate, value, graph in ("apcg", "apbg", "aqbg", "bpcg", "apch", "cqch"):
        store.add(Quad(node[subject], node[predicate], node[value], node[graph]))
    assert count_graphs(store, passage="http://e.org/p") == {
        "http://e.org/g": GraphCounts(4, 2),
        "http://e.org/h": GraphCounts(2, 1),
    }


def test_the_default_graph_and_empty_graphs_are_counted() -> None:
    store = Store()
    assert count_graphs(store, passage="http://e.org/p") == {}
    store.add_graph(NamedNode("http://e.org/empty"))
    store.add_graph(BlankNode("b"))
    assert count_graphs(store, passage="http://e.org/p") == {
        "_:b": GraphCounts(0, 0),
        "http://e.org/empty": GraphCounts(0, 0),
    }
    node = NamedNode("http://e.org/p")
    store.add(Quad(node, node, node))
    store.add(Quad(node, node, node, BlankNode("b")))
    counts = count_graphs(store, passage="http://e.org/p")
    assert (counts[""], counts["_:b"]) == (GraphCounts(1, 1), GraphCounts(1, 1))


def test_an_omission_is_no_claim() -> None:
    node = {name: NamedNode(f"http://e.org/{name}") for name in ("a", "b", "g", "passage")}
    reason = NamedNode("http://e.org/omissionReason")
    store = Store()
    for subject in "ab":
        store.add(Quad(node[subject], node["passage"], node["g"], node["g"]))
    store.add(Quad(node["a"], reason, node["g"], node["g"]))
    counts = count_graphs(store, passage="http://e.org/passage")
    assert counts == {"http://e.org/g": GraphCounts(3, 1)}


def test_the_validation_counts_by_severity() -> None:
    problems = tuple(
        Problem(Place("a"), "m", severity)
        for severity in (Severity.WARNING, Severity.INFO, Severity.WARNING)
    )
    assert read_validation(problems) == Validation(2, 1, problems)
