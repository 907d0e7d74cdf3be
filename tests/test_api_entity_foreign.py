"""Linked data of what nobody here wrote: hostile, odd, or gone since the last snapshot."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urldefrag

import httpx
import pytest
from linked_names import ROOT, Page, mentions, names_in, read_quads
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.entity_address import Addresses
from kg.formats import GraphFormat

HTML = {"Accept": "text/html"}
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
A = NamedNode(f"{ROOT}thing/a")
GRAPH = NamedNode(f"{ROOT}graph/mine")
POINTS = NamedNode(f"{ROOT}vocabulary/points")
HOSTILE = '<script>alert("1")</script> & \' onmouseover="x"'
ODD = (
    f"{ROOT}thing/é",
    f"{ROOT}thing/a%20b",
    f"{ROOT}thing/50%25",
    f"{ROOT}thing/a?b=c",
    f"{ROOT}thing//double",
    f"{ROOT}api/v1/drugs",
    f"{ROOT}sparql",
    f"{ROOT}alone",
    f"{ROOT}thing/a'b(c)",
    f"{ROOT}thing/../dots",
    f"{ROOT}thing/slash/",
)


def address_of(iri: str) -> str:
    found = Addresses(ROOT, taken={"api", "sparql"}).of(iri)
    assert found is not None
    return urldefrag(found).url


def statements() -> Iterator[Quad]:
    yield Quad(A, LABEL, Literal(HOSTILE))
    yield Quad(A, LABEL, Literal("Ding", language="de"))
    yield Quad(A, POINTS, NamedNode("javascript:alert(1)"), GRAPH)
    yield Quad(A, POINTS, NamedNode("data:text/html,x"), GRAPH)
    yield Quad(A, POINTS, NamedNode("https://elsewhere.example/a?b=c&d"), GRAPH)
    yield Quad(A, POINTS, A, GRAPH)
    for order, iri in enumerate(ODD):
        yield Quad(NamedNode(iri), POINTS, Literal(order), GRAPH)
        yield Quad(A, POINTS, NamedNode(iri), GRAPH)
    for name in ("x", "y"):
        yield Quad(NamedNode(f"{ROOT}book#{name}"), LABEL, Literal(f"Part {name}"))
    unnamed = [BlankNode(f"b{order}") for order in range(4)]
    yield Quad(NamedNode(f"{ROOT}thing/unnamed"), POINTS, unnamed[0])
    for one, two in pairwise(unnamed):
        yield Quad(one, POINTS, two)
    yield Quad(unnamed[-1], POINTS, Literal("the end"))
    yield Quad(unnamed[-1], POINTS, unnamed[0])


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.extend(statements())
    return found


@pytest.fixture(scope="module")
def foreign(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of hostile statements, with an older snapshot in its home."""
    home = tmp_path_factory.mktemp("foreign")
    before = Store()
    before.extend(store)
    before.add(Quad(NamedNode(f"{ROOT}claim/gone"), LABEL, Literal("It was here.")))
    older = snapshot_of(before, home)
    os.utime(older.directory / "manifest.json", ns=(1, 1))
    snapshot = snapshot_of(store, home)
    app = create_app(settings_of(home), engine_of(snapshot))
    with running(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_every_name_answers_in_every_format(foreign: httpx.Client, store: Store) -> None:
    for iri in names_in(store):
        for form in GraphFormat:
            answer = foreign.get(address_of(iri), headers={"Accept": form.media_type})
            assert answer.status_code == 200, (iri, answer.text)
            assert mentions(answer.content, form, iri), (iri, form)
        assert foreign.get(address_of(iri), headers=HTML).status_code == 200


def test_names_are_found_however_their_paths_are_written(foreign: httpx.Client) -> None:
    for path in ("/thing/%C3%A9", "/thing/a%20b", "/thing/50%25", "/thing/50%2525"):
        assert foreign.get(path).status_code == 200, path
    assert foreign.get("/resource", params={"iri": ODD[3]}).status_code == 200


def test_nothing_hostile_reaches_a_page(foreign: httpx.Client) -> None:
    answer = foreign.get("/thing/a", headers=HTML)
    page = Page(answer.text)
    assert not re.search(r"<script(?! type=\"module\" src=\"/assets/)", answer.text)
    assert HOSTILE in page.text
    assert "javascript:alert(1)" in page.text
    allowed = ("/", "#", "http://www.w3.org/", "https://")
    assert all(link.startswith(allowed) for link in page.links), page.links
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    missing = foreign.get(f"/thing/{quote('<b>&x')}", headers=HTML)
    assert missing.status_code == 404
    assert "b" not in Page(missing.text).elements


def test_links_of_a_hostile_page_answer(foreign: httpx.Client) -> None:
    text = foreign.get("/thing/a", headers=HTML).text
    links = Page(text.partition("<main")[2].partition("</main>")[0]).links
    local = {each for each in links if each.startswith("/")}
    assert {"/resource?iri=" + quote(ODD[5], safe=""), "/alone"} <= local
    for link in local:
        assert foreign.get(link, headers={"Accept": "text/html, */*"}).status_code == 200, link


def test_a_document_answers_for_the_fragments_in_it(foreign: httpx.Client) -> None:
    found = read_quads(foreign.get("/book?format=nq").content, GraphFormat.N_QUADS)
    assert {quad.object for quad in found} == {Literal("Part x"), Literal("Part y")}
    page = Page(foreign.get("/book", headers=HTML).text)
    assert {"Part x", "Part y"} <= set(page.texts)


def test_blank_nodes_are_followed_once(foreign: httpx.Client) -> None:
    found = read_quads(foreign.get("/thing/unnamed?format=nq").content, GraphFormat.N_QUADS)
    assert len(found) == 6
    assert Literal("the end") in {quad.object for quad in found}
    assert "the end" in Page(foreign.get("/thing/unnamed", headers=HTML).text).text


def test_a_predicate_and_a_graph_are_shown_by_their_use(foreign: httpx.Client) -> None:
    used = read_quads(foreign.get("/vocabulary/points?format=nq").content, GraphFormat.N_QUADS)
    assert Quad(A, POINTS, A, GRAPH) in used
    kinds = {quad.object.value for quad in used if quad.subject == POINTS}  # type: ignore[union-attr]
    assert kinds == {"http://www.w3.org/1999/02/22-rdf-syntax-ns#Property"}
    graph = read_quads(foreign.get("/graph/mine?format=nq").content, GraphFormat.N_QUADS)
    assert {quad.subject for quad in graph} == {GRAPH}
    assert {quad.graph_name for quad in graph} == {DefaultGraph()}


def test_what_an_older_snapshot_had_is_gone(foreign: httpx.Client) -> None:
    answer = foreign.get("/claim/gone")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (410, f"{ROOT}problem/gone")
    assert len(problem["snapshot"]) == 64
    assert problem["snapshot"] != answer.headers["Sarcoma-KG-Snapshot"]
    shown = foreign.get("/claim/gone", headers=HTML)
    assert shown.status_code == 410
    assert problem["snapshot"] in Page(shown.text).text
    assert foreign.get("/claim/gon").status_code == 404
    assert foreign.get("/claim/gone/passage").status_code == 404


def test_data_without_an_ontology_have_no_page_of_it(foreign: httpx.Client) -> None:
    for accept in ("text/html", "text/turtle"):
        assert foreign.get("/ontology", headers={"Accept": accept}).status_code == 404


def test_an_empty_data_set_knows_no_names(tmp_path: Path) -> None:
    snapshot = snapshot_of(Store(), tmp_path)
    with running(create_app(settings_of(tmp_path), engine_of(snapshot))) as address:
        for path in ("/drug/imatinib", "/ontology", "/dataset"):
            assert httpx.get(address + path).status_code == 404
        assert httpx.get(f"{address}/problem/gone").status_code == 200
