"""Reading: each source in its graph, and every problem of every file at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.context import read_context
from kg.problem import Refused
from kg.reading import Asserted, read_sources
from kg.shipped import Shipped
from kg.sources import GRAPH, find_sources


def _read(root: Path) -> Asserted:
    shipped = Shipped(root)
    context = read_context(shipped.ontology / "context.jsonld")
    return read_sources(find_sources(shipped), context)


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_each_source_has_its_graph_and_each_statement_its_place(root: Path) -> None:
    asserted = _read(root)
    graphs = {graph.value.removeprefix(GRAPH) for graph in asserted.store.named_graphs()}
    assert graphs == {
        "document-review",
        "documents",
        "histology",
        "ontology",
        "vocabulary-drugs",
        "vocabulary-targets",
    }
    find = asserted.places.find
    assert str(find("https://w3id.org/sarcoma-kg/drug/examplicin")) == (
        "data/vocabularies/drugs.yaml:5"
    )
    assert str(find("https://w3id.org/sarcoma-kg/histology/liposarcoma")) == (
        "ontology/histology.ttl:9"
    )


def test_unknown_references_are_looked_for_when_all_files_can_be_read(root: Path) -> None:
    _replace(root / "data/vocabularies/drugs.yaml", "vegfr2", "vegfr9")
    with pytest.raises(Refused, match=r"^data/vocabularies/drugs\.yaml:4: .*target:vegfr2"):
        _read(root)
    _replace(root / "data/documents/review.yaml", "label", "lable")
    with pytest.raises(Refused, match=r"\Adata/documents/review\.yaml:3: [^\n]*\Z"):
        _read(root)


def test_histologies_of_the_tree_may_be_referred_to_but_not_described_again(root: Path) -> None:
    text = "id: histology:sarcoma\ntype: Histology\nlabel: again\n"
    (root / "data/vocabularies/more.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"^data/vocabularies/more\.yaml:1: histology:sarcoma is al"):
        _read(root)
