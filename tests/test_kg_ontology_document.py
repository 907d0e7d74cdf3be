"""The documentation of an ontology: every term has its place, and nothing comes from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from linked_names import ROOT, Page
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from kg.namespaces import read_namespaces
from kg.ontology_document import DocumentationError, OntologySource, make_documentation
from kg.shipped import find_shipped

ONTOLOGY = "http://e.org/o"
MINE = f"""
@prefix : <{ONTOLOGY}/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{ONTOLOGY}> a owl:Ontology ; dcterms:title "<b>Mine</b>" ; owl:versionIRI <{ONTOLOGY}/1> ;
  dcterms:creator "A. Nobody" ; dcterms:license <http://e.org/licence> .
<http://e.org/other> a owl:Ontology ; dcterms:title "Not mine" .
:Thing a owl:Class ; rdfs:label "<script>alert(1)</script> thing" ;
  skos:definition "See [this](javascript:alert(1)) <img src=x onerror=alert(1)>." .
:has a owl:ObjectProperty ; rdfs:label "has" ; rdfs:range :Thing .
:value a owl:NamedIndividual, :Thing ; rdfs:label "a & value" ; skos:definition "<i>one</i>" .
"""
SHAPES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <{ONTOLOGY}/> .
:shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property
  [ sh:path :has ; sh:minCount 1 ; sh:maxCount 1 ; sh:message "must have <one>" ] ,
  [ sh:path [ sh:inversePath :has ] ; sh:maxCount 3 ] ,
  [ sh:path ( :has [ sh:alternativePath ( :has :value ) ] ) ] .
"""


def source_of(turtle: str, iri: str = ONTOLOGY, shapes: str = "") -> OntologySource:
    triples = (quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))
    text = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return OntologySource(iri, text, {"o": f"{iri}/"}, (shapes,) if shapes else ())


@pytest.fixture(scope="module")
def mine() -> str:
    return make_documentation(source_of(MINE, shapes=SHAPES))


@pytest.fixture(scope="module")
def shipped() -> str:
    folder = find_shipped()
    names = read_namespaces(folder.context)
    turtle = (folder.ontology / "sarcoma.ttl").read_text(encoding="utf-8")
    source = source_of(turtle, f"{ROOT}ontology")
    shapes = tuple(each.read_text(encoding="utf-8") for each in folder.shapes.glob("*.ttl"))
    return make_documentation(
        OntologySource(source.iri, source.triples, {**names.prefixes}, shapes)
    )


def test_every_term_has_one_place(shipped: str) -> None:
    turtle = Path(find_shipped().ontology / "sarcoma.ttl").read_text(encoding="utf-8")
    space = f"{ROOT}ontology/"
    terms = {
        quad.subject.value.removeprefix(space)
        for quad in parse(turtle, format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(space)
    }
    page = Page(shipped)
    assert len(terms) > 500
    assert terms <= set(page.places)
    assert len(page.places) == len(set(page.places))


def test_every_link_on_the_page_has_its_place(shipped: str) -> None:
    page = Page(shipped)
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert len(inside) > 300
    assert inside <= set(page.places)


def test_the_page_says_what_the_ontology_says_of_itself(shipped: str) -> None:
    text = Page(shipped).text
    for shown in ("Ontology of soft-tissue sarcoma treatment", "The sarcoma-kg contributors",
                  "https://creativecommons.org/licenses/by/4.0/", "2026-11-21"):  # fmt: skip
        assert shown in text, shown
    assert "comorbidity of a contraindication" in text or "condition of a contraindication" in text


def test_nothing_is_fetched_and_nothing_runs(shipped: str, mine: str) -> None:
    for text in (shipped, mine):
        page = Page(text)
        assert page.sources == []
        assert not page.elements & {"script", "style", "link", "img", "iframe", "svg", "form"}
        assert not [link for link in page.links if link.lower().startswith("javascript")]
        assert not re.search(r"<[^>]* style=", text)


def test_hostile_labels_are_shown_as_they_are(mine: str) -> None:
    assert "&lt;script&gt;alert(1)" in mine
    assert "&lt;i&gt;one&lt;/i&gt;" in mine
    assert "Not mine" not in mine


def test_values_and_constraints_are_told(mine: str) -> None:
    page = Page(mine)
    assert {"Thing", "has", "value", "values", "constraints"} <= set(page.places)
    for shown in ("a & value", "must have <one>", "inverse of has", "0 to 3", "has / has or"):
        assert shown in page.text, shown


def test_the_same_source_gives_the_same_page(mine: str) -> None:
    assert make_documentation(source_of(MINE, shapes=SHAPES)) == mine


def test_what_cannot_be_documented_is_refused() -> None:
    with pytest.raises(DocumentationError, match=r"http://e\.org/o cannot be documented"):
        make_documentation(OntologySource(ONTOLOGY, f"<{ONTOLOGY}> <no"))
    with pytest.raises(DocumentationError, match="title"):
        make_documentation(source_of(f"<{ONTOLOGY}> a <http://www.w3.org/2002/07/owl#Ontology> ."))


def test_no_module_of_the_folder_it_is_made_in_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pylode.py").write_text("raise SystemExit('ran')")
    monkeypatch.chdir(tmp_path)
    assert "Mine" in make_documentation(source_of(MINE))
