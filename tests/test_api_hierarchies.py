"""Hierarchies over HTTP: their terms by walks of the files themselves, and what rolls up."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from serving import engine_of, running, settings_of, snapshot_of

from api import hierarchy_answers
from api.application import create_app
from kg.build import Assembly
from kg.import_catalogue import describe_imports
from kg.importing.folder import find_imports
from kg.shipped import find_shipped

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
TREE = SHARED / "data" / "oncotree" / "oncotree_2025_10_03.json"
OBO = SHARED / "data" / "disease_ontology" / "DO_cancer_slim.obo"
needs_shared = pytest.mark.skipif(not TREE.exists(), reason="skipped: no ../shared")
ROOT = "https://w3id.org/sarcoma-kg/"
CATALOGUE = NamedNode(f"{ROOT}graph/catalogue")
OWN = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix e: <https://example.org/> .
obo:DOID_1115 a owl:Class ; rdfs:label "sarcoma" ; rdfs:subClassOf e:growth .
e:growth a owl:Class ; rdfs:label "Growth" .
e:cold a owl:Class ; rdfs:label "Cold" .
"""


@pytest.fixture(scope="module")
def client(assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of the shipped graph with the two hierarchies, and one of a user's own."""
    store = Store()
    store.bulk_extend(assembly.store)
    shipped = [
        each
        for each in find_imports(None, find_shipped())
        if each.name in ("oncotree", "disease-ontology")
    ]
    for each in shipped:
        store.bulk_load(path=str(each.nquads), format=RdfFormat.N_QUADS)
    store.extend(
        Quad(triple.subject, triple.predicate, triple.object, CATALOGUE)
        for triple in describe_imports(shipped)
    )
    add_own(store)
    snapshot = snapshot_of(store, tmp_path_factory.mktemp("home"))
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(app) as address, httpx.Client(base_url=address, timeout=60) as found:
        yield found


def add_own(store: Store) -> None:
    graph = NamedNode(f"{ROOT}graph/import-mine")
    for quad in parse(OWN, format=RdfFormat.TURTLE):
        store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.add(Quad(graph, kind, NamedNode(f"{ROOT}ontology/ImportedDataset"), CATALOGUE))
    title = NamedNode("http://purl.org/dc/terms/title")
    store.add(Quad(graph, title, Literal("Mine"), CATALOGUE))


def get(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


@cache
def oncotree() -> Mapping[str, frozenset[str]]:
    """Return the next narrower codes of each code, by a walk of the file."""
    found: dict[str, frozenset[str]] = {}
    pending = [*json.loads(TREE.read_text(encoding="utf-8")).values()]
    while pending:
        node = pending.pop()
        found[f"ONCOTREE:{node['code']}"] = frozenset(f"ONCOTREE:{c}" for c in node["children"])
        pending += node["children"].values()
    return found


@cache
def diseases() -> Mapping[str, frozenset[str]]:
    """Return the next narrower identifiers of each one, by the lines of the file."""
    found: dict[str, set[str]] = defaultdict(set)
    for stanza in OBO.read_text(encoding="utf-8").split("\n\n[Term]\n")[1:]:
        (own,) = re.findall(r"^id: (\S+)", stanza, re.M)
        found[own] |= set()
        for wide in re.findall(r"^is_a: (\S+)", stanza, re.M):
            found[wide].add(own)
    return {wide: frozenset(narrow) for wide, narrow in found.items()}


@cache
def aligned(system: str) -> Mapping[str, str]:
    """Return the histology that each identifier is the same as, by the mapping set."""
    text = (find_shipped().data / "mappings" / f"histologies-{system}.sssom.tsv").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        row["object_id"]: row["subject_id"]
        for row in csv.DictReader(lines, delimiter="\t")
        if row["predicate_id"] == "skos:exactMatch"
    }


def below(tree: Mapping[str, frozenset[str]], term: str) -> set[str]:
    found = {term}
    pending = [term]
    while pending:
        fresh = tree[pending.pop()] - found
        found |= fresh
        pending += fresh
    return found


def histologies_below(system: str, term: str) -> set[str]:
    tree = oncotree() if system == "oncotree" else diseases()
    matches = aligned("oncotree" if system == "oncotree" else "doid")
    return {matches[each] for each in below(tree, term) if each in matches}


def ids(shown: list[dict[str, Any]]) -> set[str]:
    return {each["id"] for each in shown}


@needs_shared
def test_the_hierarchies_are_as_large_as_their_files(client: httpx.Client) -> None:
    found = {each["name"]: each for each in get(client, "/api/v1/hierarchies")["items"]}
    assert [*found] == ["histologies", "disease-ontology", "mine", "oncotree"]
    for name, tree, system in (
        ("oncotree", oncotree(), "oncotree"),
        ("disease-ontology", diseases(), "doid"),
    ):
        narrower = frozenset[str]().union(*tree.values())
        same = {*aligned(system)} & tree.keys()
        assert found[name]["terms"] == len(tree)
        assert found[name]["edges"] == sum(map(len, tree.values()))
        assert found[name]["roots"] == len(tree.keys() - narrower)
        assert found[name]["aligned"] == {"terms": len(same), "histologies": len(same)}
    assert found["oncotree"]["source"]["licence"].endswith("/licenses/by/4.0/")
    assert found["oncotree"]["source"]["version"] == "2025-10-03"
    assert "Memorial Sloan Kettering" in found["oncotree"]["source"]["attribution"]
    assert found["disease-ontology"]["source"]["version"] == "2026-07-31"


def test_our_own_tree_is_one_of_them(client: httpx.Client) -> None:
    (own, *_) = get(client, "/api/v1/hierarchies")["items"]
    query = (
        "PREFIX : <https://w3id.org/sarcoma-kg/ontology/> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT (COUNT(DISTINCT ?h) AS ?n) (COUNT(DISTINCT ?e) AS ?m) { ?h a :Histology OPTIONAL "
        "{ ?h rdfs:subClassOf ?w . ?w a :Histology BIND(CONCAT(STR(?h), STR(?w)) AS ?e) } }"
    )
    answer = get(client, "/sparql", query=query, format="json")
    (row,) = answer["results"]["bindings"]
    assert (own["terms"], own["edges"]) == (int(row["n"]["value"]), int(row["m"]["value"]))
    found = get(client, "/api/v1/hierarchies/histologies/GIST")
    assert found["term"]["id"] == "histology:gastrointestinal-stromal-tumour"
    assert ids(found["aligned"]["here"]) == {found["term"]["id"]}


@needs_shared
@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("oncotree", "ONCOTREE:SOFT_TISSUE"),
        ("oncotree", "ONCOTREE:LIPO"),
        ("oncotree", "ONCOTREE:TISSUE"),
        ("oncotree", "ONCOTREE:BRCA"),
        ("disease-ontology", "DOID:1115"),
        ("disease-ontology", "DOID:162"),
        ("disease-ontology", "DOID:3382"),
    ],
)
def test_a_term_has_what_the_file_has_around_it(client: httpx.Client, name: str, term: str) -> None:
    tree = oncotree() if name == "oncotree" else diseases()
    found = get(client, f"/api/v1/hierarchies/{name}/{term}")
    assert found["term"]["id"] == term
    assert ids(found["children"]) == tree[term]
    assert ids(found["parents"]) == {wide for wide in tree if term in tree[wide]}
    wider = {wide for wide in tree if term in below(tree, wide)} - {term}
    assert ids(found["ancestors"]) == wider
    matches = aligned("oncotree" if name == "oncotree" else "doid")
    here = {matches[term]} if term in matches else set()
    assert ids(found["aligned"]["here"]) == here
    assert ids(found["aligned"]["below"]) == histologies_below(name, term) - here
    assert found["term"]["histologies"] == len(histologies_below(name, term))
    for child in found["children"]:
        assert child["histologies"] == len(histologies_below(name, child["id"]))


@needs_shared
@pytest.mark.parametrize("term", ["ONCOTREE:UTERUS", "ONCOTREE:LIPO", "ONCOTREE:SOFT_TISSUE"])
def test_what_lies_at_a_term_is_as_long_as_its_lists(client: httpx.Client, term: str) -> None:
    lies = get(client, f"/api/v1/hierarchies/oncotree/{term}")["lies"]
    assert {"evidence", "trials", "paths"} <= lies.keys()
    for each in lies.values():
        assert get(client, each["link"])["total"] == each["total"]


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "LIPO",
        "lipo",
        "ONCOTREE:LIPO",
        "oncotree:lipo",
        "https://bioregistry.io/oncotree:LIPO",
        f"{ROOT}imported/oncotree/LIPO",
        "Liposarcoma",
    ],
)
def test_a_term_is_found_by_any_of_its_names(client: httpx.Client, name: str) -> None:
    found = get(client, f"/api/v1/hierarchies/oncotree/{name}")
    assert found["term"]["id"] == "ONCOTREE:LIPO"
    assert found["term"]["level"] == 2
    assert found["term"]["mainType"] == "Soft Tissue Sarcoma"


@needs_shared
def test_terms_are_found_by_synonyms_and_former_identifiers(client: httpx.Client) -> None:
    for name in ("hemangiosarcoma", "DOID:267", "doid:0001816"):
        found = get(client, f"/api/v1/hierarchies/disease-ontology/{name}")
        assert found["term"]["id"] == "DOID:0001816", name
    found = get(client, "/api/v1/hierarchies/oncotree/MDS%2FMPN")
    assert found["term"]["id"] == "ONCOTREE:MDS/MPN"
    assert get(client, found["term"]["link"])["term"]["id"] == "ONCOTREE:MDS/MPN"


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/v1/hierarchies/onctree", "name"),
        ("/api/v1/hierarchies/oncotree/zzz", "term"),
        ("/api/v1/hierarchies/oncotree?root=zzz", "root"),
        ("/api/v1/hierarchies/histologies/zzz", "term"),
    ],
)
def test_unknown_names_are_not_found(client: httpx.Client, path: str, parameter: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["parameter"] == parameter


@pytest.mark.parametrize("query", ["depth=21", "depth=-1", "depth=x", "root=", "other=1"])
def test_parameters_that_are_none_are_refused(client: httpx.Client, query: str) -> None:
    assert client.get(f"/api/v1/hierarchies/oncotree?{query}").status_code == 400


@needs_shared
def test_a_tree_is_shown_to_the_depth_that_is_asked_for(client: httpx.Client) -> None:
    found = get(client, "/api/v1/hierarchies/oncotree", depth=20)
    assert found["terms"] == 898
    assert dict(walked(found["roots"])) == oncotree()
    found = get(client, "/api/v1/hierarchies/oncotree", root="SOFT_TISSUE", depth=1)
    assert found["terms"] == 1 + len(oncotree()["ONCOTREE:SOFT_TISSUE"])
    (root,) = found["roots"]
    assert ids(root["children"]) == oncotree()["ONCOTREE:SOFT_TISSUE"]
    for child in root["children"]:
        assert child["narrower"] == len(oncotree()[child["id"]])
        assert "children" not in child
    found = get(client, "/api/v1/hierarchies/disease-ontology", depth=0)
    narrower = frozenset[str]().union(*diseases().values())
    assert ids(found["roots"]) == diseases().keys() - narrower


def walked(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, frozenset[str]]]:
    for node in nodes:
        children = node.get("children", [])
        yield node["id"], frozenset(ids(children))
        yield from walked(children)


def test_a_tree_that_is_too_large_is_refused(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hierarchy_answers, "MOST_TERMS", 40)
    answer = client.get("/api/v1/hierarchies/oncotree?depth=3")
    assert answer.status_code == 400
    assert "more than 40 terms to depth 2" in answer.json()["detail"]


@needs_shared
@pytest.mark.parametrize(
    ("system", "term"),
    [
        ("oncotree", "ONCOTREE:TISSUE"),
        ("oncotree", "ONCOTREE:UTERUS"),
        ("disease-ontology", "DOID:162"),
        ("disease-ontology", "DOID:2394"),
    ],
)
def test_a_foreign_term_stands_for_the_histologies_below_it(
    client: httpx.Client, system: str, term: str
) -> None:
    meant = histologies_below(system, term)
    assert meant or term == "DOID:2394"
    if not meant:
        assert client.get("/api/v1/evidence", params={"histology": term}).status_code == 404
        return
    expected = evidence_about(client, meant)
    found = get(client, "/api/v1/evidence", histology=term, limit=1000)
    assert {item["iri"] for item in found["items"]} == expected
    assert {item["match"] for item in found["items"]} <= {"inherited"}
    (said,) = found["standsFor"]
    assert (said["id"], ids(said["histologies"])) == (term, meant)
    assert get(client, "/api/v1/evidence", histology=term, direct=True)["total"] == 0


def evidence_about(client: httpx.Client, histologies: set[str]) -> set[str]:
    """Return the results on some histologies or narrower ones, by SPARQL."""
    listed = " ".join(f"<{ROOT}{each.replace(':', '/')}>" for each in sorted(histologies))
    query = (
        "PREFIX : <https://w3id.org/sarcoma-kg/ontology/> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"SELECT DISTINCT ?item {{ VALUES ?wide {{ {listed} }} ?h rdfs:subClassOf* ?wide . "
        "?item a :EvidenceItem ; :aboutHistology ?h }"
    )
    rows = get(client, "/sparql", query=query, format="json")["results"]["bindings"]
    return {row["item"]["value"] for row in rows}


@needs_shared
def test_paths_and_contradictions_roll_up_as_well(client: httpx.Client) -> None:
    meant = histologies_below("oncotree", "ONCOTREE:TISSUE")
    around = ids(get(client, "/api/v1/histologies", limit=1000)["items"])
    found = get(client, "/api/v1/paths", histology="ONCOTREE:TISSUE", limit=1000)
    shown = {path_key(path) for path in found["paths"]}
    assert len(shown) == found["total"] > 100
    parts = [sorted(meant)[start : start + 40] for start in range(0, len(meant), 40)]
    every = [get(client, "/api/v1/paths", histology=part, limit=1000) for part in parts]
    assert shown == {path_key(path) for part in every for path in part["paths"]}
    assert {path["match"] for path in found["paths"]} == {"inherited"}
    assert {path["histology"]["id"] for path in found["paths"]} <= around
    assert ids(found["standsFor"]) == {"ONCOTREE:TISSUE"}
    assert not any("standsFor" in part for part in every)
    single = get(client, "/api/v1/contradictions", histology="DOID:162")["total"]
    whole = get(client, "/api/v1/contradictions")["total"]
    assert 0 < single <= whole


def path_key(path: Mapping[str, Any]) -> str:
    nodes = [path[key] for key in ("kind", "reach", "drug", "targets", "histology")]
    return json.dumps([*nodes, [node["id"] for node in path["nodes"]]])


@needs_shared
def test_the_query_that_explains_paths_finds_the_same(client: httpx.Client) -> None:
    found = get(client, "/api/v1/paths", histology="ONCOTREE:TISSUE", explain=True, fields="nodes")
    rows = client.post("/sparql", data={"query": found["explain"]["sparql"], "format": "json"})
    assert len(rows.json()["results"]["bindings"]) == found["total"]


@needs_shared
@pytest.mark.parametrize(
    ("term", "same"),
    [
        ("DOID:1115", "histology:sarcoma"),
        ("ONCOTREE:SOFT_TISSUE", "histology:soft-tissue-tumour"),
    ],
)
def test_a_term_with_an_exact_match_is_that_histology(
    client: httpx.Client, term: str, same: str
) -> None:
    foreign = get(client, "/api/v1/evidence", histology=term, limit=1000)
    own = get(client, "/api/v1/evidence", histology=same, limit=1000)
    assert ids(foreign["items"]) == ids(own["items"])
    assert [item["match"] for item in foreign["items"]] == [item["match"] for item in own["items"]]
    assert "standsFor" not in foreign


@needs_shared
def test_nothing_below_is_not_found_and_says_so(client: httpx.Client) -> None:
    nothing = next(
        term
        for term in sorted(oncotree())
        if not histologies_below("oncotree", term) and term.removeprefix("ONCOTREE:").isalnum()
    )
    for path in ("/api/v1/evidence", "/api/v1/paths", "/api/v1/contradictions"):
        answer = client.get(path, params={"histology": nothing})
        assert answer.status_code == 404
        detail = answer.json()["detail"]
        assert f"histology '{nothing}' is aligned with no histology here" in detail
        assert "/api/v1/hierarchies" in detail


@needs_shared
def test_a_foreign_label_is_no_histology(client: httpx.Client) -> None:
    answer = client.get("/api/v1/evidence", params={"histology": "Ovary/Fallopian Tube"})
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("not a histology")


@needs_shared
def test_several_names_may_be_foreign_and_own(client: httpx.Client) -> None:
    names = ["ONCOTREE:TISSUE", "uterine leiomyosarcoma"]
    single = [get(client, "/api/v1/evidence", histology=each, limit=1000) for each in names]
    both = get(client, "/api/v1/evidence", histology=",".join(names), limit=1000)
    assert ids(both["items"]) == ids(single[0]["items"]) | ids(single[1]["items"])


def test_an_ontology_of_ones_own_is_aligned_by_the_mappings(client: httpx.Client) -> None:
    found = get(client, "/api/v1/hierarchies/mine/Growth")
    assert found["term"]["id"] == "https://example.org/growth"
    assert ids(found["aligned"]["below"]) == {"histology:sarcoma"}
    assert ids(found["children"]) == {"DOID:1115"}
    rolled = get(client, "/api/v1/evidence", histology="https://example.org/growth", limit=1000)
    own = get(client, "/api/v1/evidence", histology="histology:sarcoma", limit=1000)
    assert ids(rolled["items"]) == ids(own["items"])
    answer = client.get("/api/v1/evidence", params={"histology": "https://example.org/cold"})
    assert answer.status_code == 404
