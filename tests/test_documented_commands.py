"""Every command line of the documentation is one that the command line accepts."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
from miniature import MINIATURE
from typer.core import TyperGroup

import api.command_line  # noqa: F401 - it adds serve
from kg.cli import app, run
from kg.shipped import Shipped
from kg.snapshot import find_current

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCED = re.compile(r"^```.*?$(.*?)^```", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(?:.*(?:&&|[^|]\|) |\$ )?(sarcoma-kg [a-z].*)$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`(sarcoma-kg [a-z][^`]*)`(?!`)")
_ENDS = {"|", "||", "&&", ";", ">", ">>", "&"}


def documented(text: str) -> Iterator[list[str]]:
    """Give the arguments of each command line in a page, from blocks and from within sentences."""
    for block in _FENCED.findall(text):
        for line in _LINE.findall(block):
            yield _arguments(line)
    for line in _INLINE.findall(_FENCED.sub("", text)):
        yield _arguments(line)


def _arguments(line: str) -> list[str]:
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    found = list(words)[1:]
    end = next((place for place, word in enumerate(found) if word in _ENDS), len(found))
    return found[:end]


def is_accepted(arguments: list[str]) -> bool:
    """Tell whether a command line is accepted; a command by its name alone always is."""
    parsed = typer.main.get_command(app)
    assert isinstance(parsed, TyperGroup)
    for command in parsed.commands.values():
        command.callback = lambda **_: None
    if len(arguments) == 1:
        return arguments[0] in parsed.commands
    with pytest.raises(SystemExit) as ended:
        parsed(args=arguments)
    return not ended.value.code


FOUND = [(page.name, each) for page in PAGES for each in documented(page.read_text("utf-8"))]


@pytest.mark.parametrize(("page", "arguments"), FOUND)
def test_a_documented_command_is_accepted(
    page: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert is_accepted(arguments), f"{page}: sarcoma-kg {shlex.join(arguments)}"


def test_the_commands_of_the_pages_are_found() -> None:
    pages = {page for page, _ in FOUND}
    assert {"README.md", "command-line.md", "records.md", "coverage.md"} <= pages
    assert ("README.md", ["export", "--format", "turtle", "--output", "sarcoma.ttl"]) in FOUND
    text = "```\na && sarcoma-kg serve --port x | y\n```\n`sarcoma-kg new a\nb --output c`"
    assert list(documented(text)) == [
        ["serve", "--port", "x"],
        ["new", "a", "b", "--output", "c"],
    ]


@pytest.mark.parametrize(
    "arguments", [["bild"], ["export", "--outputt", "x"], ["serve", "--port", "x"], ["new", "drug"]]
)
def test_what_is_not_accepted_is_told(arguments: list[str]) -> None:
    assert not is_accepted(arguments)


def test_the_commands_of_the_readme_without_a_server_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = Shipped(Path(shutil.copytree(MINIATURE, tmp_path / "shipped")))
    for name in ("query", "export"):
        monkeypatch.setattr(import_module(f"kg.cli.{name}"), "find_shipped", lambda: shipped)
    monkeypatch.setenv("SARCOMA_KG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for page, arguments in FOUND:
        if page == "README.md" and arguments[0] in ("query", "export"):
            assert run(app, arguments) == 0, capsys.readouterr().err
    assert find_current(tmp_path / "home") is not None
    assert (tmp_path / "sarcoma.ttl").read_text("utf-8").startswith("@prefix")


def test_no_short_help_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app, ["--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:")[2].partition("Settings")[0]
    assert "serve" in listed
    assert "..." not in listed


def test_the_table_of_commands_has_each_of_them() -> None:
    parsed = typer.main.get_command(app)
    assert isinstance(parsed, TyperGroup)
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE)) >= {*parsed.commands}
