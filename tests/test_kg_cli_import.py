"""``sarcoma-kg import``: what it prints, how it ends, and what it leaves."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command_lines import Cli, Outcome
from import_lines import TERMS, shipped_with_imports
from trial_records import study
from trial_server import Registry, serving

from kg.cli import import_command
from kg.importing import importers
from kg.importing.importer import Importer
from kg.shipped import Shipped, find_shipped
from kg.snapshot import find_current, open_database

TRIPLES = """\
<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "a" .
<https://example.org/b> <http://www.w3.org/2004/02/skos/core#exactMatch> \
<https://w3id.org/sarcoma-kg/drug/examplicin> .
<https://w3id.org/sarcoma-kg/drug/examplicin> <http://www.w3.org/2000/01/rdf-schema#label> "x" .
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Shipped:
    return shipped_with_imports(tmp_path / "with-imports")


@pytest.fixture
def imports(cli: Cli, shipped: Shipped, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line with a graph that knows imported things."""
    monkeypatch.setattr(import_command, "find_shipped", lambda: shipped)

    def call(*arguments: str) -> Outcome:
        return cli("import", *arguments)

    return call


@pytest.fixture
def triples(tmp_path: Path) -> str:
    path = tmp_path / "triples.nt"
    path.write_text(TRIPLES, encoding="utf-8")
    return str(path)


def test_a_set_of_ones_own_is_imported_and_built_with(
    imports: Cli, triples: str, home: Path
) -> None:
    done = imports("my-terms", triples)
    assert done.code == 0
    current = find_current(home)
    assert current is not None
    assert done.out == f"{current.id}\n"
    assert "my-terms: 3 records read, 2 kept, 1 of them on 1 things of this graph" in done.err
    assert "my-terms: not taken: 1 not wanted; see " in done.err
    assert "MiB of memory at most" in done.err
    graph = "https://w3id.org/sarcoma-kg/graph/import-my-terms"
    asked = f"ASK {{ GRAPH <{graph}> {{ <https://example.org/a> ?p 'a' }} }}"
    assert bool(open_database(current).query(asked))
    with (home / "imports" / "my-terms" / "rejects.tsv").open(encoding="utf-8") as lines:
        (reject,) = csv.DictReader(lines, delimiter="\t")
    assert reject["place"].startswith("triples.nt")
    again = imports("my-terms", triples)
    assert (again.code, again.out) == (0, done.out)
    assert "already imported, from the same files (2 records, 2 triples)" in again.err


def test_what_the_user_says_of_the_source_is_kept(
    imports: Cli, triples: str, home: Path, tmp_path: Path
) -> None:
    said = {
        "--title": "My terms",
        "--source": "https://example.org/terms",
        "--licence": "https://example.org/licence",
        "--attribution": "Me",
        "--version-of-source": "7",
        "--retrieved": "2026-02-03",
    }
    flags = [word for pair in said.items() for word in pair]
    out = tmp_path / "out" / "my-terms"
    assert imports("my-terms", triples, *flags, "--to", str(out)).code == 0
    values = json.loads((out / "import.json").read_text())
    keys = ("title", "source", "licence", "attribution", "version", "retrieved")
    assert [values[key] for key in keys] == [*said.values()]
    assert find_current(home) is None
    assert not (home / "imports").exists()


def test_imports_are_listed_and_removed(imports: Cli, triples: str, home: Path) -> None:
    assert imports("my-terms", triples, "--no-build", "--retrieved", "2026-02-03").out == ""
    listed = imports("--list").out.splitlines()
    assert " ".join(listed[0].split()) == "name version retrieved records triples from licence"
    assert " ".join(listed[2].split()) == "my-terms not stated 2026-02-03 2 2 own not stated"
    removed = imports("--remove", "my-terms")
    assert (removed.code, len(removed.out)) == (0, 65)
    assert len(imports("--list").out.splitlines()) == 2
    again = imports("--remove", "my-terms")
    assert (again.code, "there is no import 'my-terms'" in again.err) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "which import? Give clinicaltrials, civic, "),
        (["oncotre"], 2, "there is no importer 'oncotre'; did you mean 'oncotree'?"),
        (["zebra"], 2, "any other name is that of a set of your own, and needs its files"),
        (["My Terms", "x.nt"], 2, "small letters, digits and hyphens only, such as my-terms"),
        (["../up", "x.nt"], 2, "such as up"),
        (["oncotree"], 2, "give files that end in .json, or a folder of them"),
        (["oncotree", "--download"], 2, "oncotree has no download; fetch its files yourself"),
        (["my-terms", "gone.nt"], 74, "gone.nt: cannot be read: no such file or directory"),
        (["clinicaltrials", "gone.json"], 74, "gone.json: cannot be read: no such file"),
        (["my-terms", "."], 1, "no file in this folder ends in .obo"),
        (["my-terms", "x.nt", "--licence", "free"], 2, "'free' is no address"),
        (["my-terms", "x.nt", "--retrieved", "today"], 2, "'today' is no date"),
    ],
)
def test_what_is_wrong_is_a_sentence(
    arguments: list[str],
    code: int,
    told: str,
    imports: Cli,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "bare").mkdir()
    monkeypatch.chdir(tmp_path / "bare")
    done = imports(*arguments)
    assert (done.code, done.out) == (code, "")
    assert told in done.err.replace("\n", " ")
    assert "Traceback" not in done.err
    assert not home.exists()


def test_a_file_with_a_mistake_is_refused_whole_with_its_line(
    imports: Cli, triples: str, home: Path
) -> None:
    before = imports("my-terms", triples, "--no-build")
    path = Path(triples)
    path.write_text(f"{TRIPLES}<https://example.org/c> .\n")
    done = imports("my-terms", triples)
    assert (before.code, done.code) == (0, 1)
    assert "triples.nt:4" in done.err
    assert "no record of 1 can be kept; nothing is imported" in done.err
    assert b"example.org/a" in (home / "imports" / "my-terms" / "graph.nq").read_bytes()


def test_what_other_files_replace_is_a_line(imports: Cli, triples: str) -> None:
    arguments = ("--no-build", "--retrieved", "2026-02-03")
    assert "replaces" not in imports("my-terms", triples, *arguments).err
    path = Path(triples)
    other = path.with_name("other.nt")
    other.write_text(TRIPLES.partition("\n")[0] + "\n")
    done = imports("my-terms", str(other), *arguments)
    told = "my-terms: replaces the import of 2026-02-03 with 2 records from triples.nt\n"
    assert (done.code, done.err.count(told)) == (0, 1)
    assert "replaces" not in imports("my-terms", str(other), "--no-build", "--strict").err


def test_strict_ends_with_one(imports: Cli, triples: str, home: Path) -> None:
    done = imports("my-terms", triples, "--strict")
    assert (done.code, done.out) == (1, "")
    assert "import my-terms: refused whole" in done.err
    assert not (home / "imports" / "my-terms").exists()


def test_a_home_that_is_a_file_is_a_sentence(imports: Cli, triples: str, home: Path) -> None:
    home.write_text("")
    done = imports("my-terms", triples)
    assert (done.code, done.out) == (74, "")
    assert "remove" in done.err
    assert "Traceback" not in done.err


def test_what_is_downloaded_is_imported(
    imports: Cli, triples: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = importers.choose_importer("fetched", has_files=True)

    def download(target: Path, say: object, asked: object) -> list[Path]:
        target.mkdir(parents=True)
        return [Path(triples).rename(target / "triples.nt")]

    row = Importer(**{**vars(own), "download": download})
    monkeypatch.setattr(importers, "IMPORTERS", (*importers.IMPORTERS, row))
    assert imports("fetched", "--download", "--no-build").code == 0
    assert (home / "downloads" / "fetched" / "triples.nt").is_file()
    assert (home / "imports" / "fetched" / "graph.nq").is_file()


def test_trials_are_downloaded_from_where_a_user_says(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_command, "find_shipped", find_shipped)
    found = [study(f"NCT0000000{number}", conditions=["Sarcoma"]) for number in (1, 2)]
    registry = Registry([*found, study("NCT00000003", conditions=["Asthma"])])
    with serving(registry) as address:
        asked = ("--download", "--from", address, "--query", "sarcoma", "--no-build")
        done = cli("import", "clinicaltrials", *asked)
    assert done.code == 0, done.err
    assert "2 records read, 2 kept" in done.err
    asked_of = [each.parameters for each in registry.asked if each.path.endswith("/studies")]
    assert asked_of[0]["query.cond"] == "sarcoma"
    said = json.loads((home / "imports" / "clinicaltrials" / "import.json").read_text("utf-8"))
    assert said["version"] == registry.timestamp


def test_what_to_download_needs_a_download(imports: Cli) -> None:
    done = imports("clinicaltrials", "x.json", "--query", "sarcoma")
    assert (done.code, done.out) == (2, "")
    assert "give --download too" in done.err


def test_the_help_names_every_importer(imports: Cli) -> None:
    shown = imports("--help").out
    for each in importers.IMPORTERS:
        assert f"  {each.name} " in shown


@pytest.mark.parametrize("row", importers.IMPORTERS, ids=lambda row: row.name)
def test_every_row_of_the_table_reads(row: Importer, tmp_path: Path) -> None:
    """A file of nothing is rejected, never an error; a licence and a source are addresses."""
    path = tmp_path / f"empty{row.endings[0]}"
    path.write_text("")
    items = [*row.read([path], TERMS)]
    assert all(not hasattr(item, "triples") for item in items)
    assert row.version_of([path]) in (None, "")
    assert row.licence.startswith("https://")
    assert row.source.startswith("http")
