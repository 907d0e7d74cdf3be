"""Differences from the command line: by kind, in each format, between snapshots and files."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from command_lines import Cli
from miniature import replace
from pyoxigraph import NamedNode, Quad, Store

from kg.change import Change, apply_change
from kg.nquads import canonical_quads, load_quads, snapshot_id
from kg.snapshot import get_snapshot


@pytest.fixture
def two(cli: Cli, root: Path) -> tuple[str, str]:
    """Two snapshots of a home: a drug has another name, and a new one is there."""
    former = cli("build").out.strip()
    drugs = root / "data" / "vocabularies" / "drugs.yaml"
    replace(drugs, "label: examplicin", "label: examplicin base")
    new = root / "data" / "vocabularies" / "more-drugs.yaml"
    new.write_text("id: drug:new\ntype: Drug\nlabel: a new drug\n", encoding="utf-8")
    return former, cli("build").out.strip()


def test_facts_are_told_by_kind(cli: Cli, two: tuple[str, str]) -> None:
    done = cli("diff")
    assert done.code == 0, done.err
    assert done.out.startswith(f"from {two[0]}\nto   {two[1]}\nquads: ")
    assert "  Drug: 1 added, 0 removed, 1 changed, 0 inferred\n" in done.out
    _, _, drugs = done.out.partition("\n\nDrug\n")
    assert drugs.startswith(
        '~ drug:examplicin (examplicin base)\n    rdfs:label: "examplicin" -> "examplicin base"\n'
    )
    assert "+ drug:new (a new drug)\n" in drugs


def test_turned_round_what_was_added_is_removed(cli: Cli, two: tuple[str, str]) -> None:
    done = cli("diff", two[1][:10], "previous", "--summary")
    assert "  Drug: 0 added, 1 removed, 1 changed, 0 inferred\n" in done.out
    assert "drug:new" not in done.out


@pytest.mark.usefixtures("two")
def test_the_exit_code_tells_of_differences_where_that_is_wanted(cli: Cli) -> None:
    assert cli("diff", "--exit-code").code == 1
    assert cli("diff").code == 0
    same = cli("diff", "current", "current", "--exit-code")
    assert same.code == 0
    assert same.out.endswith("\nnothing differs\n")


@pytest.mark.usefixtures("two")
def test_json_and_tables_hold_the_same(cli: Cli) -> None:
    whole = json.loads(cli("diff", "--format", "json").out)
    lines = cli("diff", "--format", "jsonl").out.split("\n")[:-1]
    assert whole["facts"] == [json.loads(line) for line in lines]
    counts = json.loads(cli("diff", "--format", "json", "--summary").out)
    assert counts == {key: value for key, value in whole.items() if key != "facts"}
    assert sum(counts["subjects"].values()) == len(lines)
    rows = list(csv.DictReader(io.StringIO(cli("diff", "--format", "csv").out)))
    assert sum(row["change"] == "added" for row in rows) == counts["quads"]["added"]


def test_the_patch_makes_the_later_snapshot_of_the_earlier(
    cli: Cli, two: tuple[str, str], home: Path
) -> None:
    assert cli("diff", "--format", "patch", "--output", "changes.rdfp").code == 0
    removed: list[bytes] = []
    added: list[bytes] = []
    for line in Path("changes.rdfp").read_bytes().split(b"\n"):
        if line[:2] in (b"D ", b"A "):
            (removed if line[:1] == b"D" else added).append(line[2:])
    store = load_quads(get_snapshot(home, two[0]).nquads)
    apply_change(store, Change(tuple(removed), tuple(added), (), ()))
    assert snapshot_id(canonical_quads(store)) == two[1]


def test_files_manifests_and_folders_are_sides_too(
    cli: Cli, two: tuple[str, str], home: Path, tmp_path: Path
) -> None:
    cli("export", "--snapshot", two[0][:9], "old.nq")
    quads = (tmp_path / "old.nq").read_bytes().splitlines(keepends=True)
    random.Random(7).shuffle(quads)
    (tmp_path / "mixed.nq").write_bytes(b"".join([*quads, quads[0]]))
    kept = home / "snapshots" / two[0]
    expected = cli("diff", "previous", "current", "--format", "json").out
    for side in ("old.nq", "mixed.nq", str(kept), str(kept / "manifest.json"), two[0][:9]):
        assert cli("diff", side, "current", "--format", "json").out == expected
    assert cli("diff", "old.nq", "mixed.nq", "--exit-code").code == 0


def test_a_snapshot_that_is_not_there_is_told(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    for arguments in (["0000", "current"], [], ["current", str(tmp_path)]):
        done = cli("diff", *arguments)
        assert done.code == 3, done
    (tmp_path / "bad.nq").write_text("no quads\n", encoding="utf-8")
    (tmp_path / "sorted.nq").write_text("bad .\nno quads .\n", encoding="utf-8")
    for name in ("bad.nq", "sorted.nq"):
        done = cli("diff", name, "current")
        assert (done.code, f"{name} is no N-Quads: " in done.err) == (2, True)
    done = cli("diff", "there/is/none.nq", "current")
    assert (done.code, "no file or folder 'there/is/none.nq'" in done.err) == (3, True)
    assert cli("diff", "current", "current", "--format", "csv", "--summary").code == 2


def test_other_spellings_of_the_same_quads_do_not_differ(cli: Cli, tmp_path: Path) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    start = "<http://e.org/a> <http://e.org/p>"
    plain = (f'{start} "5.5"^^<{xsd}decimal> .\n', f'{start} "caf\u00e9" .\n')
    other = (f'{start} "5.50"^^<{xsd}decimal> .\n', f'{start} "caf\\u00E9"^^<{xsd}string> .\n')
    for name, lines in (("plain.nq", plain), ("other.nq", other)):
        (tmp_path / name).write_text("".join(sorted(lines)), encoding="utf-8")
    assert cli("diff", "plain.nq", "other.nq", "--exit-code").code == 0


def test_empty_graphs_differ(cli: Cli, tmp_path: Path) -> None:
    store, a = Store(), NamedNode("http://e.org/a")
    store.add(Quad(a, a, a, a))
    (tmp_path / "a.nq").write_bytes(canonical_quads(store))
    store.add_graph(NamedNode("http://e.org/g"))
    (tmp_path / "b.nq").write_bytes(canonical_quads(store))
    done = cli("diff", "a.nq", "b.nq", "--exit-code")
    assert done.code == 1
    assert "empty graph added: http://e.org/g\n" in done.out


def test_a_label_gives_a_terminal_no_orders(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_bytes(b"")
    text = '<http://e.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "\\u001B[2Jx\\ny" .\n'
    (tmp_path / "b.nq").write_text(text, encoding="utf-8")
    out = cli("diff", "a.nq", "b.nq").out
    assert "+ http://e.org/a ( [2Jx y)\n" in out
    assert "\x1b" not in out
