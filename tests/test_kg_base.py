"""Bases: where their snapshots lie, what they are made from, and how settings choose one."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import assert_whole
from miniature import OWN_DRUG, write

from kg.base import Base, EmptyBase, FilesBase, ShippedBase, build, choose_base, read_base
from kg.building import InputsChangedError
from kg.problem import Refused
from kg.settings import SettingsError, read_settings
from kg.shipped import Shipped
from kg.snapshot import find_current, get_current
from kg.sources import OverlayError


@pytest.fixture
def turtle(tmp_path: Path) -> Path:
    return write(tmp_path / "given" / "a.ttl", "<http://e.org/a> <http://e.org/p> [] .") / "a.ttl"


def test_each_base_has_a_home_of_its_own(root: Path, home: Path, turtle: Path) -> None:
    other = write(turtle.parent / "b.ttl", "") / "b.ttl"
    homes = {
        base.home(home)
        for base in (
            ShippedBase(Shipped(root)),
            EmptyBase(),
            FilesBase.of([turtle]),
            FilesBase.of([other]),
        )
    }
    assert len(homes) == 4
    assert home in homes
    assert home / "datasets" / "empty" in homes
    named = FilesBase.of([turtle]).home(home)
    assert named.parent == home / "datasets"
    assert len(named.name) == 12


def test_the_same_files_anywhere_have_the_same_snapshot(
    turtle: Path, home: Path, tmp_path: Path
) -> None:
    moved = write(tmp_path / "moved" / "a.ttl", turtle.read_text(encoding="utf-8")) / "a.ttl"
    first = build(FilesBase.of([turtle]), home)
    assert build(FilesBase.of([moved]), home) == first
    assert build(FilesBase.of([moved]), tmp_path / "other").id == first.id
    assert_whole(first)
    assert first.manifest.inputs.files.keys() == {"a.ttl"}
    assert find_current(home) is None


def test_an_empty_base_is_empty(home: Path) -> None:
    snapshot = build(EmptyBase(), home)
    assert_whole(snapshot)
    assert snapshot.nquads.read_bytes() == b""
    assert snapshot.manifest.graphs == {}
    assert build(EmptyBase(), home) == snapshot


def test_files_that_cannot_be_read_are_refused(turtle: Path, home: Path) -> None:
    with pytest.raises(Refused, match=r"nowhere\.ttl: cannot be read"):
        FilesBase.of([turtle, turtle.with_name("nowhere.ttl")])
    turtle.write_text("\n\n<http://e.org/a> x", encoding="utf-8")
    with pytest.raises(Refused, match=r"a\.ttl:3: not Turtle"):
        build(FilesBase.of([turtle]), home)


def test_files_that_changed_since_are_another_base(turtle: Path, home: Path) -> None:
    base = FilesBase.of([turtle])
    before = build(base, home)
    turtle.write_text("<http://e.org/b> <http://e.org/p> 1 .", encoding="utf-8")
    with pytest.raises(InputsChangedError, match=r"a\.ttl .*start again"):
        build(base, home)
    assert get_current(base.home(home)) == before
    assert FilesBase.of([turtle]).home(home) != base.home(home)


def test_an_overlay_that_cannot_be_used_is_refused(root: Path, home: Path, tmp_path: Path) -> None:
    for overlay in (tmp_path / "nowhere", root / "ontology"):
        with pytest.raises(OverlayError):
            build(ShippedBase(Shipped(root), overlay), home)


def test_places_of_records_have_portable_names(root: Path) -> None:
    overlay = write(root / "mine" / "own.yaml", OWN_DRUG)
    places = ShippedBase(Shipped(root), overlay).read_places()
    found = [
        places.find(f"https://w3id.org/sarcoma-kg/drug/{name}") for name in ("new", "examplinib")
    ]
    assert [str(place) for place in found] == [
        "overlay/own.yaml:1",
        "data/vocabularies/drugs.yaml:1",
    ]


def test_a_base_survives_the_way_to_another_process(root: Path, turtle: Path) -> None:
    bases: list[Base] = [
        ShippedBase(Shipped(root)),
        ShippedBase(Shipped(root), Path("mine")),
        FilesBase.of([turtle]),
        EmptyBase(),
    ]
    assert [read_base(base.to_json()) for base in bases] == bases


def test_only_graphs_of_the_build_are_read_only(root: Path) -> None:
    graph = "https://w3id.org/sarcoma-kg/graph/catalogue"
    assert ShippedBase(Shipped(root)).is_read_only(graph)
    assert not EmptyBase().is_read_only(graph)


def test_settings_choose_one_base(root: Path, home: Path, turtle: Path) -> None:
    shipped = Shipped(root)
    chosen: dict[Base, dict[str, object]] = {
        ShippedBase(shipped, None, home): {},
        ShippedBase(shipped): {"imports": False},
        ShippedBase(shipped, root, home): {"data": root},
        EmptyBase(): {"empty": True},
        FilesBase.of([turtle]): {"graph": [turtle]},
    }
    for base, flags in chosen.items():
        assert choose_base(read_settings(home=home, **flags), shipped) == base
    with pytest.raises(SettingsError, match="--empty and --graph exclude each other"):
        choose_base(read_settings(home=home, empty=True, graph=[turtle]), shipped)
