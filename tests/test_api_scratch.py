from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from api.scratch import copy_database, scratch_folder

P = NamedNode("urn:p")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("is_logged", [True, False], ids=["in the log", "in tables"])
def test_a_copy_holds_all_and_may_be_changed(tmp_path: Path, is_logged: bool) -> None:
    store = Store(str(tmp_path / "database"))
    quads = [Quad(P, P, Literal(number)) for number in range(1000)]
    if is_logged:
        store.extend(quads)
    else:
        store.bulk_extend(quads)
        store.flush()
    del store
    before = digests(tmp_path / "database")
    copy = Store(str(copy_database(tmp_path / "database", tmp_path / "copy")))
    assert len(copy) == 1000
    copy.clear()
    copy.flush()
    copy.optimize()
    del copy
    assert len(Store(str(tmp_path / "copy"))) == 0
    assert digests(tmp_path / "database") == before
    assert len(Store.read_only(str(tmp_path / "database"))) == 1000


def test_a_copy_is_made_where_links_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    store = Store(str(tmp_path / "database"))
    store.bulk_extend([Quad(P, P, P)])
    store.flush()
    del store
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert len(Store(str(copy_database(tmp_path / "database", tmp_path / "copy")))) == 1


def test_a_folder_is_gone_after_use_and_so_are_those_of_the_dead(tmp_path: Path) -> None:
    abandoned = tmp_path / ".scratch-abandoned"
    abandoned.mkdir()
    (abandoned / "database").write_text("left by a server that was killed")
    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        assert not abandoned.exists()
        assert first.is_dir()
        assert second.is_dir()
        assert first != second
    assert not list(tmp_path.iterdir())
