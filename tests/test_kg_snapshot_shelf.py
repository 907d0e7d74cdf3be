"""What is made of a snapshot: the same bytes as an export, whole or not there."""

from __future__ import annotations

import gzip
import hashlib
import io
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store
from serving import snapshot_of

import kg.snapshot_shelf_parts
from kg.export import PREFIXES, export
from kg.formats import GraphFormat
from kg.snapshot import Snapshot
from kg.snapshot_shelf import Shelf
from kg.snapshot_shelf_parts import Part, find_part, graph_slug, part_name, write_part
from kg.sources import graph_iri

A, B, G, H = (NamedNode(f"http://e.org/{each}") for each in "abgh")


def write_text(path: Path) -> None:
    path.write_text("text")


@pytest.fixture
def foreign(tmp_path: Path) -> Snapshot:
    """A snapshot with all that a graph may have: no graph, empty graphs, blank ones."""
    store = Store()
    for graph in (DefaultGraph(), G, H, BlankNode("g")):
        store.add(Quad(A, B, Literal("x <http://e.org/y> ."), graph))
        store.add(Quad(BlankNode("n"), B, Literal("é", language="fr"), graph))
    store.add(Quad(A, B, Literal("x"), G))
    store.add_graph(NamedNode("http://e.org/empty"))
    return snapshot_of(store, tmp_path / "home")


def exported(snapshot: Snapshot, form: GraphFormat, *graphs: str) -> bytes:
    output = io.BytesIO()
    export(snapshot, output, form, graphs=graphs, prefixes=PREFIXES)
    return output.getvalue()


@pytest.mark.parametrize("form", GraphFormat)
def test_a_part_has_the_bytes_of_an_export(
    form: GraphFormat, foreign: Snapshot, tmp_path: Path
) -> None:
    for graph in (None, "", G.value, "_:g"):
        write_part(foreign, Part(graph, form), tmp_path / "made")
        named = () if graph is None else (graph,)
        assert (tmp_path / "made").read_bytes() == exported(foreign, form, *named)


@pytest.mark.parametrize("form", [GraphFormat.TURTLE, GraphFormat.TRIG, GraphFormat.JSON_LD])
def test_the_shipped_graph_too(form: GraphFormat, snapshot: Snapshot, tmp_path: Path) -> None:
    for graph in (None, graph_iri("ontology")):
        write_part(snapshot, Part(graph, form), tmp_path / "made")
        named = () if graph is None else (graph,)
        assert (tmp_path / "made").read_bytes() == exported(snapshot, form, *named)


def test_few_files_are_open_at_a_time(
    foreign: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kg.snapshot_shelf_parts, "_MOST_OPEN", 1)
    write_part(foreign, Part(None, GraphFormat.TRIG), tmp_path / "made")
    assert (tmp_path / "made").read_bytes() == exported(foreign, GraphFormat.TRIG)


def test_each_graph_and_format_has_a_name_of_its_own(foreign: Snapshot) -> None:
    graphs = [*foreign.manifest.graphs, graph_iri("default"), graph_iri("Ä")]
    parts = [Part(graph, form) for graph in (None, *graphs) for form in GraphFormat]
    names = [part_name(each) for each in parts]
    assert len({*names}) == len(names)
    assert [find_part(name, graphs) for name in names] == parts
    assert all(name.isascii() and ".." not in name for name in names)


@pytest.mark.parametrize(
    "name", ["", "data", "data.xyz", "graphs/other.ttl", "default.ttl", "../data.nq", "graphs/.ttl"]
)
def test_other_names_mean_nothing(name: str) -> None:
    assert find_part(name, ["", "http://e.org/a"]) is None


def test_a_graph_outside_is_known_by_a_digest() -> None:
    assert graph_slug(graph_iri("inferred-roll-up")) == "inferred-roll-up"
    assert graph_slug(graph_iri("default")).startswith("iri-")
    assert graph_slug("_:b").startswith("iri-")


def test_what_is_put_is_found_plain_and_compressed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    assert shelf.find("graphs/a.ttl") is None
    made = shelf.put("graphs/a.ttl", write_text)
    assert shelf.find("graphs/a.ttl") == made
    assert made.plain.path.read_text() == "text"
    assert gzip.decompress(made.compressed.path.read_bytes()) == b"text"
    for copy in (made.plain, made.compressed):
        assert hashlib.sha256(copy.path.read_bytes()).hexdigest() == copy.sha256
    again = Shelf(tmp_path / "other").put("graphs/a.ttl", write_text)
    assert again.compressed.sha256 == made.compressed.sha256


def test_what_fails_half_way_is_not_there(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("full")

    shelf = Shelf(tmp_path)
    with pytest.raises(OSError, match="full"):
        shelf.put("a.ttl", fail)
    assert shelf.find("a.ttl") is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    made = shelf.put("a.ttl", write_text)
    made.compressed.path.unlink()
    assert shelf.find("a.ttl") is None
    (tmp_path / "a.ttl.json").write_text("[]")
    assert shelf.find("a.ttl") is None
