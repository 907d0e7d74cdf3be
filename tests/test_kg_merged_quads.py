"""Sorted files merge into one, and none is taken that is not what it should be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.merged_quads import ChangedFileError, SortedFile, merge_quads
from kg.statement_limits import LONGEST_STATEMENT, StatementError


def _file(path: Path, content: bytes) -> SortedFile:
    path.write_bytes(content)
    return SortedFile(path, hashlib.sha256(content).hexdigest())


def _lines(graph: str, numbers: set[int]) -> bytes:
    return b"".join(sorted(f'<e:s> <e:p> "{each}" <e:{graph}> .\n'.encode() for each in numbers))


NUMBERS = st.sets(st.integers(0, 40), max_size=12)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_merging_gives_the_sorted_lines_and_their_digest(
    tmp_path_factory: pytest.TempPathFactory, own: set[int], one: set[int], two: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    parts = [_lines("own", own), _lines("one", one), _lines("two", two)]
    files = [_file(folder / f"{i}.nq", part) for i, part in enumerate(parts[1:])]
    digest = merge_quads(parts[0], files, folder / "all.nq")
    written = (folder / "all.nq").read_bytes()
    assert written == b"".join(sorted(b"".join(parts).splitlines(keepends=True)))
    assert digest == hashlib.sha256(written).hexdigest()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.nq", _lines("a", {1, 2}))
    file.path.write_bytes(_lines("a", {1, 3}))
    with pytest.raises(ChangedFileError, match=r"a\.nq: this is not what was imported; import it"):
        merge_quads(b"", [file], tmp_path / "all.nq")


def test_a_statement_that_no_reader_takes_is_refused(tmp_path: Path) -> None:
    long = b'<e:s> <e:p> "' + b"x" * LONGEST_STATEMENT + b'" <e:g> .\n'
    with pytest.raises(StatementError, match="at most"):
        merge_quads(b"", [_file(tmp_path / "a.nq", long)], tmp_path / "all.nq")
