"""Asking from the command line: tables, formats, where the question comes from, refusals."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest
from command_lines import Cli, start_sarcoma_kg
from miniature import write
from pyoxigraph import NamedNode, Quad, Store
from serving import snapshot_of

from kg.cli import ExitCode
from kg.snapshot import find_current

ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


def test_query_builds_when_there_is_no_snapshot_and_prints_a_table(cli: Cli) -> None:
    done = cli("query", "SELECT ?drug ?name { ?drug a :Drug ; rdfs:label ?name }")
    assert done.code == 0
    assert [line.rstrip() for line in done.out.splitlines() if line.strip(" ─")] == [
        "drug             name",
        "drug:examplicin  examplicin",
    ]
    assert done.err == "1 row\n"


def test_query_answers_in_the_format_asked_for(cli: Cli, tmp_path: Path) -> None:
    rows = json.loads(cli("query", ALL, "--format", "json").out)["results"]["bindings"]
    assert len(rows) == 166 + 2
    assert cli("query", "ASK { ?x a :Study }", "-f", "csv").out == "true"
    write(tmp_path / "question.rq", "CONSTRUCT { ?d a :Thing } { ?d a :Drug }")
    assert cli("query", "@question.rq", "-f", "ntriples").out == (
        "<https://w3id.org/sarcoma-kg/drug/examplicin> "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/sarcoma-kg/ontology/Thing> .\n"
    )


def test_query_sees_the_records_of_the_user(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "mine" / "a.yaml", "id: drug:a\ntype: Drug\nlabel: a\n")
    ask = "ASK { drug:a a :Drug }"
    assert cli("query", ask, "-f", "csv").out == "false"
    assert cli("query", ask, "-f", "csv", "--data", "mine").out == "true"


def test_a_triple_in_several_graphs_counts_once(cli: Cli, home: Path) -> None:
    term, store = NamedNode("urn:x"), Store()
    store.extend(Quad(term, term, term, NamedNode(f"urn:{name}")) for name in "ab")
    asked = ("--snapshot", snapshot_of(store, home).id[:8], "-f", "csv")
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert cli("query", count, *asked).out.split() == ["n", "1"]
    both = count.replace("{", "FROM <urn:a> FROM <urn:b> {")
    assert cli("query", both, *asked).out.split() == ["n", "1"]
    assert cli("query", "SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }", *asked).out.split() == ["n", "2"]


def test_asking_with_own_records_changes_nothing_for_others(cli: Cli, tmp_path: Path) -> None:
    served = cli("build").out.strip()
    write(tmp_path / "mine" / "a.yaml", "id: drug:a\ntype: Drug\nlabel: a\n")
    assert cli("query", "ASK { drug:a a :Drug }", "-f", "csv", "--data", "mine").out == "true"
    assert "drug:a a :Drug" in cli("export", "--data", "mine").out
    assert "drug:a a :Drug" not in cli("export").out
    assert cli("version").out.splitlines()[2] == f"snapshot {served}"


def test_the_default_graph_can_be_strict(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("query", "ASK { ?s ?p ?o }", "--default-graph", "strict").out.strip() == "false"
    monkeypatch.setenv("SARCOMA_KG_DEFAULT_GRAPH", "strict")
    assert cli("query", "ASK { ?s ?p ?o }").out.strip() == "false"
    assert cli("query", "ASK { ?s ?p ?o }", "--default-graph", "union").out.strip() == "true"


def test_a_query_can_come_from_standard_input(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(tmp_path / "question.rq", "ASK { ?x a :Study }")
    with (tmp_path / "question.rq").open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert cli("query", "-f", "csv").out == "true"


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["SELECT ?s {\n ?s ?p }"], "line 2"),
        (["ASK { SERVICE <http://e.org/> { ?s ?p ?o } }"], "SERVICE is not available"),
        (["ASK {}", "--format", "turtle"], "text/turtle"),
        (["ASK {}", "--format", "nonsense"], "'nonsense' is no format here"),
    ],
)
def test_a_query_that_cannot_be_answered_ends_with_2(
    cli: Cli, arguments: list[str], shown: str
) -> None:
    done = cli("query", *arguments)
    assert (done.code, done.out) == (2, "")
    assert shown in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("content", "shown"), [(None, "cannot be read"), (b"ASK {} # caf\xe9", "not UTF-8 at byte 13")]
)
def test_an_unreadable_query_file_ends_with_2(
    cli: Cli, tmp_path: Path, content: bytes | None, shown: str
) -> None:
    if content:
        (tmp_path / "question.rq").write_bytes(content)
    done = cli("query", "@question.rq")
    assert done.code == ExitCode.USAGE
    assert f"question.rq {'is ' if content else ''}{shown}" in done.err


def test_a_database_that_cannot_be_read_is_a_sentence(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    current = find_current(tmp_path / "home")
    assert current is not None
    (current.database / "CURRENT").unlink()
    done = cli("query", "ASK {}")
    assert done.code == ExitCode.INPUT_OUTPUT
    assert len(done.err.splitlines()) == 1
    assert f"delete the folder {current.directory}" in done.err
    cli("build")
    assert cli("query", "ASK {}").code == 0


def test_an_engine_that_gives_up_half_way_is_a_sentence(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Corruption: block checksum mismatch")

    monkeypatch.setattr(sys.modules["kg.cli.query"], "table", fail)
    done = cli("query", "SELECT ?s { ?s ?p ?o }")
    assert (done.code, done.out) == (2, "")
    assert "the engine gave up: Corruption" in done.err
    assert "Traceback" not in done.err


def test_a_runaway_query_ends_at_ctrl_c(cli: Cli, root: Path, tmp_path: Path) -> None:
    cli("build")
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    process = start_sarcoma_kg(root, tmp_path / "home", "query", endless)
    time.sleep(1.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    assert process.returncode in (-signal.SIGINT, 130)
