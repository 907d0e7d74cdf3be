"""Building and checking from the command line: what is printed, where, and how it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_lines import Cli
from miniature import write

from kg.snapshot import find_current


def test_build_prints_the_id_and_on_standard_error_the_counts_and_warnings(
    cli: Cli, tmp_path: Path
) -> None:
    done = cli("build", "--verbose")
    current = find_current(tmp_path / "home")
    assert current is not None
    assert done.code == 0
    assert done.out == f"{current.id}\n"
    lines = done.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "Reading the records",
        "Checking shapes and rules",
        "Inferring",
        "Writing the snapshot",
        "data/studies/review/first.yaml",
        f"{current.manifest.quads} quads and 2 claims in 10 graphs, 1 warnings, 0 notes; in "
        f"{current.directory}",
    ]
    assert cli("build").out == done.out


def test_check_prints_the_counts_and_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    done = cli("check")
    assert done.code == 0
    assert done.err.startswith("data/studies/review/first.yaml:27: warning: ")
    rows = [line.split() for line in done.out.splitlines()]
    assert rows[0] == ["graph", "triples", "claims"]
    assert ["document-review", "39", "2"] in rows
    assert rows[-1][0] == "all"
    assert int(rows[-1][1]) == sum(int(row[1]) for row in rows[1:-1])
    assert not (tmp_path / "home").exists()


def test_bad_data_ends_with_1_and_a_line_a_problem(cli: Cli, tmp_path: Path) -> None:
    served = cli("build").out
    write(tmp_path / "mine" / "a.yaml", "id: drug:a\ntype: Drug\nlable: a\n")
    write(tmp_path / "mine" / "b.yaml", "id: [\n" + "x" * 300)
    for command in ("build", "check"):
        refused = cli(command, "--data", "mine")
        assert (refused.code, refused.out) == (1, "")
        first, *others = refused.err.splitlines()
        assert first.startswith("mine/a.yaml:3: ")
        assert "did you mean 'label'" in first
        assert all(line.startswith("mine/b.yaml:") for line in others)
    assert cli("version").out.splitlines()[2] == f"snapshot {served.strip()}"


def test_warnings_of_own_records_are_shown_by_the_path_that_was_typed_and_kept_by_another(
    cli: Cli, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = (root / "data" / "studies" / "review" / "first.yaml").read_text(encoding="utf-8")
    write(tmp_path / "mine" / "sub" / "a.yaml", rate.replace("study:first", "study:mine"))
    first = cli("build", "--data", "mine")
    assert first.err.startswith("mine/sub/a.yaml:27: warning: ")
    current = find_current(tmp_path / "home")
    assert current
    kept = [problem.place.file for problem in current.manifest.validation.problems]
    assert "overlay/sub/a.yaml" in kept
    monkeypatch.chdir(tmp_path / "mine" / "sub")
    again = cli("build", "--data", "..")
    assert again.out == first.out
    assert again.err.startswith("../sub/a.yaml:27: warning: ")


def test_a_home_whose_name_is_not_utf_8_is_refused_in_a_sentence(cli: Cli, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    for command in ("build", "version", "export"):
        refused = cli(command, "--home", name)
        assert refused.code == 2
        assert "no database can have a name that is not UTF-8; choose another" in refused.err


NOTE = """\
<urn:note> a sh:NodeShape ; sh:targetClass :Drug ; sh:severity sh:Info ;
  sh:property [ sh:path rdfs:comment ; sh:minCount 1 ; sh:severity sh:Info ;
    sh:message "say more" ] .
"""


def _prefixes(turtle: str) -> str:
    return "".join(f"{line}\n" for line in turtle.splitlines() if line.startswith("@prefix"))


@pytest.mark.parametrize("command", ["build", "check"])
def test_own_problems_come_first_and_shipped_ones_are_counted(
    cli: Cli, root: Path, tmp_path: Path, command: str
) -> None:
    drug = "id: drug:a\ntype: Drug\nlabel: a\n"
    write(tmp_path / "mine" / "a.yaml", drug)
    shapes = (root / "shapes" / "drug.ttl").read_text(encoding="utf-8")
    (root / "shapes" / "notes.ttl").write_text(_prefixes(shapes) + NOTE, encoding="utf-8")
    assert ": info: " not in cli(command).err
    assert ": info: " in cli(command, "-v").err
    brief = cli(command, "--data", "mine").err.splitlines()
    assert brief[0] == "1 warning in shipped records, -v shows it"
    lines = cli(command, "--data", "mine", "-v").err.splitlines()
    shown = [
        line.partition(":")[0] for line in lines if ": info: " in line or ": warning: " in line
    ]
    assert shown[0] == "mine/a.yaml"
    assert "data/studies/review/first.yaml" in shown[1:]


_OURS = "https://w3id.org/sarcoma-kg"


def test_files_are_built_and_checked_as_a_graph_of_their_own(cli: Cli, tmp_path: Path) -> None:
    fine = '<urn:a> <urn:b> "5.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\n'
    (tmp_path / "fine.nq").write_text(fine, encoding="utf-8")
    built = cli("build", "--graph", "fine.nq", "--verbose")
    assert (built.code, len(built.out)) == (0, 65)
    stages = ["Sorting fine.nq", "Merging", "Loading the database", "Checking shapes and rules"]
    assert [line.partition(":")[0] for line in built.err.splitlines()][:4] == stages
    assert find_current(tmp_path / "home") is None
    (found,) = (tmp_path / "home" / "datasets").glob("*/current/data.nq")
    assert found.read_bytes() == fine.replace("5.50", "5.5").encode()
    again = cli("build", "--graph", "fine.nq", "--verbose")
    assert again.out == built.out
    assert "Sorting" not in again.err
    checked = cli("check", "--graph", "fine.nq")
    assert [line.split() for line in checked.out.splitlines()][1:] == [
        ["urn:g", "1", "0"],
        ["all", "1", "0"],
    ]


def test_files_that_break_a_rule_are_built_without_the_gate_only(cli: Cli, tmp_path: Path) -> None:
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    bad = f"<{_OURS}/drug/x> {kind} <{_OURS}/ontology/Drug> .\n"
    (tmp_path / "bad.nt").write_text(bad, encoding="utf-8")
    for command in ("build", "check"):
        refused = cli(command, "--graph", "bad.nt")
        assert (refused.code, refused.out) == (1, "")
        assert "drug:x: label" in refused.err
    assert not [*(tmp_path / "home" / "datasets").glob("*/current")]
    assert cli("build", "--graph", "bad.nt", "--no-gate").code == 0
    assert cli("build", "--graph", "bad.nt").code == 1
    assert cli("check", "--graph", "bad.nt", "--data", "mine").code == 2


def test_a_snapshot_is_read_whole(cli: Cli, tmp_path: Path) -> None:
    identifier = cli("build").out.strip()
    checked = cli("check", "--snapshot", "current")
    assert (checked.code, checked.out) == (0, cli("check", "--snapshot", identifier[:8]).out)
    current = find_current(tmp_path / "home")
    assert current is not None
    before = current.nquads.stat()
    current.nquads.write_bytes(current.nquads.read_bytes().replace(b"<", b"(", 1))
    os.utime(current.nquads, ns=(before.st_atime_ns, before.st_mtime_ns))
    damaged = cli("check", "--snapshot", "current")
    assert (damaged.code, damaged.out) == (1, "")
    assert "the data are not what was written" in damaged.err
    assert cli("check", "--snapshot", "nowhere").code == 3
