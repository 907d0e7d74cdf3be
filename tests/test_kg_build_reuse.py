"""Building again: snapshots are taken up when inputs are the same, and whole, and only then."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from builds import assert_whole
from miniature import MINIATURE, OWN_DRUG, replace, write

from kg.build import InputsChangedError, build
from kg.progress import Silence
from kg.shipped import Shipped
from kg.snapshot import find_current, find_snapshots, get_current


def test_unchanged_inputs_are_not_built_again(home: Path) -> None:
    first = build(Shipped(MINIATURE), home)
    before = (first.directory / "manifest.json").stat()
    started = time.perf_counter()
    assert build(Shipped(MINIATURE), home).id == first.id
    assert time.perf_counter() - started < 0.5
    after = (first.directory / "manifest.json").stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns > before.st_mtime_ns


def test_a_snapshot_of_earlier_inputs_is_taken_up_again(root: Path, home: Path) -> None:
    first = build(Shipped(root), home)
    mine = write(root / "mine" / "drug.yaml", OWN_DRUG)
    assert build(Shipped(root), home, overlay=mine).id != first.id
    before = (first.directory / "manifest.json").stat()
    assert build(Shipped(root), home).id == first.id == get_current(home).id
    after = (first.directory / "manifest.json").stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns > before.st_mtime_ns


@pytest.mark.parametrize(
    "damaged", ["data.nq", "database/CURRENT", "manifest.json", "database/*.sst"]
)
@pytest.mark.parametrize("is_current", [True, False])
def test_a_damaged_snapshot_is_not_taken_up_again(
    root: Path, home: Path, damaged: str, is_current: bool
) -> None:
    first = build(Shipped(root), home)
    if not is_current:
        build(Shipped(root), home, overlay=write(root / "mine" / "drug.yaml", OWN_DRUG))
    paths = [*first.directory.glob(damaged)]
    assert paths
    for path in paths:
        os.truncate(path, path.stat().st_size // 2)
    again = build(Shipped(root), home)
    assert again.id == first.id == get_current(home).id
    assert_whole(get_current(home))


def test_a_snapshot_can_be_built_without_being_served(root: Path, home: Path) -> None:
    first = build(Shipped(root), home)
    mine = write(root / "mine" / "drug.yaml", OWN_DRUG)
    second = build(Shipped(root), home, overlay=mine, as_current=False)
    assert_whole(second)
    assert get_current(home).id == first.id
    assert build(Shipped(root), home, overlay=mine, as_current=False).id == second.id
    assert get_current(home).id == first.id
    assert build(Shipped(root), home, overlay=mine).id == second.id == get_current(home).id


def test_the_snapshot_that_was_current_is_no_first_victim(root: Path, home: Path) -> None:
    mine = root / "mine" / "drug.yaml"
    first = build(Shipped(root), home)
    for number in range(2):
        build(
            Shipped(root),
            home,
            overlay=write(mine, f"{OWN_DRUG}# {number}\n".replace("new", f"n{number}")),
        )
    build(Shipped(root), home)
    build(Shipped(root), home, overlay=write(mine, OWN_DRUG))
    assert first.id in [each.id for each in find_snapshots(home)]


class Meddler(Silence):
    """A listener that changes a file in the middle of a build, a number of times."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.times, self.original = path, times, path.read_text(encoding="utf-8")

    def start(self, stage: str, total: int | None = None) -> None:
        """Write a version that no digest was taken of."""
        if stage == "Reading the records" and self.times:
            self.times -= 1
            text = self.original.replace("label: ex", f"label: {self.times} ex", 1)
            assert text != self.original
            self.path.write_text(text, encoding="utf-8")


def test_a_file_that_changes_meanwhile_is_read_again(root: Path, home: Path) -> None:
    meddler = Meddler(root / "data/vocabularies/drugs.yaml", 1)
    changed = build(Shipped(root), home, progress=meddler)
    assert b"0 examplinib" in changed.nquads.read_bytes()
    meddler.path.write_text(meddler.original, encoding="utf-8")
    first = build(Shipped(root), home)
    assert first.id != changed.id
    assert b"0 examplinib" not in first.nquads.read_bytes()


def test_files_that_always_change_are_refused(root: Path, home: Path) -> None:
    with pytest.raises(InputsChangedError, match="build again when nobody writes them"):
        build(Shipped(root), home, progress=Meddler(root / "data/vocabularies/drugs.yaml", 3))
    assert find_current(home) is None


def test_a_change_that_says_nothing_new_keeps_the_id_and_renews_the_manifest(
    root: Path, home: Path
) -> None:
    first = build(Shipped(root), home)
    replace(
        root / "data/vocabularies/drugs.yaml", "- id: drug:exampli", "# note\n- id: drug:exampli"
    )
    second = build(Shipped(root), home)
    assert second.id == first.id
    assert second.manifest.inputs.digest != first.manifest.inputs.digest
    assert_whole(get_current(home))
    assert get_current(home).manifest == second.manifest
