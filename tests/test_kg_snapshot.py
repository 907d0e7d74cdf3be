"""Snapshots: found by id, whole or replaced, few kept, and the current one never removed."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.beside import remove_leftovers
from kg.inputs import Inputs
from kg.manifest import GraphCounts, Manifest, Validation
from kg.nquads import canonical_quads, snapshot_id
from kg.snapshot import (
    KEPT,
    Snapshot,
    SnapshotDamagedError,
    SnapshotMissing,
    find_current,
    find_snapshots,
    get_current,
    get_snapshot,
    hold,
    is_sound,
    make_current,
    open_database,
    write_snapshot,
)

NODE = NamedNode("http://e.org/a")


def _quads(number: int) -> bytes:
    store = Store()
    store.add(Quad(NODE, NODE, Literal(number), NODE))
    return canonical_quads(store)


def _write(home: Path, number: int, *, digest: str = "d") -> Snapshot:
    quads = _quads(number)
    manifest = Manifest(
        id=snapshot_id(quads),
        quads=1,
        graphs={NODE.value: GraphCounts(1, 0)},
        inputs=Inputs(digest, {"a.yaml": "b"}),
        validation=Validation(0, 0, ()),
        tools={"pyoxigraph": "0"},
    )
    snapshot = write_snapshot(home, quads, manifest)
    # File times are too coarse to order snapshots made within one tick.
    os.utime(snapshot.directory / "manifest.json", (number, number))
    return snapshot


def test_what_is_written_is_found_again_with_its_manifest(tmp_path: Path) -> None:
    written = _write(tmp_path, 1)
    assert get_current(tmp_path) == written
    assert get_snapshot(tmp_path, written.id[:6]) == written
    assert written.nquads.read_bytes() == _quads(1)
    assert len(Store.read_only(str(written.database))) == 1
    assert written.directory.stat().st_mode & 0o777 == 0o755


def test_a_home_without_snapshots_says_so(tmp_path: Path) -> None:
    assert find_current(tmp_path / "nowhere") is None
    with pytest.raises(SnapshotMissing, match="make one with sarcoma-kg build"):
        get_current(tmp_path)
    with pytest.raises(SnapshotMissing, match="there are: none"):
        get_snapshot(tmp_path, "a")


def test_a_prefix_must_mean_one_snapshot(tmp_path: Path) -> None:
    manifest = _write(tmp_path / "other", 1).manifest
    for identifier in ("abc", "abd"):
        folder = tmp_path / "snapshots" / identifier
        folder.mkdir(parents=True)
        text = replace(manifest, id=identifier).to_json()
        (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert get_snapshot(tmp_path, "abd").id == "abd"
    for prefix, count in (("ab", 2), ("x", 0), ("", 0)):
        with pytest.raises(SnapshotMissing, match=f"{count} snapshots .* there are: ab[cd], ab"):
            get_snapshot(tmp_path, prefix)


def test_only_the_last_few_are_kept(tmp_path: Path) -> None:
    ids = [_write(tmp_path, number).id for number in range(1, 6)]
    kept = [snapshot.id for snapshot in find_snapshots(tmp_path)]
    assert kept == list(reversed(ids[-KEPT:]))
    assert sorted(path.name for path in (tmp_path / "snapshots").iterdir()) == sorted(kept)


def test_no_manifest_is_read_in_vain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = [_write(tmp_path, number) for number in (1, 2, 3)]
    read: list[str] = []
    from_json = Manifest.from_json

    def counting(text: str) -> Manifest:
        read.append(from_json(text).id)
        return from_json(text)

    monkeypatch.setattr(Manifest, "from_json", counting)
    assert get_snapshot(tmp_path, written[0].id) == written[0]
    assert read == [written[0].id], "a whole id is that of a folder"
    read.clear()
    _write(tmp_path, 4)
    assert len(read) == len({*read}), "a manifest of many graphs takes long"


def test_the_current_one_is_kept_however_old(tmp_path: Path) -> None:
    ids = [_write(tmp_path, number).id for number in (1, 2, 3)]
    again = _write(tmp_path, 1)
    os.utime(again.directory / "manifest.json", (0, 0))
    write_snapshot(tmp_path, _quads(1), again.manifest)
    _write(tmp_path, 4)
    assert get_current(tmp_path).id not in ids
    assert len(find_snapshots(tmp_path)) == KEPT


def test_the_same_quads_from_other_inputs_only_renew_the_manifest(tmp_path: Path) -> None:
    first = _write(tmp_path, 1, digest="first")
    before = first.database.stat().st_ino
    second = _write(tmp_path, 1, digest="second")
    assert second.id == first.id
    assert second.database.stat().st_ino == before
    assert get_current(tmp_path).manifest.inputs.digest == "second"


@pytest.mark.parametrize("damage", ["manifest.json", "data.nq", "database/CURRENT"])
def test_a_damaged_snapshot_is_written_anew(tmp_path: Path, damage: str) -> None:
    first = _write(tmp_path, 1)
    (first.directory / damage).write_text("damaged", encoding="utf-8")
    if damage.startswith("database"):
        (first.directory / damage).unlink()
    second = _write(tmp_path, 1)
    assert second.nquads.read_bytes() == _quads(1)
    assert len(Store.read_only(str(second.database))) == 1
    assert get_current(tmp_path) == second
    remove_leftovers(tmp_path)
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [second.id]


def test_snapshots_of_another_version_are_removed_unless_current_or_in_use(tmp_path: Path) -> None:
    first, second, third = (_write(tmp_path, number) for number in (1, 2, 3))
    for snapshot in (first, second, third):
        manifest = snapshot.directory / "manifest.json"
        manifest.write_text('{"id": "x"}', encoding="utf-8")
    (tmp_path / "snapshots" / "notes.txt").write_text("mine", encoding="utf-8")
    other = _write(tmp_path / "other", 4)
    with hold(first):
        write_snapshot(tmp_path, _quads(4), other.manifest, as_current=False)
        names = {path.name for path in (tmp_path / "snapshots").iterdir()}
        assert names == {first.id, third.id, other.id, "notes.txt"}
    make_current(tmp_path, other.id)
    _write(tmp_path, 5)
    assert len(find_snapshots(tmp_path)) == 2
    assert {path.name for path in (tmp_path / "snapshots").iterdir()} == {
        "notes.txt",
        *(each.id for each in find_snapshots(tmp_path)),
    }


def test_empty_graphs_are_in_the_database(tmp_path: Path) -> None:
    for text in (
        b"",
        _quads(1),
        b"".join(sorted(_quads(1).replace(b"1", b"%d" % n) for n in range(9999))),
    ):
        quads = b"# empty graph <http://e.org/empty>\n" + text
        manifest = replace(
            _write(tmp_path / "other", 1).manifest,
            id=snapshot_id(quads),
            quads=text.count(b"\n"),
        )
        snapshot = write_snapshot(tmp_path, quads, manifest)
        assert is_sound(snapshot)
        assert open_database(snapshot).contains_named_graph(NamedNode("http://e.org/empty"))
        assert len(open_database(snapshot)) == text.count(b"\n")


def test_a_copy_of_the_database_is_whole(tmp_path: Path) -> None:
    quads = b"# empty graph <http://e.org/empty>\n" + _quads(1)
    manifest = replace(_write(tmp_path / "other", 1).manifest, id=snapshot_id(quads))
    snapshot = write_snapshot(tmp_path, quads, manifest)
    open_database(snapshot).backup(str(tmp_path / "copy"))
    assert canonical_quads(Store(str(tmp_path / "copy"))) == quads


def test_a_manifest_of_another_version_counts_as_no_snapshot(tmp_path: Path) -> None:
    written = _write(tmp_path, 1)
    (written.directory / "manifest.json").write_text('{"id": "x"}', encoding="utf-8")
    assert find_current(tmp_path) is None
    assert find_snapshots(tmp_path) == ()


def test_a_snapshot_in_use_is_not_removed(tmp_path: Path) -> None:
    first = _write(tmp_path, 1)
    with hold(first), hold(first):
        for number in range(2, 7):
            _write(tmp_path, number)
        assert is_sound(first)
        assert len(find_snapshots(tmp_path)) == KEPT + 1
    _write(tmp_path, 7)
    assert not first.directory.exists()
    assert len(find_snapshots(tmp_path)) == KEPT


def test_a_snapshot_that_is_gone_cannot_be_held(tmp_path: Path) -> None:
    first = _write(tmp_path, 1)
    shutil.rmtree(first.directory)
    with pytest.raises(SnapshotMissing, match="try again"), hold(first):
        pass


def test_what_is_made_current_counts_as_the_newest(tmp_path: Path) -> None:
    ids = [_write(tmp_path, number).id for number in (1, 2, 3)]
    make_current(tmp_path, ids[0])
    assert find_snapshots(tmp_path)[0].id == ids[0] == get_current(tmp_path).id


def test_the_current_one_outlives_those_that_are_not_served(tmp_path: Path) -> None:
    first = _write(tmp_path, 1)
    for number in range(2, 7):
        os.utime(first.directory / "manifest.json", (0, 0))
        other = _write(tmp_path / "other", number)
        write_snapshot(tmp_path, _quads(number), other.manifest, as_current=False)
    assert get_current(tmp_path) == first
    assert len(find_snapshots(tmp_path)) == KEPT


@pytest.mark.parametrize("interrupt", [OSError(28, "no space left"), KeyboardInterrupt()])
def test_a_build_that_fails_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupt: BaseException
) -> None:
    first = _write(tmp_path, 1)

    def fail(path: Path, quads: bytes) -> None:
        raise interrupt

    monkeypatch.setattr("kg.snapshot.write_database", fail)
    with pytest.raises(type(interrupt)):
        _write(tmp_path, 2)
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [first.id]
    assert get_current(tmp_path) == first


def test_a_database_that_cannot_be_read_says_which_folder_to_delete(tmp_path: Path) -> None:
    snapshot = _write(tmp_path, 1)
    assert is_sound(snapshot)
    (snapshot.database / "CURRENT").unlink()
    assert not is_sound(snapshot)
    with pytest.raises(SnapshotDamagedError, match=f"delete the folder {snapshot.directory} and"):
        open_database(snapshot)
