"""The files that an import reads, and the runs that it writes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.importing import runs
from kg.importing.runs import is_whole, merge_runs, write_run
from kg.importing.source_files import (
    UnreadableFilesError,
    changed_files,
    digest_files,
    find_files,
)
from kg.problem import Refused


def test_a_folder_gives_its_files_of_the_endings_sorted(tmp_path: Path) -> None:
    for name in ("b.json", "a.JSON", "deep/c.json.gz", "no.txt", ".hidden.json", ".git/d.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    found = find_files([tmp_path], [".json"])
    assert [file.name for file in found] == ["a.JSON", "b.json", "deep/c.json.gz"]
    named = find_files([tmp_path / "no.txt", tmp_path, tmp_path / "b.json"], [".json"])
    assert [file.name for file in named] == ["a.JSON", "b.json", "deep/c.json.gz", "no.txt"]
    assert digest_files(found)["b.json"] == hashlib.sha256(b"b.json").hexdigest()


def test_the_order_of_the_words_of_a_command_does_not_count(tmp_path: Path) -> None:
    paths = []
    for name in ("one/a.json", "two/a.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(name)
        paths.append(tmp_path / name)
    found = find_files(paths, [".json"])
    assert [file.name for file in found] == ["a.json", "a.json (1)"]
    assert find_files(paths[::-1], [".json"]) == found


def test_paths_without_files_are_each_a_sentence(tmp_path: Path) -> None:
    folder, gone = tmp_path / "empty", tmp_path / "gone.json"
    folder.mkdir()
    with pytest.raises(Refused) as refused:
        find_files([folder], [".json", ".zip"])
    assert str(refused.value) == (
        f"{folder}: no file in this folder ends in .json, .zip; name the files themselves"
    )
    with pytest.raises(UnreadableFilesError) as unreadable:
        find_files([folder, gone, tmp_path / "lost"], [".json", ".zip"])
    assert str(unreadable.value).splitlines() == [
        f"{gone}: cannot be read: no such file or directory",
        f"{tmp_path}/lost: cannot be read: no such file or directory",
    ]


def test_a_file_that_changed_or_went_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("a")
    found = find_files([path], [".json"])
    assert changed_files(found) == ()
    path.write_text("ab")
    assert changed_files(found) == found
    path.unlink()
    assert changed_files(found) == found


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=3).map(lambda each: each.hex().encode() + b"\n"))))
def test_merged_runs_are_all_lines_sorted_once(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    written = [write_run(folder, number, lines) for number, lines in enumerate(parts)]
    assert all(is_whole(folder, run) for run in written)
    merged = merge_runs(folder, written, folder / "all")
    wanted = sorted({line for lines in parts for line in lines})
    content = (folder / "all").read_bytes()
    assert content == b"".join(wanted)
    assert (merged.lines, merged.digest) == (len(wanted), hashlib.sha256(content).hexdigest())


def test_more_runs_than_files_may_be_open_are_merged_in_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_FAN_IN", 3)
    written = [write_run(tmp_path, number, [b"%02d\n" % number]) for number in range(20)]
    merge_runs(tmp_path, written, tmp_path / "all")
    assert (tmp_path / "all").read_text() == "".join(f"{number:02}\n" for number in range(20))


def test_a_run_that_was_changed_is_not_whole(tmp_path: Path) -> None:
    run = write_run(tmp_path, 0, [b"a\n"])
    (tmp_path / run.name).write_bytes(b"b\n")
    assert not is_whole(tmp_path, run)
    (tmp_path / run.name).unlink()
    assert not is_whole(tmp_path, run)
