"""Which graphs share triples is read where it was noted, and found where it was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.merges_file import MERGES_FILE, write_merges
from kg.merging import Merges
from kg.shared_triples import read_shared

LINES = b"<e:a> <e:b> <e:c> <e:g> .\n<e:a> <e:b> <e:c> <e:h> .\n"


@pytest.fixture
def nquads(tmp_path: Path) -> Path:
    path = tmp_path / "data.nq"
    path.write_bytes(LINES)
    return path


def test_without_a_note_the_lines_are_read(nquads: Path) -> None:
    assert read_shared(nquads) == {frozenset({"e:g", "e:h"})}


def test_a_note_is_taken_without_reading_the_lines(nquads: Path) -> None:
    noted = frozenset({frozenset({"e:noted", "e:other"})})
    write_merges(nquads.with_name(MERGES_FILE), Merges(noted))
    nquads.unlink()
    assert read_shared(nquads) == noted
