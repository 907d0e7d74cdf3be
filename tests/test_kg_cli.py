"""Command line: what each command prints, where, and how it exits."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.cli import ExitCode, app, run
from kg.cli.new import KINDS
from kg.cli.output import READER_GONE, opened_output
from kg.settings import PREFIX, Settings
from kg.shipped import Shipped, find_shipped
from kg.snapshot import find_current
from kg.template import find_kinds

MINIATURE = Path(__file__).parent / "fixtures" / "miniature"
COMMANDS = ("build", "check", "query", "export", "new", "cite", "coverage", "version")
MAIN = """\
import sys
from pathlib import Path
from kg.cli import app, run
from kg.shipped import Shipped
for name in ("build", "check", "cite", "coverage", "export", "new", "query"):
    sys.modules[f"kg.cli.{name}"].find_shipped = lambda: Shipped(Path(sys.argv[1]))
sys.exit(run(app, sys.argv[2:]))
"""
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


class Outcome(NamedTuple):
    """How a command line ended, and what it printed."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(MINIATURE, tmp_path / "shipped"))
    (folder / "data" / "templates").mkdir()
    template = "id: drug:{slug}\ntype: Drug\nlabel: {slug}\n"
    (folder / "data" / "templates" / "drug.yaml").write_text(template, encoding="utf-8")
    return folder


@pytest.fixture
def cli(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SARCOMA_KG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for name in ("build", "check", "cite", "coverage", "export", "new", "query"):
        monkeypatch.setattr(sys.modules[f"kg.cli.{name}"], "find_shipped", lambda: Shipped(root))

    def call(*arguments: str) -> Outcome:
        code = run(app, arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


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


def test_bad_data_ends_with_1_and_a_line_a_problem(cli: Cli, tmp_path: Path) -> None:
    served = cli("build").out
    _write(tmp_path / "mine" / "a.yaml", "id: drug:a\ntype: Drug\nlable: a\n")
    _write(tmp_path / "mine" / "b.yaml", "id: [\n" + "x" * 300)
    for command in ("build", "check"):
        refused = cli(command, "--data", "mine")
        assert (refused.code, refused.out) == (1, "")
        first, *others = refused.err.splitlines()
        assert first.startswith("mine/a.yaml:3: ")
        assert "did you mean 'label'" in first
        assert all(line.startswith("mine/b.yaml:") for line in others)
    assert cli("version").out.splitlines()[2] == f"snapshot {served.strip()}"


def test_check_prints_the_counts_and_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    done = cli("check")
    assert done.code == 0
    assert done.err.startswith("data/studies/review/first.yaml:27: warning: ")
    rows = [line.split() for line in done.out.splitlines()]
    assert rows[0] == ["graph", "triples", "claims"]
    assert ["document-review", "37", "2"] in rows
    assert rows[-1][0] == "all"
    assert int(rows[-1][1]) == sum(int(row[1]) for row in rows[1:-1])
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_an_unusable_folder_of_records_is_wrong_usage(
    cli: Cli, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "empty").mkdir()
    done = cli("check", "--data", folder)
    assert done.code == 2
    assert done.err.startswith(f"sarcoma-kg: --data {folder}: the")


def test_a_wrong_setting_is_wrong_usage(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARCOMA_KG_HOEM", "x")
    for command in ("build", "check", "version"):
        done = cli(command)
        assert done.code == 2
        assert done.err == (
            "sarcoma-kg: SARCOMA_KG_HOEM in the environment is no setting of sarcoma-kg; "
            "did you mean SARCOMA_KG_HOME?\n"
        )


@pytest.mark.parametrize("arguments", [["--nonsense"], ["bild"], ["build", "--hom", "x"]])
def test_wrong_usage_ends_with_2(cli: Cli, arguments: list[str]) -> None:
    done = cli(*arguments)
    assert done.code == 2
    assert "Usage: sarcoma-kg" in done.err


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_of_every_command_teaches_by_two_examples(cli: Cli, command: str) -> None:
    done = cli(*filter(None, [command, "--help"]))
    assert done.code == 0
    examples = done.out.partition("Examples:\n")[2].splitlines()
    assert len(examples) == 2
    assert all(line.startswith("    sarcoma-kg ") for line in examples)
    assert "..." not in done.out.partition("Commands:")[2].partition("Settings")[0]
    assert "…" not in done.out


def test_the_main_help_documents_every_exit_code(cli: Cli) -> None:
    text = cli("--help").out
    for code in (*ExitCode, READER_GONE, 130):
        assert f"    {int(code):<4} " in text


def test_the_documentation_names_every_command_setting_and_exit_code() -> None:
    text = (Path(__file__).parent.parent / "docs" / "command-line.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"| `{command}` |" in text
    for code in (*ExitCode, READER_GONE, 130):
        assert f"| {int(code)} |" in text
    for name, field in Settings.model_fields.items():
        assert f"| `{PREFIX}{name.upper()}` |" in text
        assert str(field.description) in text


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
    assert len(rows) == 163 + 2
    assert cli("query", "ASK { ?x a :Study }", "-f", "csv").out == "true"
    _write(tmp_path / "question.rq", "CONSTRUCT { ?d a :Thing } { ?d a :Drug }")
    assert cli("query", "@question.rq", "-f", "ntriples").out == (
        "<https://w3id.org/sarcoma-kg/drug/examplicin> "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/sarcoma-kg/ontology/Thing> .\n"
    )


def test_query_sees_the_records_of_the_user(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path / "mine" / "a.yaml", "id: drug:a\ntype: Drug\nlabel: a\n")
    ask = "ASK { drug:a a :Drug }"
    assert cli("query", ask, "-f", "csv").out == "false"
    assert cli("query", ask, "-f", "csv", "--data", "mine").out == "true"


def test_the_default_graph_can_be_strict(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("query", "ASK { ?s ?p ?o }", "--default-graph", "strict").out.strip() == "false"
    monkeypatch.setenv("SARCOMA_KG_DEFAULT_GRAPH", "strict")
    assert cli("query", "ASK { ?s ?p ?o }").out.strip() == "false"
    assert cli("query", "ASK { ?s ?p ?o }", "--default-graph", "union").out.strip() == "true"


def test_a_query_can_come_from_standard_input(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _write(tmp_path / "question.rq", "ASK { ?x a :Study }")
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


def test_asking_with_own_records_changes_nothing_for_others(cli: Cli, tmp_path: Path) -> None:
    served = cli("build").out.strip()
    _write(tmp_path / "mine" / "a.yaml", "id: drug:a\ntype: Drug\nlabel: a\n")
    assert cli("query", "ASK { drug:a a :Drug }", "-f", "csv", "--data", "mine").out == "true"
    assert "drug:a a :Drug" in cli("export", "--data", "mine").out
    assert "drug:a a :Drug" not in cli("export").out
    assert cli("version").out.splitlines()[2] == f"snapshot {served}"


@pytest.mark.parametrize("command", ["build", "query", "export", "check"])
def test_an_empty_folder_name_is_refused(cli: Cli, command: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    for option in ("--data", "--home")[: 1 if command == "check" else 2]:
        done = cli(command, option, "")
        assert done.code == 2
        assert "give the path of a folder, or leave the flag out" in done.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_instead_of_a_folder_of_records_is_named(cli: Cli, tmp_path: Path) -> None:
    _write(tmp_path / "a.yaml", "id: drug:a\n")
    done = cli("check", "--data", "a.yaml")
    assert done.code == 2
    assert done.err == "sarcoma-kg: --data a.yaml: this is a file; give its folder\n"


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


def test_what_the_system_refuses_is_a_sentence_with_a_remedy(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    done = cli("export", "nowhere/graph.ttl")
    assert done.code == ExitCode.INPUT_OUTPUT
    assert done.err.startswith("sarcoma-kg: nowhere: no such file or directory; create it")
    (tmp_path / "file").touch()
    blocked = cli("build", "--home", "file")
    assert blocked.code == ExitCode.INPUT_OUTPUT
    assert blocked.err.startswith("sarcoma-kg: file: file exists; remove what is in the way")


NOTE = """\
<urn:note> a sh:NodeShape ; sh:targetClass :Drug ; sh:severity sh:Info ;
  sh:property [ sh:path rdfs:comment ; sh:minCount 1 ; sh:severity sh:Info ;
    sh:message "say more" ] .
"""


@pytest.mark.parametrize("command", ["build", "check"])
def test_own_problems_come_first_and_shipped_ones_are_counted(
    cli: Cli, root: Path, tmp_path: Path, command: str
) -> None:
    drug = "id: drug:a\ntype: Drug\nlabel: a\n"
    _write(tmp_path / "mine" / "a.yaml", drug)
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


def _prefixes(turtle: str) -> str:
    return "".join(f"{line}\n" for line in turtle.splitlines() if line.startswith("@prefix"))


def test_what_is_not_there_ends_with_3(cli: Cli) -> None:
    missing = cli("export", "x.ttl")
    assert missing.code == 3
    assert "make one with sarcoma-kg build" in missing.err
    cli("build")
    for arguments in (
        ["export", "--snapshot", "zz"],
        ["query", "ASK {}", "--snapshot", "zz"],
        ["export", "--graph", "ontologi"],
    ):
        assert cli(*arguments).code == 3


def test_export_writes_a_file_by_its_extension(cli: Cli, tmp_path: Path) -> None:
    identifier = cli("build").out.strip()
    assert cli("export", "graph.nq").code == 0
    content = (tmp_path / "graph.nq").read_bytes()
    assert hashlib.sha256(content).hexdigest() == identifier
    assert cli("export", "--format", "nquads", "--snapshot", identifier[:8]).out.encode() == content
    assert cli("export", "--output", "graph.nq").code == 0
    assert (tmp_path / "graph.nq").read_bytes() == content
    assert cli("export", "graph.nonsense").code == 2
    assert cli("export", "graph.nq", "--output", "graph.nq").code == 2
    assert sorted(path.name for path in tmp_path.glob("*graph*")) == ["graph.nq"]


def test_export_selects_graphs_and_declares_their_prefixes(cli: Cli) -> None:
    cli("build")
    text = cli("export", "--graph", "vocabulary-targets").out
    assert "target:kit a :MolecularTarget ;" in text
    assert "examplinib" not in text


def test_new_writes_a_record_that_passes(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "drug", "my-drug").out.startswith("id: drug:my-drug\n")
    done = cli("new", "drug", "my-drug", "--output", "mine/my-drug.yaml")
    assert done.code == 0
    assert "sarcoma-kg check --data mine" in done.err
    assert cli("check", "--data", "mine").code == 0
    again = cli("new", "drug", "my-drug", "--output", "mine/my-drug.yaml")
    assert again.code == 2
    assert "is there already" in again.err


def test_the_help_of_new_lists_the_kinds(cli: Cli) -> None:
    kinds = find_kinds(find_shipped().data / "templates")
    assert f"{', '.join(kinds[:-1])} or {kinds[-1]}" == KINDS
    assert KINDS in " ".join(cli("new", "--help").out.split())


@pytest.mark.parametrize("arguments", [["drugg", "x"], ["drug", "My Drug"]])
def test_new_refuses_unknown_kinds_and_ill_formed_slugs(cli: Cli, arguments: list[str]) -> None:
    done = cli("new", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_cite_checks_the_passages_of_records(cli: Cli, tmp_path: Path) -> None:
    unchecked = cli("cite", "--check")
    assert unchecked.code == 3
    assert "not checked" in unchecked.out
    assert "passed" not in unchecked.out
    (tmp_path / "texts").mkdir()
    assert cli("cite", "--check", "--documents", "texts").code == 3
    assert cli("cite").code == 2
    assert cli("cite", "nothing", "words", "--documents", "texts").code == 3


def test_coverage_tells_what_no_record_accounts_for(cli: Cli, root: Path, tmp_path: Path) -> None:
    text = "Nine men rested well.\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "texts").mkdir()
    assert cli("coverage").code == ExitCode.NOT_FOUND
    describe(root, digest)
    unread = cli("coverage", "--documents", "texts")
    assert (unread.code, unread.out) == (ExitCode.NOT_FOUND, ""), unread.err
    assert "not checked: no documents" in unread.err
    (tmp_path / "texts" / "a").write_text(text, encoding="utf-8")
    done = cli("coverage", "--documents", "texts", "--uncovered")
    assert done.code == ExitCode.REFUSED
    assert "review line 1: Nine men rested...\n" in done.out
    assert "review line 1: the number Nine is in no record that covers it\n" in done.out
    assert "well" not in done.out
    content = json.loads(cli("coverage", "--documents", "texts", "--format", "json").out)
    assert [one["uncovered"] for one in content["documents"]] == [17]


def describe(root: Path, digest: str) -> None:
    context = root / "ontology" / "context.jsonld"
    keys = context.read_text(encoding="utf-8")
    key = '"inDocument":'
    context.write_text(keys.replace(key, '"textSha256": {"@id": "textSha256"},' + key), "utf-8")
    terms = root / "ontology" / "sarcoma.ttl"
    declared = "\n<https://w3id.org/sarcoma-kg/ontology/textSha256> a owl:DatatypeProperty .\n"
    terms.write_text(terms.read_text(encoding="utf-8") + declared, "utf-8")
    record = f"id: document:review\ntype: SourceDocument\nlabel: A review\ntextSha256: {digest}\n"
    (root / "data" / "documents" / "review.yaml").write_text(record, encoding="utf-8")
    shutil.rmtree(root / "data" / "studies")  # its claims cite another text


def test_an_unexpected_error_is_reported_as_ours(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Shipped:
        raise KeyError("surprise")

    monkeypatch.setattr(sys.modules["kg.cli.build"], "find_shipped", fail)
    done = cli("build")
    assert done.code == ExitCode.INTERNAL
    assert "Traceback" in done.err
    assert done.err.endswith("please report it with the lines above\n")


def _start(
    root: Path, home: Path, *arguments: str, unbuffered: bool = False
) -> subprocess.Popen[bytes]:
    command = [sys.executable, *(["-u"] if unbuffered else []), "-c", MAIN, str(root), *arguments]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SARCOMA_KG_HOME": str(home),
    }
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.fixture
def large(cli: Cli, root: Path) -> str:
    """The id of a snapshot that no pipe holds at once."""
    text = "".join(f"- id: drug:d{n}\n  type: Drug\n  label: drug {n}\n" for n in range(1000))
    _write(root / "data" / "vocabularies" / "many.yaml", text)
    return cli("build").out.strip()


@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_large_answer_is_written_whole(
    large: str, root: Path, tmp_path: Path, unbuffered: bool
) -> None:
    arguments = ("export", "--format", "nquads")
    process = _start(root, tmp_path / "home", *arguments, unbuffered=unbuffered)
    written, _ = process.communicate(timeout=30)
    assert len(written) > 2**18
    assert hashlib.sha256(written).hexdigest() == large


@pytest.mark.usefixtures("large")
def test_a_reader_that_goes_away_is_no_error(root: Path, tmp_path: Path) -> None:
    process = _start(root, tmp_path / "home", "export", "--format", "nquads")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == READER_GONE
    assert errors == b""


def test_a_runaway_query_ends_at_ctrl_c(cli: Cli, root: Path, tmp_path: Path) -> None:
    cli("build")
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    process = _start(root, tmp_path / "home", "query", endless)
    time.sleep(1.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    assert process.returncode in (-signal.SIGINT, 130)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(TypeError), opened_output(path) as output:
        output.writelines([b"new", "half-way"])  # type: ignore[list-item]
    assert path.read_text(encoding="utf-8") == "old"
    with opened_output(path) as output:
        output.write(b"new")
    assert path.read_text(encoding="utf-8") == "new"
    assert [found.name for found in tmp_path.iterdir()] == ["graph.nq"]
