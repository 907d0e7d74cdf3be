"""Sources: every file of records makes a known graph, in one order, and none is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.problem import Refused
from kg.shipped import Shipped
from kg.sources import GRAPH, OverlayError, find_graph, find_sources


def _tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return root


def _graphs(root: Path, overlay: Path | None = None) -> dict[str, list[str]]:
    sources = find_sources(Shipped(root), overlay)
    return {
        source.graph.removeprefix(GRAPH): [file.shown_as for file in source.files]
        for source in sources
    }


def test_each_folder_makes_its_graph_in_sorted_order(tmp_path: Path) -> None:
    root = _tree(
        tmp_path,
        "ontology/sarcoma.ttl",
        "ontology/histology.ttl",
        "data/vocabularies/targets.yaml",
        "data/vocabularies/drugs.yaml",
        "data/studies/review/second.yaml",
        "data/studies/review/first.yaml",
        "data/guidelines/review/advice.yaml",
        "data/documents/review.yaml",
        "data/mappings/drugs.sssom.tsv",
        "data/mappings/notes.tsv",
        "data/reference/drugs.yaml",
        "data/queries/one.yaml",
        "data/templates/study.yaml",
        "data/vocabularies/.#drugs.yaml",
    )
    assert list(_graphs(root).items()) == [
        (
            "document-review",
            [
                "data/guidelines/review/advice.yaml",
                "data/studies/review/first.yaml",
                "data/studies/review/second.yaml",
            ],
        ),
        ("documents", ["data/documents/review.yaml"]),
        ("histology", ["ontology/histology.ttl"]),
        ("mapping-drugs", ["data/mappings/drugs.sssom.tsv"]),
        ("ontology", ["ontology/sarcoma.ttl"]),
        ("reference-drugs", ["data/reference/drugs.yaml"]),
        ("vocabulary-drugs", ["data/vocabularies/drugs.yaml"]),
        ("vocabulary-targets", ["data/vocabularies/targets.yaml"]),
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("data/drugs.yaml", "no graph is made from a file here"),
        ("data/studies/loose.yaml", "data/studies/<document>/"),
        ("data/vocabularies/old/drugs.yaml", "no graph is made from a file here"),
        ("data/vocabularies/drugs.yml", "rename it to drugs.yaml"),
        ("data/vocabularies/drugs.YAML", "rename it to drugs.yaml"),
        ("data/drugs.sssom.tsv", "move the file there"),
        ("data/mappings/mine/drugs.sssom.tsv", "move the file there"),
        ("data/mappings/drugs.SSSOM.tsv", "write the end of its name small"),
    ],
)
def test_a_file_that_would_be_lost_is_refused(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(Refused, match=f"^{name}:1: .*{hint}"):
        find_sources(Shipped(_tree(tmp_path, name)))


def test_an_overlay_makes_a_graph_a_file_and_keeps_the_name_as_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _tree(tmp_path / "shipped", "ontology/sarcoma.ttl")
    _tree(tmp_path / "mine", "My Trial.yaml", "sub/trial.yaml", "notes.txt", "a/b.sssom.tsv")
    monkeypatch.chdir(tmp_path)
    assert _graphs(root, Path("mine")) == {
        "ontology": ["ontology/sarcoma.ttl"],
        "overlay-a-b": ["mine/a/b.sssom.tsv"],
        "overlay-my-trial": ["mine/My Trial.yaml"],
        "overlay-sub-trial": ["mine/sub/trial.yaml"],
    }


def test_two_files_of_an_overlay_that_would_share_a_graph_are_refused(tmp_path: Path) -> None:
    folder = _tree(tmp_path / "mine", "sub/trial.yaml", "sub-trial.yaml", "other.yaml")
    with pytest.raises(Refused) as refused:
        find_sources(Shipped(tmp_path), folder)
    assert [str(problem) for problem in refused.value.problems] == [
        f"{folder}/{one}:1: {folder}/{other} would make the same graph, {GRAPH}overlay-sub-trial; "
        "rename one of them"
        for one, other in (
            ("sub-trial.yaml", "sub/trial.yaml"),
            ("sub/trial.yaml", "sub-trial.yaml"),
        )
    ]


def test_the_graph_of_a_file_is_known_by_its_portable_name(tmp_path: Path) -> None:
    names = (
        "ontology/sarcoma.ttl",
        "ontology/histology.ttl",
        "data/vocabularies/drugs.yaml",
        "data/studies/review/first.yaml",
        "data/queries/one.ttl",
        "data/mappings/drugs-mesh.sssom.tsv",
        "data/reference/drugs.yaml",
    )
    folder = _tree(tmp_path / "mine", "My Trial.yaml", "mappings/drugs.sssom.tsv")
    for source in find_sources(Shipped(_tree(tmp_path, *names)), folder):
        assert {find_graph(file.name) for file in source.files} == {source.graph}
    for name in ("ontology/context.jsonld", "ontology/rules/a.rq", "shapes/drug.ttl"):
        assert find_graph(name) is None


@pytest.mark.parametrize("names", [(), ("notes.txt",)])
def test_an_overlay_without_records_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder = _tree(tmp_path / "mine", *names)
    folder.mkdir(exist_ok=True)
    with pytest.raises(OverlayError, match=r"holds no \.yaml file"):
        find_sources(Shipped(tmp_path), folder)


def test_an_overlay_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OverlayError, match="there is no such folder"):
        find_sources(Shipped(tmp_path), tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["drugs.yml", "drugs.YAML", "sub/drugs.Yml", "日本.yaml"])
def test_an_overlay_file_that_would_be_lost_is_refused(tmp_path: Path, name: str) -> None:
    folder = _tree(tmp_path / "mine", name, "good.yaml")
    with pytest.raises(Refused, match="rename it"):
        find_sources(Shipped(tmp_path), folder)


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    folder = _tree(tmp_path / "mine", "good.yaml")
    (folder / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(Refused, match=r"gone\.yaml:1: this is no file, or a link to nothing"):
        find_sources(Shipped(tmp_path), folder)


def test_a_folder_may_be_called_like_a_file(tmp_path: Path) -> None:
    folder = _tree(tmp_path / "mine", "all.yaml/one.yaml")
    assert _graphs(tmp_path, folder) == {"overlay-all-yaml-one": [f"{folder}/all.yaml/one.yaml"]}


def test_a_folder_that_cannot_be_read_stops_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read everything, hence no real permissions."""
    folder = _tree(tmp_path / "mine", "good.yaml", "closed/lost.yaml")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError, match="closed"):
        find_sources(Shipped(tmp_path), folder)
