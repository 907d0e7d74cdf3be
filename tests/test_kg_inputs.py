"""Inputs: the digest changes with everything that a graph is made from, and with nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kg import inputs
from kg.inputs import Inputs, digest_rules, read_inputs
from kg.shipped import Shipped
from kg.sources import find_sources


def _read(root: Path, overlay: Path | None = None) -> Inputs:
    shipped = Shipped(root)
    return read_inputs(shipped, find_sources(shipped, overlay))


@pytest.mark.parametrize(
    "name",
    [
        "ontology/sarcoma.ttl",
        "ontology/context.jsonld",
        "ontology/rules/inhibited-by.rq",
        "shapes/drug.ttl",
        "shapes/checks/rate.rq",
        "data/vocabularies/drugs.yaml",
        "data/studies/review/first.yaml",
    ],
)
def test_a_change_of_any_input_changes_the_digest(root: Path, name: str) -> None:
    before = _read(root)
    with (root / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    after = _read(root)
    assert after.digest != before.digest
    assert {key for key in after.files if after.files[key] != before.files[key]} == {name}


def test_times_places_and_other_files_do_not_count(root: Path, tmp_path: Path) -> None:
    before = _read(root)
    os.utime(root / "ontology" / "sarcoma.ttl", (1, 1))
    (root / "README.md").write_text("new", encoding="utf-8")
    (root / "data" / "mappings").mkdir()
    (root / "data" / "mappings" / "one.ttl").write_text("new", encoding="utf-8")
    moved = Path(shutil.move(root, tmp_path / "moved"))
    assert _read(moved) == before


def test_an_overlay_counts_by_its_content_and_not_by_its_place(root: Path, tmp_path: Path) -> None:
    digests = {_read(root).digest}
    for folder, text in (("one", "id: a"), ("two", "id: a"), ("three", "id: b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.yaml").write_text(text, encoding="utf-8")
        digests.add(_read(root, tmp_path / folder).digest)
    assert len(digests) == 3


def test_another_version_of_an_engine_counts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _read(root)
    monkeypatch.setattr(inputs, "TOOLS", {**inputs.TOOLS, "pyoxigraph": "0"})
    assert _read(root).digest != before.digest


def test_accepted_writes_count_one_after_the_other(root: Path) -> None:
    before = _read(root)
    both = before.with_write("a").with_write("b")
    assert (both.files, both.journal) == (before.files, 2)
    digests = {before.digest, before.with_write("a").digest, both.digest}
    assert len(digests | {before.with_write("b").with_write("a").digest}) == 4


def test_the_rules_of_inference_are_known_apart(root: Path) -> None:
    before = _read(root)
    assert list(before.rules) == sorted(
        f"ontology/rules/{path.name}" for path in (root / "ontology" / "rules").glob("*.rq")
    )
    assert digest_rules(Shipped(root)) == before.rules
    (root / "ontology" / "rules" / "inhibited-by.rq").write_text("# other", encoding="utf-8")
    assert digest_rules(Shipped(root)) != before.rules
