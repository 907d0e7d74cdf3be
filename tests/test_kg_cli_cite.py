"""Passages from the command line: without texts, nothing passes as checked."""

from __future__ import annotations

from pathlib import Path

from command_lines import Cli


def test_cite_checks_the_passages_of_records(cli: Cli, tmp_path: Path) -> None:
    unchecked = cli("cite", "--check")
    assert unchecked.code == 3
    assert "not checked" in unchecked.out
    assert "passed" not in unchecked.out
    (tmp_path / "texts").mkdir()
    assert cli("cite", "--check", "--documents", "texts").code == 3
    assert cli("cite").code == 2
    assert cli("cite", "nothing", "words", "--documents", "texts").code == 3
