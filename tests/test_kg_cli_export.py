"""Exporting from the command line: files by their extension, graphs of one's choice."""

from __future__ import annotations

import hashlib
from pathlib import Path

from command_lines import Cli


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
