"""The command line as a whole: usage, help, documentation, and errors of every command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command_lines import COMMANDS, Cli

from kg.cli import ExitCode
from kg.cli.output import READER_GONE
from kg.settings import PREFIX, Settings
from kg.shipped import Shipped


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


def test_what_the_system_refuses_is_a_sentence_with_a_remedy(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    done = cli("export", "nowhere/graph.ttl")
    assert done.code == ExitCode.INPUT_OUTPUT
    assert done.err.startswith("sarcoma-kg: nowhere: no such file or directory; create it")
    (tmp_path / "file").touch()
    blocked = cli("build", "--home", "file")
    assert blocked.code == ExitCode.INPUT_OUTPUT
    assert blocked.err.startswith("sarcoma-kg: file: file exists; remove what is in the way")


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


def test_an_unexpected_error_is_reported_as_ours(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Shipped:
        raise KeyError("surprise")

    monkeypatch.setattr(sys.modules["kg.cli.build"], "find_shipped", fail)
    done = cli("build")
    assert done.code == ExitCode.INTERNAL
    assert "Traceback" in done.err
    assert done.err.endswith("please report it with the lines above\n")
