"""What the graphs of a snapshot share is read as it was written, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.merges_file import read_merges, write_merges
from kg.merging import NO_MERGES, Merges


@pytest.mark.parametrize(
    "merges", [NO_MERGES, Merges(frozenset([frozenset(["", "e:ä"]), frozenset(["e:a", "e:b"])]))]
)
def test_what_is_written_is_read(tmp_path: Path, merges: Merges) -> None:
    write_merges(tmp_path / "merges.json", merges)
    assert read_merges(tmp_path / "merges.json") == merges


@pytest.mark.parametrize("text", ["", "{}", '{"shared": 1}', '{"shared": [1]}', "\xff"])
def test_what_is_damaged_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "merges.json").write_bytes(text.encode("latin-1"))
    assert read_merges(tmp_path / "merges.json") is None


def test_where_there_is_no_file_nothing_is_known(tmp_path: Path) -> None:
    assert read_merges(tmp_path / "merges.json") is None
