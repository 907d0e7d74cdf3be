from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.document_texts import read_texts


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_texts_are_found_by_digest_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "some name").write_bytes("é\r\nb\n".encode())
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "two.bin").write_bytes(b"two")
    wanted = {"b": sha256(b"two"), "a": sha256("é\r\nb\n".encode()).upper(), "c": sha256(b"c")}
    assert read_texts(tmp_path, wanted) == {"b": "two", "a": "é\r\nb\n"}


def test_documents_of_the_same_text_are_all_found(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"two")
    assert read_texts(tmp_path, {"a": sha256(b"two"), "b": sha256(b"two")}) == {
        "a": "two",
        "b": "two",
    }


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00")
    assert read_texts(tmp_path, {"a": sha256(b"two")}) == {}


def test_a_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match="latin is not UTF-8"):
        read_texts(tmp_path, {"a": sha256(b"caf\xe9")})


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        read_texts(tmp_path / "none", {})
