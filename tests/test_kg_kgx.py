"""KGX: folders from the command line, tables that lose no row, and what is refused as unsound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_lines import Cli
from hypothesis import given, settings
from hypothesis import strategies as st
from imported_graphs import imported_store
from pyoxigraph import Store
from release_folders import read_edges, read_records, rows_of
from serving import snapshot_of

from api.kgx_claims import read_claims
from kg.build import Assembly
from kg.cli import app
from kg.kgx_check import check_pair
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm, read_json_lines, write_records, write_tsv
from kg.shipped import find_shipped

Json = dict[str, Any]
NODE = {"id": "e:a", "category": ["biolink:Drug"], "name": "a"}
EDGE = {
    "id": "1",
    "subject": "e:a",
    "predicate": "biolink:affects",
    "object": "e:a",
    "primary_knowledge_source": "infores:x",
    "knowledge_level": "observation",
    "agent_type": "manual_agent",
}


@pytest.fixture
def with_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the application have what the program gives it."""
    given_settings = {**(app.info.context_settings or {}), "obj": read_claims}
    monkeypatch.setattr(app.info, "context_settings", given_settings)


@pytest.mark.usefixtures("with_reader")
def test_a_folder_of_each_form_is_exported(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    for form in ("tsv", "jsonl"):
        done = cli("export", "--format", f"kgx-{form}", "--output", form)
        assert done.code == 0, done.err
        names = {path.name for path in (tmp_path / form).iterdir()}
        assert names == {f"claims_{part}.{form}" for part in ("nodes", "edges")}
        assert done.out == ""
    nodes = {each["id"] for each in read_records(tmp_path / "jsonl" / "claims_nodes.jsonl")}
    assert {row["id"] for row in rows_of(tmp_path / "tsv" / "claims_nodes.tsv")} == nodes
    assert {"drug:examplicin", "target:kit", "histology:sarcoma"} <= nodes
    assert check(tmp_path / "jsonl") == []


def check(folder: Path, stem: str = "claims") -> list[str]:
    return list(check_pair(folder / f"{stem}_nodes.jsonl", folder / f"{stem}_edges.jsonl"))


@pytest.mark.usefixtures("with_reader")
def test_what_no_folder_of_kgx_has_is_refused(cli: Cli, tmp_path: Path) -> None:
    cli("build")
    for arguments in (
        [],
        ["--output", "-"],
        ["--output", "x", "--graph", "ontology"],
    ):
        done = cli("export", "--format", "kgx-tsv", *arguments)
        assert done.code == 2, done
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    assert cli("export", "--format", "kgx-tsv", "--output", "full").code == 74
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine"]


def test_the_library_alone_says_what_it_lacks(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = {k: v for k, v in (app.info.context_settings or {}).items() if k != "obj"}
    monkeypatch.setattr(app.info, "context_settings", alone)
    cli("build")
    for arguments in (["export", "--format", "kgx-tsv", "-o", "x"], ["release", "x"]):
        done = cli(*arguments)
        assert (done.code, "use the program sarcoma-kg" in done.err) == (2, True)
        assert not Path("x").exists()


def test_imports_are_apart(assembly: Assembly, tmp_path: Path) -> None:
    store: Store = imported_store(assembly.store)
    snapshot = snapshot_of(store, tmp_path / "home")
    folder = tmp_path / "kgx"
    folder.mkdir()
    written = export_kgx(snapshot, find_shipped(), folder, (KgxForm.JSONL,), read_claims)
    assert {path.name for path in folder.iterdir()} == {each.name for each in written}
    edges = read_edges(folder, "import-gtopdb")
    inhibited = [each for each in edges if each.get("causal_mechanism_qualifier") == "inhibition"]
    assert len(edges) == 10
    assert len(inhibited) == 9
    (other,) = [each for each in edges if each not in inhibited]
    assert "object_direction_qualifier" not in other
    (lowered,) = [
        each for each in read_edges(folder, "import-drugmechdb") if "p2" in each["statement"]
    ]
    assert lowered["object_direction_qualifier"] == "decreased"
    for name in ("claims", "import-gtopdb", "import-drugmechdb"):
        assert check(folder, name) == []
    own = {each["id"] for each in read_edges(folder, "claims")}
    assert own.isdisjoint(each["id"] for each in edges)
    curated = read_claims(snapshot_of(assembly.store, tmp_path / "curated"), find_shipped())
    assert list(curated.edges) == read_edges(folder, "claims")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(texts, st.integers(), st.booleans(), st.lists(texts, max_size=3))


@settings(max_examples=60)
@given(records=st.lists(st.dictionaries(st.sampled_from("abcde"), values), max_size=5))
def test_any_text_is_one_cell(
    records: list[Json], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    lines, table = folder / "lines", folder / "table"
    assert write_records(records, lines) == len(records)
    assert list(read_json_lines(lines)) == records
    write_tsv(lines, table, ("id", "a"))
    rows = list(rows_of(table))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        for name, value in record.items():
            if isinstance(value, list) and value:
                assert row[name].count("|") == len(value) - 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"subject": "e:b"}, "has a subject that is no node"),
        ({"object": ""}, "has no object"),
        ({"predicate": "biolink:Affects"}, "has the predicate"),
        ({"predicate": "affects"}, "has the predicate"),
        ({"primary_knowledge_source": "x"}, "has the primary_knowledge_source"),
        ({"knowledge_level": "sure"}, "has the knowledge_level"),
        ({"agent_type": ""}, "has no agent_type"),
        ({"publications": "PMID:1"}, "has a publications that is no list"),
        ({"negated": None}, "has a null"),
    ],
)
def test_an_unsound_edge_is_found(change: Json, message: str, tmp_path: Path) -> None:
    (tmp_path / "claims_nodes.jsonl").write_text(json.dumps(NODE) + "\n", encoding="utf-8")
    edges = tmp_path / "claims_edges.jsonl"
    edges.write_text(json.dumps(EDGE) + "\n", encoding="utf-8")
    assert check(tmp_path) == []
    edges.write_text(json.dumps({**EDGE, **change}) + "\n", encoding="utf-8")
    assert message in "".join(check(tmp_path))


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([NODE, NODE], "e:a is there twice"),
        ([{**NODE, "category": "biolink:Drug"}], "has a category that is no list"),
        ([{**NODE, "category": ["Drug"]}], "has the category 'Drug'"),
        ([{"id": "e:a"}], "e:a has no category"),
        ([{"category": ["biolink:Drug"]}], "a record has no id"),
    ],
)
def test_an_unsound_node_is_found(nodes: list[Json], message: str, tmp_path: Path) -> None:
    lines = "".join(json.dumps(each) + "\n" for each in nodes)
    (tmp_path / "claims_nodes.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "claims_edges.jsonl").write_text("", encoding="utf-8")
    assert message in "".join(check(tmp_path))
