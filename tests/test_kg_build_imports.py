"""Imports are part of what is built: unchanged, described, in graphs that nobody writes to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from builds import assert_whole
from import_folders import line, write_import
from miniature import MINIATURE
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from kg.base import ShippedBase, read_base
from kg.build import build
from kg.change import Change
from kg.commit import CommitRequest, commit
from kg.importing.folder import ImportDamagedError, imports_folder
from kg.importing.statement import import_graph
from kg.journal import read_journal
from kg.merged_quads import ChangedFileError
from kg.problem import Refused
from kg.query_error import QueryForbiddenError
from kg.shipped import Shipped
from kg.snapshot import Snapshot, find_current, open_database

SHIPPED = Shipped(MINIATURE)
LINES = (line("civic", "evidence-2", "2"), line("civic", "evidence-10", "10"))
GRAPH = import_graph("civic")


def _ask(snapshot: Snapshot, query: str) -> list[tuple[str, ...]]:
    found = open_database(snapshot).query(query)
    assert isinstance(found, QuerySolutions)
    names = [each.value for each in found.variables]
    return [tuple(row[name].value for name in names) for row in found]


def test_an_import_is_in_the_snapshot_and_no_rule_saw_it(tmp_path: Path) -> None:
    without = build(SHIPPED, tmp_path)
    write_import(tmp_path, "civic", *LINES)
    snapshot = build(SHIPPED, tmp_path)
    assert_whole(snapshot)
    assert snapshot.manifest.graphs[GRAPH].triples == 2
    assert snapshot.manifest.graphs[GRAPH].claims == 0
    inferred = {g: c for g, c in without.manifest.graphs.items() if "/inferred" in g}
    assert {g: c for g, c in snapshot.manifest.graphs.items() if "/inferred" in g} == inferred
    for each in LINES:
        assert each in snapshot.nquads.read_bytes()


def test_the_catalogue_says_where_an_import_is_from(tmp_path: Path) -> None:
    made = write_import(tmp_path, "civic", *LINES)
    snapshot = build(SHIPPED, tmp_path)
    rows = _ask(snapshot, f"SELECT ?p ?o {{ GRAPH ?g {{ <{GRAPH}> ?p ?o }} }}")
    said = {(p.rpartition("/")[2].rpartition("#")[2], o) for p, o in rows}
    assert {
        ("title", "The title of civic"),
        ("source", "https://example.org/source"),
        ("version", "2026-01"),
        ("license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("rights", "Their makers"),
        ("retrievedOn", "2026-02-03"),
        ("contentDigest", made.digest),
        ("recordsRead", "3"),
        ("recordsKept", "2"),
        ("recordsRejected", "1"),
    } <= said


def test_the_same_imports_give_the_same_snapshot_and_others_another(tmp_path: Path) -> None:
    write_import(tmp_path / "a", "civic", *LINES)
    write_import(tmp_path / "b", "civic", *LINES)
    write_import(tmp_path / "c", "civic", LINES[0])
    first, same, other = (build(SHIPPED, tmp_path / each) for each in "abc")
    assert first.id == same.id != other.id
    assert build(SHIPPED, tmp_path / "a").id == first.id


def test_a_removed_import_is_gone_from_the_next_build(tmp_path: Path) -> None:
    without = build(SHIPPED, tmp_path)
    write_import(tmp_path, "civic", *LINES)
    assert build(SHIPPED, tmp_path).id != without.id
    shutil.rmtree(imports_folder(tmp_path))
    assert build(SHIPPED, tmp_path).id == without.id


def test_imports_can_be_left_out(tmp_path: Path) -> None:
    without = build(SHIPPED, tmp_path)
    write_import(tmp_path, "civic", *LINES)
    base = ShippedBase(SHIPPED)
    assert read_base(base.to_json()) == base
    assert base.read_inputs().digest == without.manifest.inputs.digest


def test_damaged_imports_stop_a_build_and_leave_what_is_served(tmp_path: Path) -> None:
    write_import(tmp_path, "civic", *LINES)
    served = build(SHIPPED, tmp_path)
    made = write_import(tmp_path, "other", line("other", "a", "1"))
    made.nquads.write_bytes(line("other", "a", "2"))
    with pytest.raises(ChangedFileError, match="not what was imported"):
        build(SHIPPED, tmp_path)
    (made.directory / "import.json").write_text("{", encoding="utf-8")
    with pytest.raises(ImportDamagedError, match="import other again, or remove it"):
        build(SHIPPED, tmp_path)
    found = find_current(tmp_path)
    assert found
    assert found.id == served.id
    assert not list((tmp_path / "snapshots").glob(".*"))


def test_an_import_that_refers_to_what_is_gone_stops_a_build(tmp_path: Path) -> None:
    known = "https://w3id.org/sarcoma-kg/drug/examplinib"
    write_import(tmp_path, "civic", *LINES, refers=(known,))
    build(SHIPPED, tmp_path)
    write_import(tmp_path, "civic", *LINES, refers=(known, f"{known}-gone"))
    with pytest.raises(
        Refused, match=r"examplinib-gone, which is not in the graph any more \(1 in"
    ):
        build(SHIPPED, tmp_path)


def _change(graph: str) -> Change:
    subject = NamedNode("https://example.org/s")
    quad = Quad(subject, NamedNode("https://example.org/p"), Literal("1"), NamedNode(graph))
    return Change.from_patch(f"TX .\nA {quad} .\nTC .\n".encode())


def test_a_write_keeps_the_imports_and_cannot_change_them(tmp_path: Path) -> None:
    write_import(tmp_path, "civic", *LINES)
    snapshot, base = build(SHIPPED, tmp_path), ShippedBase(SHIPPED, None, tmp_path)
    with pytest.raises(QueryForbiddenError, match="import-civic"):
        commit(CommitRequest(base, tmp_path, _change(GRAPH), snapshot.id))
    reply = commit(CommitRequest(base, tmp_path, _change("https://example.org/g"), snapshot.id))
    written = find_current(tmp_path)
    assert written
    assert written.id == reply.snapshot != snapshot.id
    assert not reply.problems
    assert_whole(written)
    assert written.manifest.graphs[GRAPH] == snapshot.manifest.graphs[GRAPH]
    assert build(SHIPPED, tmp_path).id == written.id
    assert len(read_journal(tmp_path)) == 1


def test_a_write_after_another_import_takes_it_up(tmp_path: Path) -> None:
    write_import(tmp_path, "civic", LINES[0])
    snapshot, base = build(SHIPPED, tmp_path), ShippedBase(SHIPPED, None, tmp_path)
    write_import(tmp_path, "civic", *LINES)
    commit(CommitRequest(base, tmp_path, _change("https://example.org/g"), snapshot.id))
    written = find_current(tmp_path)
    assert written
    assert written.manifest.graphs[GRAPH].triples == 2
    rebuilt = build(SHIPPED, tmp_path)
    assert rebuilt.nquads.read_bytes() == written.nquads.read_bytes()
