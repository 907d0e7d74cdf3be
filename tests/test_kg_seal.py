"""A seal tells that a file is as it was when it was found whole, and that it is not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kg import file_digests
from kg.file_digests import FileDigests
from kg.quad_lines import sha256_of
from kg.seal import SEAL_FILE, is_sealed, seal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.nq"
    path.write_bytes(b"<e:a> <e:b> <e:c> .\n")
    return path


def test_a_seal_holds_for_its_file_and_digest(data: Path) -> None:
    assert not is_sealed(data, "a")
    seal(data, "a")
    assert is_sealed(data, "a")
    assert not is_sealed(data, "b")


def test_a_seal_breaks_with_any_change(data: Path, tmp_path: Path) -> None:
    changes = (
        lambda: data.write_bytes(b"<e:a> <e:b> <e:d> .\n"),
        lambda: os.utime(data, ns=(0, 0)),
        lambda: data.write_bytes(data.read_bytes()[:-1]),
        lambda: data.rename(tmp_path / "old").replace(data) and data.write_bytes(b""),
        data.unlink,
    )
    for change in changes:
        seal(data, "a")
        change()
        assert not is_sealed(data, "a")


def test_a_damaged_seal_says_nothing(data: Path) -> None:
    seal(data, "a")
    data.with_name(SEAL_FILE).write_text("{", encoding="utf-8")
    assert not is_sealed(data, "a")


def test_a_digest_is_remembered_until_the_file_changes(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counting(path: Path) -> str:
        read.append(path)
        return sha256_of(path)

    monkeypatch.setattr(file_digests, "_SMALL", 0)
    monkeypatch.setattr(file_digests, "sha256_of", counting)
    digests, long_ago = FileDigests(tmp_path / "home" / "digests.json"), time.time() - 60
    digests(data)
    assert digests(data) == sha256_of(data)
    assert len(read) == 2, "a file that changed just now is read again"
    os.utime(data, (long_ago, long_ago))
    first = digests(data)
    assert (digests(data), len(read)) == (first, 3)
    data.write_bytes(b"<e:a> <e:b> <e:d> .\n")
    os.utime(data, (long_ago + 1, long_ago + 1))
    assert digests(data) == sha256_of(data) != first
    (tmp_path / "home" / "digests.json").write_text("[]", encoding="utf-8")
    assert digests(data) == sha256_of(data)
