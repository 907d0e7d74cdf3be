"""Files that are written to while they are read: nothing of what they held meanwhile stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.base import FilesBase
from kg.building import build
from kg.file_digests import FileDigests
from kg.importing.runs import Run, write_run
from kg.problem import Refused
from kg.snapshot import find_current

LINES = "".join(f"<e:s{n:05}> <e:p> <e:o> <e:g> .\n" for n in range(2000))
OTHERS = LINES.replace("<e:o>", "<e:x>")


class _DiedError(Exception):
    pass


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph_runs.RUN_BYTES", 10_000)
    monkeypatch.setattr("kg.normal_lines._CHUNK", 1_000)


def test_what_was_sorted_of_a_file_is_forgotten_once_it_was_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, home, written = tmp_path / "file.nq", tmp_path / "home", list[Run]()
    file.write_text(LINES)

    def write_over_and_die(folder: Path, number: int, lines: list[bytes]) -> Run:
        if len(written) == 4:
            raise _DiedError
        written.append(write_run(folder, number, lines))
        file.write_text(OTHERS)
        return written[-1]

    base = FilesBase.of([file])
    with monkeypatch.context() as dying:
        dying.setattr("kg.graph_runs.write_run", write_over_and_die)
        with pytest.raises(_DiedError):
            build(base, home)
    file.write_text(LINES)
    assert build(base, home).nquads.read_text() == LINES


def test_a_file_that_is_written_to_and_restored_gives_no_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, home = tmp_path / "file.nq", tmp_path / "home"
    file.write_text(LINES)

    def write_over(folder: Path, number: int, lines: list[bytes]) -> Run:
        file.write_text(OTHERS)
        file.write_text(LINES)
        return write_run(folder, number, lines)

    base = FilesBase.of([file])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("kg.graph_runs.write_run", write_over)
        with pytest.raises(OSError, match=r"file\.nq.* while it was read; start again"):
            build(base, home)
    assert find_current(base.home(home)) is None
    assert build(base, home).nquads.read_text() == LINES


def test_what_is_wrong_with_one_file_is_not_told_of_the_next(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.nq", tmp_path / "good.nq"
    bad.write_text(LINES + "<e:s> .\n")
    good.write_text("".join(f'<e:s{n}> <e:p> "text {n}" <e:g> .\n' for n in range(2000)))
    with pytest.raises(Refused) as refused:
        build(FilesBase.of([bad, good]), tmp_path / "home")
    assert [problem.place.file for problem in refused.value.problems] == [str(bad)]


def test_a_change_that_keeps_time_and_size_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.file_digests._SMALL", 0)
    monkeypatch.setattr("kg.file_digests._SETTLED", 0)
    file, digests = tmp_path / "file", FileDigests(tmp_path / "digests.json")
    file.write_text("one")
    before, first = file.stat(), digests(file)
    assert digests(file) == first
    file.write_text("two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert digests(file) != first
