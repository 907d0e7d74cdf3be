"""Ontologies as imports: the forms of the Disease Ontology agree; what is refused, and where."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from known_terms import Known, edges, values
from pyoxigraph import Triple

from kg.importing.disease_ontology import find_version, read, read_terms
from kg.importing.external_term import Term
from kg.importing.ontology_files import read as read_any
from kg.importing.record import Record, Reject, RejectRule
from kg.importing.statement import imported_iri

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
FOLDER = SHARED / "data" / "disease_ontology"
needs_shared = pytest.mark.skipif(not FOLDER.is_dir(), reason="skipped: no ../shared")
FORMS = ("obo", "json", "owl")
OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
SYNONYMS = [f"has{each}Synonym" for each in ("Exact", "Narrow", "Broad", "Related")]
OBO = """format-version: 1.2
data-version: doid/releases/2026-07-31/x.obo

[Term]
id: DOID:1
name: tumour
alt_id: DOID:9

[Term]
id: DOID:2
name: sarcoma
synonym: "soft tumour" EXACT []
synonym: "soft growth" RELATED []
xref: NCI:C9118
xref: MADEUP:7
property_value: skos:exactMatch "UMLS_CUI:C1261473" xsd:string
is_a: DOID:1 ! tumour

[Term]
id: DOID:3
name: old
is_obsolete: true
replaced_by: DOID:2

[Typedef]
id: part_of
name: part of
"""


def file_of(form: str) -> Path:
    return FOLDER / f"DO_cancer_slim.{form}"


def triples_of(items: list[Record | Reject]) -> list[Triple]:
    return [triple for item in items if isinstance(item, Record) for triple in item.triples]


def without_places(triples: list[Triple]) -> set[Triple]:
    return {triple for triple in triples if not triple.predicate.value.endswith("/recordPlace")}


def given(path: Path, name: str, text: str) -> Path:
    file = path / name
    file.write_text(text, encoding="utf-8")
    return file


def refusals(items: list[Record | Reject]) -> list[tuple[str, RejectRule]]:
    return [(item.place, item.rule) for item in items if isinstance(item, Reject)]


@needs_shared
def test_the_three_forms_give_the_same_terms_and_edges() -> None:
    obo, graphs, owl = ([*read([file_of(form)], Known())] for form in FORMS)
    assert len(obo) == len(graphs) == len(owl) == 730
    assert not refusals([*obo, *graphs, *owl])
    same = without_places(triples_of(obo))
    assert same == without_places(triples_of(graphs)) == without_places(triples_of(owl))
    assert {find_version([file_of(form)]) for form in FORMS} == {"2026-07-31"}


@needs_shared
def test_terms_and_edges_are_those_that_another_reader_finds_in_the_owl() -> None:
    graph = rdflib.Graph().parse(file_of("owl"), format="xml")
    owl, rdfs, obo = rdflib.OWL, rdflib.RDFS, rdflib.Namespace(OBO_IN_OWL)
    classes = set(graph.subjects(rdflib.RDF.type, owl.Class))
    triples = triples_of([*read([file_of("obo")], Known())])
    assert {iri for _, iri in edges(triples, "registeredAs")} == {str(each) for each in classes}
    above = {(short(a), short(b)) for a, b in graph.subject_objects(rdfs.subClassOf)}
    assert {(tail(a), tail(b)) for a, b in edges(triples, "broaderTerm")} == above
    assert len(above) == 657
    for name in (*SYNONYMS, "hasAlternativeId"):
        stated = {(short(a), str(b)) for a, b in graph.subject_objects(obo[name])}
        assert {(tail(a), b) for a, b in values(triples, name)} == stated, name
    obsolete = set(graph.subjects(owl.deprecated, rdflib.Literal(True)))
    assert {tail(a) for a, _ in values(triples, "deprecated")} == {short(a) for a in obsolete}


@needs_shared
def test_the_texts_of_the_other_two_forms_count_the_same() -> None:
    obo = file_of("obo").read_text(encoding="utf-8")
    (graph,) = json.loads(file_of("json").read_text(encoding="utf-8"))["graphs"]
    classes = [node for node in graph["nodes"] if node["type"] == "CLASS"]
    metas = [node["meta"] for node in classes]
    assert obo.count("\n[Term]\n") == len(classes) == 730
    assert len(re.findall(r"^is_a: ", obo, re.M)) == len(graph["edges"]) == 657
    xrefs = [each["val"] for meta in metas for each in meta.get("xrefs", ())]
    assert len(re.findall(r"^xref: ", obo, re.M)) == len(xrefs) == 3019
    scopes = Counter(re.findall(r'^synonym: ".*" ([A-Z]+) ', obo, re.M))
    assert scopes == {"EXACT": 1213, "RELATED": 48, "NARROW": 3, "BROAD": 1}
    triples = triples_of([*read([file_of("json")], Known())])
    assert {name: len(values(triples, name)) for name in SYNONYMS} == {
        f"has{scope.title()}Synonym": count for scope, count in scopes.items()
    }
    systems = Counter(each.partition(":")[0] for each in xrefs)
    kept = Counter(each.partition(":")[0] for _, each in values(triples, "hasDbXref"))
    assert kept["GARD"] == systems["GARD"] == 141
    assert kept["ICDO"] == systems["ICDO"] == 354


def short(iri: object) -> str:
    return str(iri).rpartition("/")[2]


def tail(iri: str) -> str:
    return iri.removeprefix(imported_iri("disease-ontology") + "/")


def test_a_term_states_what_its_stanza_does(tmp_path: Path) -> None:
    sarcoma = "https://w3id.org/sarcoma-kg/histology/sarcoma"
    file = given(tmp_path, "x.obo", OBO)
    items = [*read([file], Known({"DOID:2": sarcoma}))]
    first, second, third = (item for item in items if isinstance(item, Record))
    assert len(items) == 3  # a relation is no disease
    assert [first.place, second.place] == ["x.obo:4", "x.obo:9"]
    assert second.refers == {sarcoma}
    links = {name: {tail(b) for _, b in edges(second.triples, name)} for name in ("broaderTerm",)}
    assert links == {"broaderTerm": {"DOID_1"}}
    assert {b for _, b in values(second.triples, "hasDbXref")} == {
        "NCIT:C9118",
        "MADEUP:7",
        "UMLS:C1261473",
    }
    assert {b for _, b in edges(second.triples, "exactMatch")} == {
        sarcoma,
        "https://identifiers.org/umls:C1261473",
    }
    assert {b for _, b in values(second.triples, "hasExactSynonym")} == {"soft tumour"}
    assert {b for _, b in values(third.triples, "deprecated")} == {"true"}
    assert {tail(b) for _, b in edges(third.triples, "IAO_0100001")} == {"DOID_2"}
    assert [each.identifier for each in (*first.unmatched, *third.unmatched)] == [
        "DOID:1",
        "DOID:3",
    ]


def test_a_stanza_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    broken = OBO.replace("is_a: DOID:1 ! tumour", "is_a DOID:1")
    items = [*read([given(tmp_path, "x.obo", broken)], Known())]
    assert refusals(items) == [("x.obo:17", RejectRule.UNREADABLE)]
    assert [item.id for item in items if isinstance(item, Record)] == ["DOID:1", "DOID:3"]


def test_terms_of_other_ontologies_are_not_wanted(tmp_path: Path) -> None:
    text = f"{OBO}\n[Term]\nid: HP:0000001\nname: All\n"
    items = [*read([given(tmp_path, "x.obo", text)], Known())]
    assert refusals(items) == [("x.obo:29", RejectRule.NOT_WANTED)]


@pytest.mark.parametrize(
    ("name", "text", "place", "rule"),
    [
        ("x.obo", "[Term]\nid: DOID:1\n", "x.obo:1", RejectRule.WRONG_SCHEMA),
        ("x.obo", "ontology: doid\n\n[Term]\nid: DOID:1\n", "x.obo:1", RejectRule.WRONG_SCHEMA),
        ("x.obo", "", "x.obo:1", RejectRule.WRONG_SCHEMA),
        ("x.obo", OBO.rstrip("\n"), "x.obo", RejectRule.TRUNCATED),
        ("x.json", '{"nodes": []}', "x.json", RejectRule.WRONG_SCHEMA),
        ("x.json", '{"graphs": [{"nodes": []', "x.json:1", RejectRule.TRUNCATED),
        ("x.json", "graphs", "x.json:1", RejectRule.UNREADABLE),
        (
            "x.json",
            '{"graphs": [{"edges": [{"sub": "a"}]}]}',
            "x.json#/graphs/0/edges/0",
            RejectRule.WRONG_SCHEMA,
        ),
        ("x.owl", "<rdf:RDF", "x.owl:1", RejectRule.TRUNCATED),
        (
            "x.owl",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
            "x.owl",
            RejectRule.WRONG_SCHEMA,
        ),
        ("x.txt", OBO, "x.txt", RejectRule.WRONG_SCHEMA),
    ],
)
def test_files_that_are_none_of_the_forms_are_refused_whole(
    tmp_path: Path, name: str, text: str, place: str, rule: RejectRule
) -> None:
    assert refusals([*read([given(tmp_path, name, text)], Known())]) == [(place, rule)]


@pytest.mark.parametrize("version", ["9.9", "1.1", "1.20", "", "1.2 1.4", "one"])
def test_another_version_of_obo_is_refused(tmp_path: Path, version: str) -> None:
    text = OBO.replace("format-version: 1.2", f"format-version: {version}")
    expected = [("x.obo:1", RejectRule.WRONG_SCHEMA)]
    assert refusals([*read([given(tmp_path, "x.obo", text)], Known())]) == expected


@pytest.mark.parametrize("first", ["1.0", "1.2", "1.4", "1.4 ! the newest", "1.2  "])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_known_versions_of_obo_are_read_whatever_mark_is_before_them(
    tmp_path: Path, first: str, mark: str
) -> None:
    text = mark + OBO.replace("format-version: 1.2", f"format-version: {first}")
    file = given(tmp_path, "x.obo", text)
    items = [*read([file], Known())]
    assert next(item.place for item in items if isinstance(item, Record)) == "x.obo:4"
    assert len(items) == 3
    assert find_version([file]) == "2026-07-31"


_LAUGHS = """<!DOCTYPE rdf:RDF [<!ENTITY a0 "aaaaaaaaaa">{}]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
<rdf:Description rdf:about="e:a"><rdfs:label>&a11;</rdfs:label></rdf:Description></rdf:RDF>
"""
_BOMB = _LAUGHS.format("".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)))
_SSSOM_BOMB = "".join(
    (
        "#a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n",
        *(f"#a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        "#mapping_set_version: *a11\n",
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n",
    )
)
_READ_BOUNDED = """\
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from kg.importing import disease_ontology, ontology_files
from kg.importing.terms_reading import KnownTerms
file, terms = Path(sys.argv[1]), KnownTerms([])
assert ontology_files.find_version([file]) is None
assert disease_ontology.find_version([file]) is None
(found,) = ontology_files.read("mine", [file], terms)
print(found.rule)
if file.suffix == ".owl":
    (found,) = disease_ontology.read([file], terms)
    print(found.rule)
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("bomb.owl", _BOMB), ("bomb.rdf", _BOMB), ("bomb.sssom.tsv", _SSSOM_BOMB)],
)
def test_what_would_grow_without_bound_is_refused_before_it_is_parsed(
    tmp_path: Path, name: str, text: str
) -> None:
    command = [sys.executable, "-c", _READ_BOUNDED, str(given(tmp_path, name, text))]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {"unreadable"}


def test_a_version_that_is_no_text_is_none(tmp_path: Path) -> None:
    text = json.dumps({"graphs": [{"meta": {"version": 7}, "nodes": []}]})
    assert find_version([given(tmp_path, "x.json", text)]) is None


def test_metadata_that_nest_without_end_are_refused(tmp_path: Path) -> None:
    deep = "#a: " + "[" * 3_000 + "]" * 3_000 + "\nsubject_id\tpredicate_id\tobject_id\n"
    expected = [("x.sssom.tsv:1", RejectRule.UNREADABLE)]
    items = [*read_any("mine", [given(tmp_path, "x.sssom.tsv", deep)], Known())]
    assert refusals(items) == expected


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.obo"
    file.write_bytes(b"format-version: 1.2\n\xff\n[Term]\nid: DOID:1\n")
    assert refusals([*read([file], Known())]) == [("x.obo", RejectRule.UNREADABLE)]


def test_graphs_that_are_cut_off_anywhere_give_nothing(tmp_path: Path) -> None:
    graphs = graphs_of(node("DOID_1", note="T\u00e4\u20ac\U0001f9ec"), node("DOID_2"))
    whole = json.dumps(graphs, ensure_ascii=False).encode()
    file = tmp_path / "x.json"
    file.write_bytes(whole)
    assert len([*read_terms(file)]) == 2
    for end in range(1, len(whole)):
        file.write_bytes(whole[:end])
        (item,) = read_terms(file)
        assert isinstance(item, Reject)
        assert item.rule is RejectRule.TRUNCATED, whole[:end]


def node(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"http://purl.obolibrary.org/obo/{name}", "type": "CLASS", "lbl": name, **more}


def graphs_of(*nodes: Any) -> dict[str, Any]:
    first, second = (f"http://purl.obolibrary.org/obo/DOID_{each}" for each in (1, 2))
    edge = {"sub": second, "pred": "is_a", "obj": first}
    other = {"sub": second, "pred": "http://example.org/part_of", "obj": first}
    return {"graphs": [{"nodes": [*nodes], "edges": [edge, other]}]}


def test_nodes_that_are_none_are_refused_with_their_pointers(tmp_path: Path) -> None:
    text = json.dumps(graphs_of(node("DOID_1"), 7, {"lbl": "x"}, node("P_1", type="PROPERTY")))
    first, second, third = read_terms(given(tmp_path, "x.json", text))
    assert isinstance(first, Term)
    assert first.place == "x.json#/graphs/0/nodes/0"
    rule = RejectRule.WRONG_SCHEMA
    assert refusals([item for item in (second, third) if isinstance(item, Reject)]) == [
        ("x.json#/graphs/0/nodes/1", rule),
        ("x.json#/graphs/0/nodes/2", rule),
    ]


def test_ontologies_of_ones_own_are_terms_of_any_kind(tmp_path: Path) -> None:
    text = "format-version: 1.4\n\n[Term]\nid: MY:1\nname: mine\n\n[Term]\nid: MY:2\nis_a: MY:1\n"
    items = [*read_any("my-terms", [given(tmp_path, "x.obo", text)], Known())]
    records = [item for item in items if isinstance(item, Record)]
    triples = triples_of(items)
    assert [record.unmatched for record in records] == [(), ()]
    root = imported_iri("my-terms")
    assert edges(triples, "broaderTerm") == {(f"{root}/MY_2", f"{root}/MY_1")}
    assert edges(triples, "registeredAs") == set()
    kinds = {iri.rpartition("/")[2] for _, iri in edges(triples, "22-rdf-syntax-ns/type")}
    assert kinds == {"ExternalTerm", "ImportedRecord"}
