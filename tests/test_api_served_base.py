from __future__ import annotations

from pathlib import Path

import pytest
from serving import settings_of

from api.served_base import choose_base, name_base
from kg.base import EmptyBase, FilesBase, ShippedBase
from kg.problem import Refused
from kg.settings import SettingsError
from kg.shipped import Shipped

SHIPPED = Shipped(Path("/shipped"))


def test_the_shipped_graph_is_usual(tmp_path: Path) -> None:
    base = choose_base(settings_of(tmp_path), SHIPPED)
    assert base == ShippedBase(SHIPPED, importing=tmp_path)
    assert name_base(base) == "the shipped graph"
    alone = choose_base(settings_of(tmp_path, imports=False), SHIPPED)
    assert (alone, name_base(alone)) == (ShippedBase(SHIPPED), "the shipped graph")
    own = choose_base(settings_of(tmp_path, data=tmp_path), SHIPPED)
    assert own == ShippedBase(SHIPPED, tmp_path, tmp_path)
    assert name_base(own) == f"the shipped graph with the records in {tmp_path}"


def test_nothing_or_files_may_be_served_instead(tmp_path: Path) -> None:
    assert choose_base(settings_of(tmp_path, empty=True), SHIPPED) == EmptyBase()
    for name in ("a.ttl", "b.nq"):
        (tmp_path / name).write_text("<urn:a> <urn:b> <urn:c> .\n")
    files = (tmp_path / "a.ttl", tmp_path / "b.nq")
    base = choose_base(settings_of(tmp_path, graph=files), SHIPPED)
    assert isinstance(base, FilesBase)
    assert name_base(base) == "the triples of a.ttl, b.nq"


def test_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises((Refused, OSError)):
        choose_base(settings_of(tmp_path, graph=(tmp_path / "none.ttl",)), SHIPPED)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"empty": True, "graph": ("a.ttl",)}, "--empty and --graph exclude each other"),
        ({"empty": True, "data": "."}, "--empty and --data exclude each other"),
        ({"graph": ("a.ttl",), "data": "."}, "--graph and --data exclude each other"),
    ],
)
def test_only_one_thing_is_served(tmp_path: Path, given: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        choose_base(settings_of(tmp_path, **given), SHIPPED)
