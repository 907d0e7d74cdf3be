"""What imports state, over HTTP: lists of its own, marked with its source and apart from claims."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.kinds import KINDS, Kind
from api.list_fields import FieldType
from api.list_kinds import fields_of
from kg.build import Assembly
from kg.catalogue import CATALOGUE
from kg.import_catalogue import describe_imports
from kg.importing.clinicaltrials.importer import read
from kg.importing.folder import find_imports
from kg.importing.record import Record
from kg.importing.statement import import_graph
from kg.importing.terms_reading import read_terms
from kg.shipped import find_shipped

ROOT = "https://w3id.org/sarcoma-kg/"
ONTOLOGY = f"{ROOT}ontology/"
PREFIXES = f"""PREFIX : <{ONTOLOGY}>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX oboInOwl: <http://www.geneontology.org/formats/oboInOwl#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TRIALS = find_shipped().root.parent / "shared" / "data" / "clinicaltrials" / "v2"
IMPORTED = [kind for kind in KINDS if kind.is_imported]
OF_TRIALS = {"imported-trials", "imported-evidence"}
each_kind = pytest.mark.parametrize("kind", IMPORTED, ids=lambda kind: kind.path)


REGIMEN_TRIAL = "imported:clinicaltrials/NCT99999999"
"""A trial of those in ../shared, told of a regimen, and indexed by what it does not say."""


_CHANGES = {
    "NCT02513394": "NCT99999999",
    "Palbociclib Plus Endocrine Therapy (Arm A)": "Arm A",
    "Palbociclib": "MAID",
}


def write_regimen_trial(folder: Path) -> Path:
    """Write a trial with results that gives MAID, and that its registry indexes as others."""
    text = (TRIALS / "NCT02513394.json").read_text(encoding="utf-8")
    for old, new in _CHANGES.items():
        text = text.replace(old, new)
    trial = json.loads(text)
    trial["derivedSection"]["conditionBrowseModule"] = mesh("D007890", "Leiomyosarcoma")
    trial["derivedSection"]["interventionBrowseModule"] = mesh("D000068877", "Imatinib Mesylate")
    file = folder / "NCT99999999.json"
    file.write_text(json.dumps(trial), encoding="utf-8")
    return file


def mesh(code: str, term: str) -> dict[str, Any]:
    return {"meshes": [{"id": code, "term": term}]}


@pytest.fixture(scope="module")
def store(assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The graph with the shipped imports, and the trials of ../shared as far as they are there."""
    found, imports = Store(), find_imports(None, find_shipped())
    found.extend(assembly.store)
    for each in imports:
        found.bulk_load(path=str(each.nquads), format=RdfFormat.N_QUADS)
    for triple in describe_imports(imports):
        catalogue = NamedNode(CATALOGUE)
        found.add(Quad(triple.subject, triple.predicate, triple.object, catalogue))
    graph = NamedNode(import_graph("clinicaltrials"))
    files = sorted(TRIALS.glob("*.json"))
    if files:
        files.append(write_regimen_trial(tmp_path_factory.mktemp("trial")))
    for item in read(files, read_terms(assembly.store)):
        assert isinstance(item, Record)
        found.extend(Quad(t.subject, t.predicate, t.object, graph) for t in item.triples)
    return found


@pytest.fixture(scope="module")
def server(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    snapshot = snapshot_of(store, tmp_path_factory.mktemp("imports"))
    served = create_app(settings_of(snapshot.directory), engine_of(snapshot, memory=1024))
    with running(served) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def get(server: httpx.Client, path: str, **asked: Any) -> Any:
    answer = server.get(f"/api/v1/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(store: Store, query: str) -> list[list[str]]:
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [[term.value if term else "" for term in row] for row in found]


def members(kind: Kind) -> str:
    without = f"MINUS {{ ?item a :{kind.without} }}" if kind.without else ""
    return f"?item a :{kind.class_name} . {without}"


@each_kind
def test_totals_and_facets_are_those_of_the_graph(
    server: httpx.Client, store: Store, kind: Kind
) -> None:
    if kind.path in OF_TRIALS and not TRIALS.is_dir():
        pytest.skip("skipped: no ../shared")
    ((total,),) = rows(store, f"SELECT (COUNT(DISTINCT ?item) AS ?n) {{ {members(kind)} }}")
    answer = get(server, kind.path, limit=1)
    assert answer["total"] == int(total) > 0
    for field in (each for each in fields_of(kind.path) if each.type is FieldType.THING):
        facet = get(server, kind.path, limit=1, facets=field.name)["facets"][field.name]
        kept = f"a :{field.part_class} ; " if field.part_class else ""
        path = f"{field.part} [ {kept}{field.path} ?v ]" if field.part else f"{field.path} ?v"
        stated = rows(
            store,
            f"SELECT (COUNT(DISTINCT ?item) AS ?n) (COUNT(DISTINCT ?v) AS ?values) "
            f"{{ {members(kind)} ?item {path} FILTER (ISIRI(?v)) }}",
        )
        having, distinct = map(int, stated[0])
        assert (facet["missing"], facet["distinct"]) == (int(total) - having, distinct), field.name


@each_kind
def test_whatever_records_state_is_a_field(store: Store, kind: Kind) -> None:
    stated = rows(store, f"SELECT DISTINCT ?p {{ {members(kind)} ?item ?p ?value }}")
    steps = " ".join(f"{field.part} {field.path}" for field in fields_of(kind.path))
    words = set(steps.replace("^", " ^").replace("/", " ").replace("|", " ").split())
    own = {predicate.removeprefix(ONTOLOGY) for (predicate,) in stated if ONTOLOGY in predicate}
    assert own - {word.strip("()").removeprefix(":") for word in words} == set()


@each_kind
def test_every_record_says_its_source(server: httpx.Client, kind: Kind) -> None:
    if kind.path == "imports":
        return
    for item in get(server, kind.path, limit=50)["items"]:
        assert item["source"]["kind"] == "import"
        assert item["id"].startswith(f"imported:{item['source']['import']}/")
        assert item["importedFrom"]["id"] == f"graph:import-{item['source']['import']}"
        assert isinstance(item.get("label", ""), str)


def test_an_import_says_where_it_came_from_and_what_became_of_it(server: httpx.Client) -> None:
    found = get(server, "imports/gtopdb")
    assert found["dcterms:license"]["id"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    counts = [found[name] for name in ("recordsRead", "recordsKept", "recordsRejected")]
    assert counts == [166, 65, 101]
    assert len(found["contentDigest"]) == 64
    assert {each["id"] for each in get(server, "imports", limit=9)["items"]} >= {
        "graph:import-civic",
        "graph:import-drugmechdb",
        "graph:import-gtopdb",
        "graph:import-oncotree",
    }


def test_claims_are_filtered_by_what_they_state(server: httpx.Client, store: Store) -> None:
    found = get(server, "imported-claims", drug="pazopanib", target="VEGFR", limit=100)
    assert {each["source"]["import"] for each in found["items"]} == {"drugmechdb", "gtopdb"}
    assert all(each["matches"]["target"]["match"] == "inherited" for each in found["items"])
    strong = get(server, "imported-claims", source="gtopdb", target="KIT", minAffinityValue=8)
    assert {each["concernsDrug"]["id"] for each in strong["items"]} == {
        "drug:cediranib",
        "drug:sunitinib",
    }
    of_civic = get(server, "imported-claims", source="civic", histology="GIST", level="B", limit=1)
    ((count,),) = rows(
        store,
        """SELECT (COUNT(DISTINCT ?c) AS ?n) {
      ?c a :ImportedVariantClaim ; :claimLevel "B" ; :concernsHistology ?h .
      ?h rdfs:subClassOf* <https://w3id.org/sarcoma-kg/histology/gastrointestinal-stromal-tumour> }
    """,
    )
    assert of_civic["total"] == int(count) > 0


def test_tables_have_the_source_and_the_licence_of_each_row(server: httpx.Client) -> None:
    asked = {"drug": "pazopanib", "format": "csv", "fields": "source,licence,retrieved,target"}
    answer = server.get("/api/v1/imported-claims", params=asked)
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert found
    for row in found:
        assert row["source"].startswith("graph:import-")
        assert row["licence"].startswith("https://")
        assert row["retrieved"]


def test_json_ld_reads_back_as_statements_of_the_graph(server: httpx.Client, store: Store) -> None:
    asked: dict[str, str | int] = {"drug": "pazopanib", "format": "jsonld", "limit": 5}
    answer = server.get("/api/v1/imported-claims", params=asked)
    context = server.get("/api/v1/context.jsonld").json()["@context"]
    document = {**answer.json(), "@context": context}
    text = json.dumps(document).encode()
    read = parse(text, format=RdfFormat.JSON_LD, base_iri="http://x/")
    triples = {quad.triple for quad in read}
    known = {quad.triple for quad in store}
    assert len(triples) > 30
    assert triples <= known


def test_the_lists_of_the_documents_hold_nothing_imported(
    server: httpx.Client, address: str
) -> None:
    for kind in ("claims", "evidence", "trials", "studies", "drugs", "targets", "histologies"):
        found = get(server, kind, limit=1)["total"]
        with httpx.Client(base_url=address, timeout=30) as client:
            assert found == get(client, kind, limit=1)["total"], kind


def test_a_drug_says_what_imports_say_of_it_apart_from_its_own_targets(
    server: httpx.Client,
) -> None:
    found = get(server, "drugs/pazopanib")
    assert "actsOn" not in found
    by = {(each["target"]["label"], each["source"]["import"]) for each in found["importedTargets"]}
    assert by >= {("KIT", "gtopdb"), ("KIT", "drugmechdb"), ("VEGFR2", "gtopdb")}
    for each in found["importedTargets"]:
        assert each["claims"]
        assert each["source"]["licence"]
    listed = get(server, "drugs", importedTarget="VEGFR", limit=50)["items"]
    assert "pazopanib" in {each["label"] for each in listed}


def test_a_family_has_what_is_said_of_its_members(server: httpx.Client) -> None:
    said = get(server, "families/VEGFR")["importedDrugs"]
    assert {"pazopanib", "cediranib", "sorafenib"} <= {each["drug"]["label"] for each in said}
    assert all(each["target"]["id"].startswith("target:") for each in said)
    of_member = get(server, "targets/KDR")["importedDrugs"]
    assert {each["target"]["label"] for each in of_member} == {"VEGFR2"}


@pytest.mark.parametrize("drug", ["pazopanib", "sorafenib", "regorafenib", "cediranib"])
def test_the_drugs_that_users_ask_about_first_have_their_targets(
    server: httpx.Client, drug: str
) -> None:
    reached = set()
    for asked in ({"family": "VEGFR"}, {"family": "PDGFR"}, {"target": "KIT"}):
        found = get(server, "paths", drug=drug, source="imports", **asked)
        for path in found["paths"]:
            edges = [each for each in path["edges"] if each["kind"] == "imported action"]
            assert edges
            for edge in edges:
                assert all(claim["source"] == edge["source"] for claim in edge["claims"])
            reached |= {each["id"] for each in path["targets"]}
    assert reached >= {"target:vegfr2", "target:kit"} - (
        {"target:kit"} if drug == "nilotinib" else set()
    )


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/n-quads"])
def test_an_imported_record_resolves_in_every_format(server: httpx.Client, accept: str) -> None:
    item = get(server, "imported-claims", source="drugmechdb", limit=1)["items"][0]
    address = item["iri"].removeprefix(ROOT)
    answer = server.get(f"/{address}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, accept)
    assert item["recordId"][0] in answer.text


def test_a_page_says_that_a_record_is_imported(server: httpx.Client) -> None:
    item = get(server, "imported-claims", source="gtopdb", limit=1)["items"][0]
    page = server.get(f"/{item['iri'].removeprefix(ROOT)}", headers={"Accept": "text/html"}).text
    assert "Imported from" in page
    assert "opendatacommons.org/licenses/odbl" in page
    assert "This is not a claim of the documents." in page
    curated = server.get("/drug/imatinib", headers={"Accept": "text/html"}).text
    assert "Imported from <a" not in curated


def test_a_page_of_a_drug_lists_what_is_imported_in_a_section_of_its_own(
    server: httpx.Client,
) -> None:
    page = server.get("/drug/pazopanib", headers={"Accept": "text/html"}).text
    own, _, imported = page.partition('<h2 id="imports">')
    assert "/imported/" not in own.partition('id="pointing"')[2]
    assert "No claim of the documents." in imported
    assert "/imported/gtopdb/" in imported


def test_a_search_puts_imported_records_last(server: httpx.Client) -> None:
    hits = get(server, "search", q="imatinib", limit=100)["items"]
    assert hits[0]["id"] == "drug:imatinib"


def test_a_trial_of_the_registry_is_no_trial_of_the_documents(server: httpx.Client) -> None:
    if not TRIALS.is_dir():
        pytest.skip("skipped: no ../shared")
    found = get(server, "imported-trials", hasResults="true", limit=10)["items"]
    assert found
    for item in found:
        assert item["links"]["evidence"] == f"/api/v1/imported-evidence?trial={item['id']}"
        assert get(server, "imported-evidence", trial=item["id"], limit=1)["total"] > 0


@pytest.fixture
def registry(server: httpx.Client) -> httpx.Client:
    if not TRIALS.is_dir():
        pytest.skip("skipped: no ../shared")
    return server


@pytest.mark.parametrize(
    "asked",
    [
        {"regimen": "MAID"},
        {"regimenDrug": "ifosfamide"},
        {"regimenDrug": "DTIC", "lacks": "drug"},
        {"indexedWithDrug": "imatinib"},
        {"indexedWithHistology": "LMS", "direct": "true"},
        {"indexedWithHistology": "soft tissue sarcoma"},
        {"has": "regimen,regimenDrug,indexedWithDrug,indexedWithHistology"},
    ],
    ids=str,
)
def test_trials_are_found_by_regimens_and_by_what_only_the_registry_indexes(
    registry: httpx.Client, asked: dict[str, str]
) -> None:
    found = get(registry, "imported-trials", **asked)
    assert [each["id"] for each in found["items"]] == [REGIMEN_TRIAL]


def test_what_a_trial_states_is_apart_from_its_regimen_and_its_index(
    registry: httpx.Client,
) -> None:
    for asked in ({"drug": "ifosfamide"}, {"drug": "imatinib"}, {"histology": "LMS"}):
        assert get(registry, "imported-trials", **asked)["total"] == 0
    (item,) = get(registry, "imported-trials", regimen="MAID")["items"]
    assert [each["id"] for each in item["linked"]["regimenDrug"]] == [
        "drug:dacarbazine",
        "drug:doxorubicin",
        "drug:ifosfamide",
    ]
    assert [each["id"] for each in item["concernsRegimen"]] == ["regimen:maid"]
    wider = get(registry, "imported-trials", indexedWithHistology="soft tissue sarcoma")["items"]
    assert wider[0]["matches"]["indexedWithHistology"]["match"] == "inherited"


def test_results_are_found_by_the_regimen_of_their_group(registry: httpx.Client) -> None:
    asked = {"trial": REGIMEN_TRIAL, "limit": 1}
    all_of_it = get(registry, "imported-evidence", **asked)["total"]
    given = get(registry, "imported-evidence", regimen="MAID", **asked)["total"]
    assert 0 < given < all_of_it
    assert given == get(registry, "imported-evidence", regimenDrug="ifosfamide", **asked)["total"]
