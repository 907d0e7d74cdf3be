"""Builds that are refused: every problem at its line, and the snapshot that was served stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds import assert_whole
from miniature import OWN_DRUG, replace, write

from kg.build import build
from kg.problem import Refused
from kg.shipped import Shipped
from kg.snapshot import find_current, get_current
from kg.sources import OverlayError


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (OWN_DRUG.replace("label", "lable"), 3, "did you mean 'label'"),
        (OWN_DRUG.replace("kit", "kitt"), 4, "did you mean target:kit"),
        (OWN_DRUG.replace("drug:new", "drug:examplinib"), 1, "already described"),
        (OWN_DRUG.replace("label: a new drug\n", ""), 1, "label: give exactly one name"),
        (OWN_DRUG + "label: again\n", 5, "label"),
        ("id: [", 1, ""),
    ],
)
def test_a_bad_record_of_the_user_stops_the_build_at_its_line(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, reason: str
) -> None:
    served = build(Shipped(root), home)
    write(root / "mine" / "drug.yaml", text)
    monkeypatch.chdir(root)
    with pytest.raises(Refused) as refused:
        build(Shipped(root), home, overlay=Path("mine"))
    shown = str(refused.value).splitlines()
    assert shown[0].startswith(f"mine/drug.yaml:{line}: ")
    assert reason in shown[0]
    assert len(shown) == 1
    assert get_current(home).id == served.id
    assert_whole(get_current(home))
    assert sorted(path.name for path in (home / "snapshots").iterdir()) == [served.id]


def test_the_problems_of_all_files_are_reported_at_once(root: Path, home: Path) -> None:
    replace(root / "data/vocabularies/drugs.yaml", "label: examplinib", "lable: examplinib")
    replace(root / "data/documents/review.yaml", "label", "labell")
    replace(root / "ontology/histology.ttl", '"sarcoma" .', '"sarcoma" ; ;; x')
    with pytest.raises(Refused) as refused:
        build(Shipped(root), home)
    assert [problem.place.file for problem in refused.value.problems] == [
        "data/documents/review.yaml",
        "data/vocabularies/drugs.yaml",
        "ontology/histology.ttl",
    ]
    assert find_current(home) is None


def test_a_violation_stops_before_a_warning_is_shown(root: Path, home: Path) -> None:
    replace(root / "data/studies/review/first.yaml", "responders: 5", "responders: 50")
    with pytest.raises(Refused) as refused:
        build(Shipped(root), home)
    assert str(refused.value).startswith(
        "data/studies/review/first.yaml:10: study:first/result/response: responders: no more than"
    )
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_an_unusable_overlay_is_refused(root: Path, home: Path, name: str) -> None:
    (root / "empty").mkdir()
    with pytest.raises(OverlayError, match=f"--data .*{name}: "):
        build(Shipped(root), home, overlay=root / name)
