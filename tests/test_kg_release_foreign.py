"""Releases of graphs that others made: nothing is said of their authors and their licence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_lines import Cli
from pyoxigraph import Literal, NamedNode, Quad, Store
from release_folders import read_records
from serving import snapshot_of

from api.kgx_claims import read_claims
from kg.catalogue import CATALOGUE
from kg.cli import app
from kg.import_catalogue import IMPORT_GRAPHS
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm
from kg.release import Order, write_release
from kg.release_check import check_release
from kg.release_citation import citation_cff
from kg.release_facts import ReleaseFacts
from kg.release_graphs import GraphDescription
from kg.shipped import find_shipped

A, P = NamedNode("http://e.org/a"), NamedNode("http://e.org/p")
LICENCE = NamedNode("http://purl.org/dc/terms/license")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TERM = NamedNode("https://w3id.org/sarcoma-kg/ontology/ExternalTerm")


def released(store: Store, folder: Path) -> Path:
    snapshot = snapshot_of(store, folder / "home")
    order = Order(snapshot, find_shipped(), "2026-12-01", None, read_claims)
    write_release(order, folder / "made", tell=lambda _: None)
    assert list(check_release(folder / "made")) == []
    return folder / "made"


def entities(folder: Path) -> dict[str, Any]:
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    return {each["@id"]: each for each in crate["@graph"]}


def test_graphs_of_others_are_not_ours(tmp_path: Path) -> None:
    store = Store()
    store.add(Quad(A, P, Literal("x")))
    folder = released(store, tmp_path)
    names = {path.name for path in folder.iterdir()}
    assert names.isdisjoint({"CITATION.cff", "CITATION.txt", "LICENSE", "NOTICE", "ontology"})
    for name in ("README.md", "void.ttl", "ro-crate-metadata.json", "LICENCES.md", "release.json"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "contributors" not in text, name
        assert "creativecommons" not in text, name
        assert "soft-tissue" not in text, name
    described = entities(folder)
    assert "author" not in described["./"]
    assert described["#no-licence"]["name"] == "None is stated"
    assert described["graphs/default.nq"]["description"] == "The default graph"
    assert "isBasedOn" not in described["./"]


def test_an_empty_data_set_is_released(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {**(app.info.context_settings or {}), "obj": read_claims}
    monkeypatch.setattr(app.info, "context_settings", settings)
    monkeypatch.setenv("SARCOMA_KG_EMPTY", "1")
    assert cli("build").code == 0
    assert cli("release", "empty").code == 0
    assert cli("release", "--verify", "empty").code == 0
    assert Path("empty/kgx/claims_nodes.jsonl").read_bytes() == b""
    assert not Path("empty/shapes").exists()


def test_a_licence_in_words_is_no_link(tmp_path: Path) -> None:
    store, graph = Store(), NamedNode(CATALOGUE)
    store.add(Quad(A, LICENCE, Literal("CC BY"), graph))
    store.add(Quad(A, P, A, A))
    folder = released(store, tmp_path)
    assert "| not stated |" in (folder / "LICENCES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["x/y", "/../../../evil", "A B"])
def test_the_name_of_an_import_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    store = Store()
    graph = NamedNode(IMPORT_GRAPHS + name.replace(" ", "%20"))
    store.add(Quad(A, TYPE, TERM, graph))
    snapshot = snapshot_of(store, tmp_path / "home")
    folder = tmp_path / "deep" / "er" / "kgx"
    folder.mkdir(parents=True)
    before = {*tmp_path.rglob("*")}
    written = export_kgx(snapshot, find_shipped(), folder, (KgxForm.JSONL,), read_claims)
    assert {*tmp_path.rglob("*")} - before == {folder / each.name for each in written}
    (nodes,) = (each for each in written if each.graph and each.part == "nodes")
    assert nodes.name.startswith("iri-")
    assert [each["iri"] for each in read_records(folder / nodes.name)] == [A.value]


def test_the_citation_is_yaml_whatever_the_title() -> None:
    title = 'a: "b" \\ # \u2028 \x85 \U0001f9ec\n- c'
    graph = GraphDescription(f"{IMPORT_GRAPHS}x", 1, title=title)
    facts = ReleaseFacts("ab" * 32, "2026-12-01", 1, 0, (graph, GraphDescription(CATALOGUE, 1)))
    read = yaml.safe_load(citation_cff(facts))
    assert read["references"][0]["title"] == title
    assert (read["license"], read["authors"]) == (
        "CC-BY-4.0",
        [{"name": "The sarcoma-kg contributors"}],
    )
