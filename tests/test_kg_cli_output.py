"""Output of the command line: written whole, or to nobody, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from command_lines import Cli, start_sarcoma_kg
from miniature import write

from kg.cli.output import READER_GONE, opened_output


@pytest.fixture
def large(cli: Cli, root: Path) -> str:
    """The id of a snapshot that no pipe holds at once."""
    text = "".join(f"- id: drug:d{n}\n  type: Drug\n  label: drug {n}\n" for n in range(1000))
    write(root / "data" / "vocabularies" / "many.yaml", text)
    return cli("build").out.strip()


@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_large_answer_is_written_whole(
    large: str, root: Path, tmp_path: Path, unbuffered: bool
) -> None:
    arguments = ("export", "--format", "nquads")
    process = start_sarcoma_kg(root, tmp_path / "home", *arguments, unbuffered=unbuffered)
    written, _ = process.communicate(timeout=30)
    assert len(written) > 2**18
    assert hashlib.sha256(written).hexdigest() == large


@pytest.mark.usefixtures("large")
def test_a_reader_that_goes_away_is_no_error(root: Path, tmp_path: Path) -> None:
    process = start_sarcoma_kg(root, tmp_path / "home", "export", "--format", "nquads")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == READER_GONE
    assert errors == b""


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
