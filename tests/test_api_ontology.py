"""``/ontology`` over real HTTP: documented for people, whole for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from linked_names import ROOT, Page, read_quads
from pyoxigraph import NamedNode, Quad, Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from kg.build import Assembly
from kg.formats import GraphFormat

HTML = {"Accept": "text/html"}
OWL = "http://www.w3.org/2002/07/owl#"


@pytest.fixture(scope="module")
def page(address: str) -> Page:
    answer = httpx.get(f"{address}/ontology", headers=HTML, timeout=60)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return Page(answer.text)


@pytest.mark.parametrize("form", GraphFormat)
def test_the_ontology_is_given_whole(
    client: httpx.Client, assembly: Assembly, form: GraphFormat
) -> None:
    graph = NamedNode(f"{ROOT}graph/ontology")
    held = list(assembly.store.quads_for_pattern(None, None, None, graph))
    answer = client.get("/ontology", headers={"Accept": form.media_type})
    assert answer.headers["Content-Type"].startswith(form.media_type)
    assert f'<{ROOT}ontology>; rel="describes"' in answer.headers["Link"]
    found = read_quads(answer.content, form)
    assert len(found) == len(held)
    assert {quad.subject for quad in found if isinstance(quad.subject, NamedNode)} == {
        quad.subject for quad in held if isinstance(quad.subject, NamedNode)
    }


def test_owl_files_are_rdf_xml(client: httpx.Client) -> None:
    answer = client.get("/ontology?format=owl")
    assert answer.headers["Content-Type"] == "application/rdf+xml"
    assert answer.content == client.get("/ontology?format=rdf").content


def test_people_get_its_documentation(page: Page, client: httpx.Client) -> None:
    assert {"Drug", "inhibits", "ObjectiveResponseRate", "constraints"} <= set(page.places)
    assert f"{ROOT}ontology/2026-11-21" in page.text
    assert not page.elements & {"img", "iframe", "object", "style"}
    outside = {link for link in page.links if link.startswith("http")}
    assert not any(link.startswith(ROOT) for link in outside)
    local = [link for link in page.links if link.startswith("/")]
    for link in local[::10]:
        assert client.get(link, headers=HTML).status_code == 200, link


def test_terms_answer_themselves_and_name_their_place(page: Page, client: httpx.Client) -> None:
    for term in ("Drug", "inhibits", "ObjectiveResponseRate"):
        shown = Page(client.get(f"/ontology/{term}", headers=HTML).text)
        assert f"/ontology#{term}" in shown.links
        assert term in page.places


def test_versions_and_the_namespace_answer_too(client: httpx.Client) -> None:
    for path in ("/ontology/2026-11-21", "/ontology/"):
        answer = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert answer.status_code == 200
        assert answer.headers["Content-Location"] == "/ontology?format=ttl"
    assert client.get("/ontology/2001-01-01").status_code == 404


def test_the_tumour_tree_is_an_ontology_of_its_own(client: httpx.Client) -> None:
    answer = client.get("/ontology/histology", headers=HTML, timeout=60)
    shown = Page(answer.text)
    assert {"leiomyosarcoma", "soft-tissue-sarcoma"} <= set(shown.places)
    turtle = client.get("/ontology/histology?format=nt")
    found = read_quads(turtle.content, GraphFormat.N_TRIPLES)
    assert NamedNode(f"{ROOT}histology/leiomyosarcoma") in {quad.subject for quad in found}


def test_answers_are_asked_for_again(client: httpx.Client) -> None:
    for headers in (HTML, {"Accept": "text/turtle"}):
        first = client.get("/ontology", headers=headers)
        again = client.get("/ontology", headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.head("/ontology", headers=headers).headers["ETag"] == first.headers["ETag"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of an ontology without a title, in the default graph."""
    store = Store()
    ontology, kind = NamedNode(f"{ROOT}ontology"), NamedNode(f"{OWL}Ontology")
    store.add(Quad(ontology, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), kind))
    home: Path = tmp_path_factory.mktemp("bare")
    app = create_app(settings_of(home), engine_of(snapshot_of(store, home)))
    with running(app) as address:
        yield address


def test_what_cannot_be_documented_is_shown_as_any_thing(bare: str) -> None:
    answer = httpx.get(f"{bare}/ontology", headers=HTML, timeout=60)
    assert answer.status_code == 200
    assert "Statements" in Page(answer.text).text
    assert len(read_quads(httpx.get(f"{bare}/ontology?format=nt").content, GraphFormat.N_TRIPLES))
