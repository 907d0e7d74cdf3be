"""A release: the same bytes every time, whole or not there, and checked for what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_lines import Cli
from miniature import OWN_DRUG, replace, write
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from release_folders import digests, rows_of, write_sums
from serving import snapshot_of

import kg.release
import kg.release_data
from api.kgx_claims import read_claims
from kg.cli import app
from kg.kgx import KgxClaims
from kg.release import Order, write_release
from kg.release_check import check_release
from kg.release_place import appearing_folder
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot
from kg.sources import graph_iri

A, B = NamedNode("http://e.org/a"), NamedNode("http://e.org/b")
DATE = "2026-12-01"


@pytest.fixture(autouse=True)
def _with_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the application have what the program gives it."""
    settings = {**(app.info.context_settings or {}), "obj": read_claims}
    monkeypatch.setattr(app.info, "context_settings", settings)


@pytest.fixture
def released(cli: Cli, tmp_path: Path) -> Path:
    """A release of the miniature graph."""
    cli("build")
    done = cli("release", "first", "--date", DATE)
    assert done.code == 0, done.err
    return tmp_path / "first"


def problems(folder: Path) -> list[str]:
    return [str(each) for each in check_release(folder)]


def test_a_release_is_written_and_checked(cli: Cli, released: Path) -> None:
    done = cli("release", "--verify", "first")
    assert (done.code, done.out) == (0, "")
    assert done.err == "every digest, id and count is as the release says\n"
    current = cli("export", "--format", "nquads").out.encode()
    assert (released / "data.nq").read_bytes() == current
    names = {path.name for path in released.iterdir()}
    assert names >= {"data.ttl", "data.rdf", "void.ttl", "CITATION.cff", "CHANGES.md", "README.md"}
    assert "is compared with none" in (released / "CHANGES.md").read_text(encoding="utf-8")


def test_it_tells_what_it_wrote_and_how_long_it_took(cli: Cli) -> None:
    cli("build")
    done = cli("release", "first", "--date", DATE)
    identifier = json.loads(Path("first/release.json").read_text(encoding="utf-8"))["snapshot"]
    assert done.out == f"{DATE}+{identifier[:12]}\n"
    lines = done.err.splitlines()
    assert lines[0].startswith("graphs together: 6 files, ")
    assert all(line.endswith(" s") for line in lines[:8])


def test_the_same_snapshot_gives_the_same_bytes(cli: Cli, released: Path, tmp_path: Path) -> None:
    time.sleep(0.01)
    assert cli("release", "second", "--date", DATE).code == 0
    assert digests(tmp_path / "second") == digests(released)
    assert cli("release", "third", "--date", "2026-12-02").code == 0
    changed = {
        name
        for name, digest in digests(tmp_path / "third").items()
        if digests(released)[name] != digest
    }
    assert changed == {
        "CITATION.cff",
        "CITATION.txt",
        "README.md",
        "SHA256SUMS",
        "release.json",
        "ro-crate-metadata.json",
        "void.ttl",
    }


def test_the_date_is_that_of_the_environment_or_of_the_snapshot(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = cli("build").out.strip()
    os.utime(home / "snapshots" / identifier / "data.nq", (86400 * 365, 86400 * 365))
    assert cli("release", "old").out.startswith("1971-01-01+")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(86400 * 366))
    assert cli("release", "older").out.startswith("1971-01-02+")
    for wrong in ("2026-02-30", "tomorrow", "2026-1-1"):
        refused = cli("release", "wrong", "--date", wrong)
        assert (refused.code, "write it as 2026-12-01" in refused.err) == (2, True)
    assert not Path("wrong").exists()


def test_a_folder_that_is_not_empty_is_kept(cli: Cli, released: Path, tmp_path: Path) -> None:
    before = digests(released)
    refused = cli("release", "first", "--date", "2026-12-02")
    assert refused.code == 74
    assert "there is a folder that is not empty" in refused.err
    assert digests(released) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("irreplaceable", encoding="utf-8")
    assert cli("release", "mine", "--replace").code == 74
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "irreplaceable"
    (tmp_path / "link").symlink_to("mine", target_is_directory=True)
    assert cli("release", "link", "--replace").code == 74
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert cli("release", "file", "--replace").code == 74
    assert cli("release", "first", "--replace", "--date", "2026-12-02").code == 0
    assert digests(released) != before
    (tmp_path / "empty").mkdir()
    assert cli("release", "empty").code == 0
    assert hidden(tmp_path) == []


def test_what_lies_in_a_release_is_not_replaced_with_it(cli: Cli, released: Path) -> None:
    (released / ".git").mkdir()
    (released / ".git" / "HEAD").write_text("ref: refs/heads/main", encoding="utf-8")
    refused = cli("release", "first", "--replace")
    assert (refused.code, "there is .git/HEAD, which is not in its SHA256SUMS" in refused.err) == (
        74,
        True,
    )
    assert (released / ".git" / "HEAD").is_file()
    shutil.rmtree(released / ".git")
    assert cli("release", "first", "--replace").code == 0


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_release_tells_what_changed(cli: Cli, root: Path, tmp_path: Path, released: Path) -> None:
    former = json.loads((released / "release.json").read_text(encoding="utf-8"))["snapshot"]
    drugs = root / "data" / "vocabularies" / "drugs.yaml"
    replace(drugs, "label: examplicin", "label: examplicin base")
    assert cli("build").code == 0
    assert cli("release", "second", "--date", DATE).code == 0
    notes = (tmp_path / "second" / "CHANGES.md").read_text(encoding="utf-8")
    assert former in notes
    assert '~ drug:examplicin (examplicin base)\n    rdfs:label: "examplicin" ->' in notes
    summary = json.loads((tmp_path / "second" / "changes" / "summary.json").read_text("utf-8"))
    assert summary["from"] == former
    assert [kind for kind, each in summary["kinds"].items() if each["changed"]] == ["Drug"]
    for since in (former[:9], "first", "first/data.nq", "first/manifest.json", "previous"):
        assert cli("release", "again", "--date", DATE, "--since", since, "--replace").code == 0
        assert digests(tmp_path / "again") == digests(tmp_path / "second")
    assert cli("release", "none", "--date", DATE, "--since", "none").code == 0
    assert not (tmp_path / "none" / "changes").exists()
    assert cli("release", "x", "--since", "0000").code == 3
    assert not (tmp_path / "x").exists()


def test_own_records_are_released_without_being_made_current(
    cli: Cli, tmp_path: Path, released: Path
) -> None:
    write(tmp_path / "mine" / "drug.yaml", OWN_DRUG)
    assert cli("release", "own", "--data", "mine", "--date", DATE).code == 0
    text = (tmp_path / "own" / "graphs" / "overlay-drug.nq").read_text(encoding="utf-8")
    assert "a new drug" in text
    licences = (tmp_path / "own" / "LICENCES.md").read_text(encoding="utf-8")
    assert "`graphs/overlay-drug.nq` | not stated" in licences
    assert problems(tmp_path / "own") == []
    assert cli("export", "--format", "nquads").out.encode() == (released / "data.nq").read_bytes()


def test_what_changed_since_the_snapshot_is_left_out(cli: Cli, root: Path, tmp_path: Path) -> None:
    cli("build")
    with (root / "ontology" / "sarcoma.ttl").open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    done = cli("release", "first")
    assert "left out: ontology/sarcoma.ttl: changed since" in done.err
    assert not (tmp_path / "first" / "ontology" / "sarcoma.ttl").exists()
    assert (tmp_path / "first" / "ontology" / "histology.ttl").exists()
    assert "`ontology/sarcoma.ttl: " in (tmp_path / "first" / "README.md").read_text("utf-8")


def test_rows_of_questions_go_with_the_records(cli: Cli, root: Path, tmp_path: Path) -> None:
    queries = root / "data" / "queries"
    queries.mkdir(exist_ok=True)
    shipped = find_shipped().data / "queries"
    for ending in ("ttl", "csv"):
        shutil.copyfile(shipped / f"drugs-in-both-texts.{ending}", queries / f"both.{ending}")
    assert cli("build").code == 0
    assert cli("release", "first", "--date", DATE).code == 0
    assert (tmp_path / "first" / "queries" / "both.csv").is_file()
    drugs = root / "data" / "vocabularies" / "drugs.yaml"
    replace(drugs, "label: examplicin", "label: examplicin base")
    done = cli("release", "second", "--date", DATE)
    assert "left out: data/queries/both.csv: changed since" in done.err
    assert not (tmp_path / "second" / "queries" / "both.csv").exists()
    assert (tmp_path / "second" / "queries" / "both.ttl").is_file()


@pytest.mark.parametrize("name", ["data.nq", "kgx/claims_nodes.tsv", "README.md"])
def test_a_damaged_file_is_named(name: str, cli: Cli, released: Path) -> None:
    with (released / name).open("ab") as file:
        file.write(b"x")
    done = cli("release", "--verify", "first")
    assert done.code == 1
    assert done.err == f"{name}: its SHA-256 is another one; fetch it again\n"


def test_missing_files_strangers_and_links_are_named(released: Path, tmp_path: Path) -> None:
    (released / "data.ttl").unlink()
    (released / "more.txt").write_text("", encoding="utf-8")
    (released / "void.ttl").rename(tmp_path / "void.ttl")
    (released / "void.ttl").symlink_to(tmp_path / "void.ttl")
    with (released / "SHA256SUMS").open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64}  ../home\nnonsense\n")
    assert {each.partition(": ")[0]: each.partition(": ")[2] for each in problems(released)} == {
        "../home": "it is missing",
        "SHA256SUMS:" + str(len(digests(released)) + 1): "no digest, two blanks and a name",
        "data.ttl": "it is missing",
        "more.txt": "it is not in SHA256SUMS",
        "void.ttl": "it is no plain file",
    }


def test_a_release_that_disagrees_with_itself_is_refused(released: Path, tmp_path: Path) -> None:
    def tampered(name: str, old: str, new: str) -> list[str]:
        folder = Path(shutil.copytree(released, tmp_path / "copy"))
        replace(folder / name, old, new)
        write_sums(folder)
        found = problems(folder)
        shutil.rmtree(folder)
        return found

    identifier = json.loads((released / "release.json").read_text(encoding="utf-8"))["snapshot"]
    assert "release.json: it is of snapshot" in tampered("release.json", identifier, "0" * 64)[0]
    assert "other sizes" in "".join(tampered("release.json", '"graphs": {', '"graphs": {"e:g": 1,'))
    assert tampered("data.nq", "examplinib", "exemplinib")
    first = (released / "kgx" / "claims_edges.jsonl").read_text("utf-8").partition("\n")[0]
    found = tampered("kgx/claims_edges.jsonl", f"{first}\n", "")
    assert found[0].startswith("kgx/claims_edges.jsonl: it has ")
    found = tampered("kgx/claims_edges.jsonl", '"subject":"', '"subject":"no-')
    assert "has a subject that is no node" in "".join(found)
    quad = (released / "graphs" / "vocabulary-drugs.nq").read_text("utf-8").partition("\n")[0]
    for name in ("graphs/vocabulary-drugs.nq", "data-without-imports.nq"):
        found = tampered(name, quad, quad.replace(">", "0>", 1))
        assert found == [f"{name}: it does not hold what data.nq has of it"]
    head = (released / "kgx" / "claims_nodes.tsv").read_text("utf-8").partition("\n")[0]
    found = tampered("kgx/claims_nodes.tsv", head, head.replace("synonym", "synonyms"))
    assert found == ["kgx/claims_nodes.tsv: it does not hold what kgx/claims_nodes.jsonl has"]
    crate = tampered("ro-crate-metadata.json", '"name": "data.ttl"', '"name": "x"')
    assert crate == []
    crate = tampered("ro-crate-metadata.json", '"datePublished"', '"dateMade"')
    assert crate == ["ro-crate-metadata.json: the root has no datePublished"]


def test_what_is_no_release_is_told(cli: Cli, tmp_path: Path) -> None:
    assert cli("release", "--verify", "nowhere").code == 74
    (tmp_path / "empty").mkdir()
    done = cli("release", "--verify", "empty")
    assert (done.code, done.err) == (
        1,
        "SHA256SUMS: it is missing; is this the folder of a release?\n",
    )


def test_nothing_is_left_where_writing_fails(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("build")

    def full(*_: object, **__: object) -> Iterator[object]:
        raise OSError(28, "No space left on device", "data.trig")

    monkeypatch.setattr(kg.release_data, "write_part", full)
    done = cli("release", "first")
    assert done.code == 74
    assert "no space left on device; make room" in done.err
    assert not (tmp_path / "first").exists()
    assert hidden(tmp_path) == []


def test_a_former_release_stays_where_writing_fails(
    cli: Cli, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(released)

    def broken(*_: object) -> KgxClaims:
        raise OSError(5, "Input/output error", "kgx")

    settings = {**(app.info.context_settings or {}), "obj": broken}
    monkeypatch.setattr(app.info, "context_settings", settings)
    assert cli("release", "first", "--replace").code == 74
    assert digests(released) == before
    assert hidden(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    (tmp_path / "locked").mkdir(mode=0o555)
    done = cli("release", "locked/first")
    assert (done.code, "mend its permissions" in done.err) == (74, True)


def test_a_place_that_is_not_there(cli: Cli) -> None:
    cli("build")
    done = cli("release", "nowhere/first")
    assert (done.code, "nowhere: no such file or directory; create it" in done.err) == (74, True)


MAKER = """\
import sys, time
from pathlib import Path
from kg.release_place import appearing_folder
with appearing_folder(Path(sys.argv[1]), may_replace=lambda _: True) as folder:
    (folder / "half").write_text("half")
    print("begun", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_is_killed_half_way_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "old").write_text("old", encoding="utf-8")
    command = [sys.executable, "-c", MAKER, str(tmp_path / "first")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        with appearing_folder(tmp_path / "second"):
            assert hidden(tmp_path)
        process.send_signal(number)
        process.wait(30)
    assert [path.name for path in (tmp_path / "first").iterdir()] == ["old"]
    if number is signal.SIGKILL:
        # Nobody could clear it away: the next one does.
        assert len(hidden(tmp_path)) == 1
        with appearing_folder(tmp_path / "first", may_replace=lambda _: True) as folder:
            (folder / "new").touch()
        assert [path.name for path in (tmp_path / "first").iterdir()] == ["new"]
    assert hidden(tmp_path) == []


def test_two_at_once_do_not_clear_each_other_away(tmp_path: Path) -> None:
    with appearing_folder(tmp_path / "first") as one:
        (one / "a").touch()
        with appearing_folder(tmp_path / "first") as other:
            (other / "b").touch()
        assert (one / "a").exists()
        shutil.rmtree(tmp_path / "first")
    assert [path.name for path in (tmp_path / "first").iterdir()] == ["a"]


def test_the_commands_of_the_page_run(cli: Cli, root: Path, released: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "release.md").read_text(encoding="utf-8")
    former = json.loads((released / "release.json").read_text(encoding="utf-8"))["snapshot"]
    replace(root / "data" / "vocabularies" / "drugs.yaml", "label: examplicin", "label: other")
    cli("build")
    lines = re.findall(r"^\$ sarcoma-kg (.*)$", page, re.MULTILINE)
    assert len(lines) == 9
    for line in lines:
        done = cli(*line.replace("448eb71f", former[:8]).split())
        assert done.code == (1 if "--exit-code" in line else 0), (line, done.err)


HOSTILE = (
    'tab\there | "quoted" `code` <script>',
    "line\r\nend ```\n# heading",
    "\u2028\u0085\u202eright to left",
    "x" * 5000,
    "\U0001f9ec = cmd()",
)


@pytest.fixture
def hostile(tmp_path: Path) -> Snapshot:
    """A graph whose names and texts are awkward in every format."""
    store, drug = Store(), "https://w3id.org/sarcoma-kg/drug/"
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    graph = NamedNode(graph_iri("vocabulary-drugs"))
    for number, text in enumerate(HOSTILE):
        subject = NamedNode(f"{drug}d{number}")
        store.add(Quad(subject, label, Literal(text), graph))
        store.add(
            Quad(subject, kind, NamedNode("https://w3id.org/sarcoma-kg/ontology/Drug"), graph)
        )
        store.add(Quad(A, B, Literal(text), NamedNode(f"http://e.org/../{number}?a=b#c;d")))
        store.add(Quad(A, B, Literal(text)))
    store.add(Quad(A, NamedNode("http://purl.org/dc/terms/title"), Literal("a|b\nc"), A))
    store.add_graph(NamedNode("http://e.org/empty"))
    return snapshot_of(store, tmp_path / "hostile-home")


def test_hostile_names_do_no_harm(hostile: Snapshot, tmp_path: Path) -> None:
    order = Order(hostile, find_shipped(), DATE, None, read_claims)
    write_release(order, tmp_path / "made", tell=lambda _: None)
    folder = tmp_path / "made"
    assert problems(folder) == []
    assert {path.name for path in (folder / "graphs").iterdir()} >= {"default.nq"}
    names = {each["name"] for each in rows_of(folder / "kgx" / "claims_nodes.tsv")}
    assert names == {" ".join(text.split()) if not text.isprintable() else text for text in HOSTILE}
    lines = (folder / "kgx" / "claims_nodes.jsonl").read_bytes().split(b"\n")[:-1]
    assert {json.loads(line)["name"] for line in lines} == {*HOSTILE}
    assert (
        sum(1 for _ in parse(path=folder / "data.rdf", format=RdfFormat.RDF_XML))
        == 3 * len(HOSTILE) + 1
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile-home", "made"]


def test_what_xml_cannot_hold_is_left_out_of_it_alone(tmp_path: Path) -> None:
    store = Store()
    store.add(Quad(A, B, Literal("a\x01b")))
    snapshot = snapshot_of(store, tmp_path / "home")
    order = Order(snapshot, find_shipped(), DATE, None, read_claims)
    write_release(order, tmp_path / "made", tell=lambda _: None)
    assert not (tmp_path / "made" / "data.rdf").exists()
    assert (tmp_path / "made" / "data.ttl").exists()
    assert problems(tmp_path / "made") == []


def test_the_order_of_former_snapshots_counts_and_nothing_else(
    root: Path, tmp_path: Path, hostile: Snapshot
) -> None:
    shipped = Shipped(root)
    other = snapshot_of(Store(), tmp_path / "other-home")
    order = Order(hostile, shipped, DATE, other, read_claims)
    facts = write_release(order, tmp_path / "made", tell=lambda _: None)
    assert facts.previous == other.id
    notes = (tmp_path / "made" / "CHANGES.md").read_text(encoding="utf-8")
    # No text of the graph ends a block of the notes, or begins a heading.
    assert notes.count("```") % 2 == 0
    assert "\n# heading" not in notes
    patch = (tmp_path / "made" / "changes" / "changes.rdfp").read_bytes()
    added = [line[2:] for line in patch.split(b"\n") if line.startswith(b"A ")]
    quads = [line for line in hostile.nquads.read_bytes().split(b"\n") if line[:1] == b"<"]
    assert added == quads
    assert kg.release.is_release(tmp_path / "made")
