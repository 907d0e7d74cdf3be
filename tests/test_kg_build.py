"""Build: the same inputs give the same snapshot, with its manifest and what the rules infer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from builds import BUILD, assert_whole
from miniature import MINIATURE, OWN_DRUG, write
from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.build import assemble, build
from kg.shipped import Shipped
from kg.snapshot import get_current
from kg.sources import GRAPH, find_sources


def _run(root: Path, home: Path, *, folder: Path, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(root), str(home)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _select(store: Store, query: str) -> list[tuple[str, ...]]:
    prefixes = {
        "": "https://w3id.org/sarcoma-kg/ontology/",
        "graph": GRAPH,
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }
    rows = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in rows)


def test_a_build_gives_a_whole_snapshot_and_makes_it_current(home: Path) -> None:
    snapshot = build(Shipped(MINIATURE), home)
    assert_whole(snapshot)
    assert get_current(home).id == snapshot.id
    assert not (home / "current").readlink().is_absolute()


def test_the_manifest_counts_what_the_graphs_hold(home: Path) -> None:
    manifest = build(Shipped(MINIATURE), home).manifest
    counts = {iri.removeprefix(GRAPH): (n.triples, n.claims) for iri, n in manifest.graphs.items()}
    assert counts["document-review"] == (39, 2)
    assert counts["inferred-relevant-to-histology"] == (3, 0)
    assert counts["vocabulary-targets"] == (4, 0)
    assert sum(triples for triples, _ in counts.values()) == manifest.quads
    assert manifest.claims == 2
    assert "data/vocabularies/drugs.yaml" in manifest.inputs.files
    assert manifest.validation.warnings == 1
    (warning,) = manifest.validation.problems
    assert str(warning).startswith(
        "data/studies/review/first.yaml:27: warning: study:first/result/no-"
    )


def test_inferred_triples_are_told_from_asserted_ones_with_their_rule(home: Path) -> None:
    store = Store.read_only(str(build(Shipped(MINIATURE), home).database))
    query = """
      PREFIX prov: <http://www.w3.org/ns/prov#>
      PREFIX dcterms: <http://purl.org/dc/terms/>
      SELECT ?label (COUNT(*) AS ?n) {
        ?graph dcterms:isPartOf graph:inferred ; prov:wasDerivedFrom/rdfs:label ?label .
        GRAPH ?graph { ?s ?p ?o }
      } GROUP BY ?label"""
    assert _select(store, query) == [
        ("A result is relevant to the broader histologies of what it is about.", "3"),
        ("A subclass of a histology has it as a broader histology.", "2"),
        ("A target is inhibited by what inhibits it.", "2"),
    ]


def test_the_same_inputs_give_the_same_id_in_any_place_order_and_process(
    root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "copy"
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_file():
            (other / path.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, other / path.relative_to(root))
            os.utime(other / path.relative_to(root), (1, 1))
    first = _run(root, tmp_path / "one", folder=tmp_path, seed="1")
    second = _run(other, tmp_path / "two", folder=Path("/"), seed="2")
    assert first == second
    assert (tmp_path / "one" / "current" / "data.nq").read_bytes() == (
        tmp_path / "two" / "current" / "data.nq"
    ).read_bytes()


def test_an_overlay_adds_graphs_and_is_in_the_union(root: Path, home: Path) -> None:
    mine = write(root / "mine" / "My Drug.yaml", OWN_DRUG)
    snapshot = build(Shipped(root), home, overlay=mine)
    store = Store.read_only(str(snapshot.database))
    assert _select(store, 'SELECT ?g { GRAPH ?g { ?drug rdfs:label "a new drug" } }') == [
        (f"{GRAPH}overlay-my-drug",)
    ]
    assert _select(store, 'SELECT ?t { ?t :inhibitedBy/rdfs:label "a new drug" }') == [
        ("https://w3id.org/sarcoma-kg/target/kit",)
    ]


def test_assembling_writes_nothing(root: Path) -> None:
    before = sorted(root.parent.rglob("*"))
    shipped = Shipped(root)
    assembly = assemble(shipped, find_sources(shipped))
    assert len(assembly.store) == sum(counts.triples for counts in assembly.counts.values())
    assert NamedNode(f"{GRAPH}catalogue") in set(assembly.store.named_graphs())
    assert sorted(root.parent.rglob("*")) == before
