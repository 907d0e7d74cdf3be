"""The server's own queries are those of the version that runs, whatever is installed meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import canned
from api.canned import read_canned


def test_queries_are_read_when_the_package_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = read_canned("void-classes")
    monkeypatch.setattr(canned, "_FOLDER", tmp_path)
    assert read_canned("void-classes") == before
    with pytest.raises(KeyError):
        read_canned("nothing")
