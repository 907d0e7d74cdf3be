"""The journal: entries in their order, whole or not there, and an error that names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.change import Change
from kg.journal import (
    JournalDamagedError,
    append,
    count_entries,
    drop_last,
    make_entry,
    read_journal,
    remove_unfinished,
)

ONE = Change(added=(b"<e:a> <e:b> <e:c> .",))
TWO = Change(removed=(b"<e:a> <e:b> <e:c> .",), created_graphs=("e:g",))


def test_entries_are_read_in_their_order_with_their_gate(tmp_path: Path) -> None:
    assert read_journal(tmp_path) == ()
    append(tmp_path, ONE)
    append(tmp_path, TWO, gated=False)
    first, second = read_journal(tmp_path)
    assert (first.number, first.name, first.is_gated) == (1, "journal/00000001.patch", True)
    assert (second.number, second.is_gated) == (2, False)
    assert (first.change, second.change) == (ONE, TWO)
    assert first.path.read_text().splitlines()[:2] == ['H gate "passed" .', "TX ."]
    assert first.path.stat().st_mode & 0o777 == 0o644


def test_the_same_change_makes_the_same_file(tmp_path: Path) -> None:
    entry = append(tmp_path, ONE)
    assert make_entry(tmp_path, 1, ONE, gated=True).digest == entry.digest
    assert make_entry(tmp_path, 1, ONE, gated=False).digest != entry.digest


@pytest.mark.parametrize("keep", [0, 10, -1, -5, -6])
def test_an_entry_that_was_cut_off_is_named_with_its_line(tmp_path: Path, keep: int) -> None:
    append(tmp_path, ONE)
    path = append(tmp_path, TWO).path
    path.write_bytes(path.read_bytes()[:keep])
    entries = read_journal(tmp_path)
    assert entries[0].change == ONE
    with pytest.raises(JournalDamagedError, match=r"00000002\.patch:\d+: this entry .* damaged"):
        _ = entries[1].change


def test_an_entry_that_is_gone_is_named(tmp_path: Path) -> None:
    for change in (ONE, TWO, ONE):
        append(tmp_path, change)
    (tmp_path / "journal" / "00000002.patch").unlink()
    for read in (read_journal, count_entries):
        with pytest.raises(JournalDamagedError, match=r"00000002\.patch: this entry .* is gone"):
            read(tmp_path)
    assert drop_last(tmp_path) == "journal/00000003.patch"
    assert count_entries(tmp_path) == 1


def test_what_a_dead_writer_left_does_not_count(tmp_path: Path) -> None:
    append(tmp_path, ONE)
    folder = tmp_path / "journal"
    (folder / ".entry-dead").write_text("TX .")
    (folder / "notes.txt").write_text("mine")
    assert count_entries(tmp_path) == 1
    remove_unfinished(tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["00000001.patch", "notes.txt"]


def test_an_entry_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path, __: object) -> None:
        raise OSError(28, "no space left")

    append(tmp_path, ONE)
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="no space left"):
        append(tmp_path, TWO)
    assert [path.name for path in (tmp_path / "journal").iterdir()] == ["00000001.patch"]


def test_the_last_entry_can_be_dropped_until_none_is_left(tmp_path: Path) -> None:
    append(tmp_path, ONE).path.write_text("damaged")
    assert drop_last(tmp_path) == "journal/00000001.patch"
    assert drop_last(tmp_path) is None
    assert append(tmp_path, TWO).number == 1
