"""Differences as files: kinds, labels, values before and after, a patch that can be applied."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from miniature import replace, write
from pyoxigraph import NamedNode, Quad, Store
from serving import snapshot_of

from kg.build import build
from kg.change import Change, apply_change
from kg.difference_writing import COLUMNS, FILES, line_start, write_differences
from kg.export import known_prefixes
from kg.namespaces import Namespaces, read_namespaces
from kg.nquads import canonical_quads, load_quads, snapshot_id
from kg.shipped import Shipped
from kg.snapshot import Snapshot
from kg.sources import graph_iri

DRUGS = "data/vocabularies/drugs.yaml"


def names_of(root: Path) -> Namespaces:
    read = read_namespaces(Shipped(root).context)
    return Namespaces(known_prefixes(read), read.ontology)


@pytest.fixture
def pair(root: Path, home: Path) -> tuple[Snapshot, Snapshot]:
    """Two snapshots of the miniature graph: a drug is renamed, one is new, one is gone."""
    path = root / DRUGS
    text = path.read_text(encoding="utf-8")
    write(path, f"{text}- id: drug:short-lived\n  type: Drug\n  label: short-lived\n")
    before = build(Shipped(root), home)
    write(path, f"{text}- id: drug:brand-new\n  type: Drug\n  label: brand new\n")
    replace(path, "label: examplicin", "label: examplicin (renamed)")
    return before, build(Shipped(root), home)


@pytest.fixture
def folder(pair: tuple[Snapshot, Snapshot], root: Path, tmp_path: Path) -> Path:
    write_differences(*pair, tmp_path / "made", names_of(root))
    return tmp_path / "made"


def items(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "subjects.jsonl").read_text().splitlines()]


def test_a_kind_is_the_narrowest_class(root: Path, tmp_path: Path) -> None:
    store, graph = Store(), NamedNode(graph_iri("import-x"))
    ontology = "https://w3id.org/sarcoma-kg/ontology/"
    record, trial = NamedNode(f"{ontology}ImportedRecord"), NamedNode(f"{ontology}ImportedTrial")
    wider = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    store.add(Quad(trial, wider, record, graph))
    before = snapshot_of(store, tmp_path / "before")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for each in (record, trial):
        store.add(Quad(NamedNode("http://e.org/nct1"), kind, each, graph))
    after = snapshot_of(store, tmp_path / "after")
    summary = write_differences(before, after, tmp_path / "made", names_of(root))
    assert {*summary["kinds"]} == {"ImportedTrial"}
    classes = json.loads((tmp_path / "made" / "classes.json").read_bytes())
    assert classes["wider"]["ImportedTrial"] == ["ImportedRecord"]


def test_each_subject_says_what_became_of_it(folder: Path) -> None:
    found = {(each["id"], each["change"], each["kind"]) for each in items(folder)}
    assert ("drug:brand-new", "added", "Drug") in found
    assert ("drug:short-lived", "removed", "Drug") in found
    changed = [each for each in items(folder) if each["change"] == "changed"]
    (label,) = [
        prop
        for each in changed
        if each["kind"] == "Drug"
        for prop in each["properties"]
        if prop["property"] == "rdfs:label"
    ]
    (old,), (new,) = label["before"], label["after"]
    assert new["value"] == f"{old['value']} (renamed)"
    assert label["graph"].endswith("/vocabulary-drugs")
    assert set(folder.iterdir()) == {folder / name for name in FILES}


def test_the_summary_counts_what_the_other_files_hold(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text())
    with (folder / "statements.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    patch = Change.from_patch((folder / "changes.rdfp").read_bytes())
    for side, lines in (("added", patch.added), ("removed", patch.removed)):
        assert summary["quads"][side] == len(lines) > 0
        assert sum(row["change"] == side for row in rows) == len(lines)
        assert sum(graph[side] for graph in summary["graphs"].values()) == len(lines)
    for kind, counts in summary["kinds"].items():
        for change, count in counts.items():
            assert count == sum(
                (each["kind"], each["change"]) == (kind, change) for each in items(folder)
            )
    assert sum(summary["subjects"].values()) == len(items(folder))


def test_the_patch_leads_from_one_to_the_other(
    pair: tuple[Snapshot, Snapshot], folder: Path
) -> None:
    before, after = pair
    patch = (folder / "changes.rdfp").read_bytes()
    assert patch.startswith(f'H from "{before.id}" .\nH to "{after.id}" .\nTX .\n'.encode())
    store = load_quads(before.nquads)
    apply_change(store, Change.from_patch(patch))
    assert snapshot_id(canonical_quads(store)) == after.id


def test_lines_start_as_they_are_looked_for(folder: Path) -> None:
    lines = (folder / "subjects.jsonl").read_bytes().splitlines()
    for line in lines:
        read = json.loads(line)
        assert line.startswith(line_start(read["change"], None))
        assert line.startswith(line_start(read["change"], read["kind"]))


def test_what_is_only_inferred_is_said_to_be(home: Path, root: Path, tmp_path: Path) -> None:
    before = build(Shipped(root), home)
    rule = next((root / "ontology" / "rules").glob("*.rq"))
    rule.unlink()
    after = build(Shipped(root), home)
    summary = write_differences(before, after, tmp_path / "made", names_of(root))
    assert summary["subjects"]["inferred"] > 0
    assert summary["subjects"]["changed"] == 0
    removed = {name for name, counts in summary["graphs"].items() if counts["removed"]}
    assert any("/graph/inferred-" in name for name in removed)


def test_claims_are_counted_as_manifests_count_them(root: Path, home: Path, tmp_path: Path) -> None:
    full = build(Shipped(root), home)
    (root / "data" / "studies" / "review" / "first.yaml").unlink()
    empty = build(Shipped(root), home)
    assert full.manifest.claims > empty.manifest.claims
    summary = write_differences(full, empty, tmp_path / "made", names_of(root))
    assert summary["claims"]["removed"] == full.manifest.claims - empty.manifest.claims
