"""Identifiers of other systems: every operation takes them wherever it takes an id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from list_client import ROOT, ask
from pyoxigraph import NamedNode, Quad, Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.kinds import KINDS, get_kind
from api.list_fields import Field, FieldType
from api.list_kinds import fields_of
from api.parameters import ListFilter
from kg.build import Assembly
from kg.sources import graph_iri

SKOS = "http://www.w3.org/2004/02/skos/core#"
OBO = "http://purl.obolibrary.org/obo/"
LISTED = [kind for kind in KINDS if not kind.is_imported]

GIST = "histology:gastrointestinal-stromal-tumour"
EXACT = {
    "drug:imatinib": (
        "https://identifiers.org/chembl.compound:CHEMBL941",
        "https://identifiers.org/drugbank:DB00619",
    ),
    "target:kit": (
        "https://identifiers.org/ncbigene:3815",
        "https://identifiers.org/hgnc:6342",
        "http://purl.uniprot.org/uniprot/P10721",
        "https://identifiers.org/ensembl:ENSG00000157404",
    ),
    "histology:liposarcoma": ("https://bioregistry.io/icdo:8850/3",),
    "histology:sarcoma": (f"{OBO}MONDO_0005089", f"{OBO}NCIT_C9118"),
    GIST: (
        "http://www.orpha.net/ORDO/Orphanet_44890",
        "https://bioregistry.io/oncotree:GIST",
    ),
}
"""Some of the matches that ship, so that this module does not rest on all of them."""

NEAR = {
    GIST: ("relatedMatch", f"{OBO}NCIT_C99990001"),
    "drug:imatinib": ("broadMatch", f"{OBO}CHEBI_99990002"),
}
CLOSE = {
    f"{OBO}NCIT_C99990003": ("histology:liposarcoma",),
    f"{OBO}NCIT_C99990004": ("histology:liposarcoma", "histology:sarcoma"),
}

SPELLINGS = {
    "histology:sarcoma": (
        "MONDO:0005089",
        "mondo:0005089",
        "Mondo:0005089",
        "MONDO_0005089",
        "NCIT:C9118",
        "ncit:c9118",
        "NCI:C9118",
        "C9118",
        f"{OBO}MONDO_0005089",
        "https://purl.obolibrary.org/obo/MONDO_0005089",
        "http://identifiers.org/mondo/0005089",
        "https://identifiers.org/mondo/MONDO:0005089",
        "https://identifiers.org/mondo:0005089",
        "https://bioregistry.io/MONDO:0005089",
        "http://bioregistry.io/mondo:0005089",
        f"<{OBO}MONDO_0005089>",
    ),
    "drug:imatinib": (
        "DRUGBANK:DB00619",
        "drugbank:db00619",
        "DB00619",
        "CHEMBL.COMPOUND:CHEMBL941",
        "chembl:CHEMBL941",
        "ChEMBL:chembl941",
        "CHEMBL941",
        "chembl941",
        "http://rdf.ebi.ac.uk/resource/chembl/molecule/CHEMBL941",
        "https://www.ebi.ac.uk/chembl/compound_report_card/CHEMBL941/",
    ),
    "target:kit": (
        "NCBIGene:3815",
        "ncbigene:3815",
        "EntrezGene:3815",
        "hgnc:6342",
        "HGNC:HGNC:6342",
        "UniProtKB:P10721",
        "uniprot:p10721",
        "P10721",
        "ENSEMBL:ENSG00000157404",
        "ENSG00000157404",
        "https://www.uniprot.org/uniprotkb/P10721/entry",
        "https://identifiers.org/hgnc/HGNC:6342",
    ),
    "histology:liposarcoma": ("ICDO:8850/3", "icd-o:8850/3", "ICD-O-3:8850/3"),
    GIST: (
        "Orphanet:44890",
        "ORPHA:44890",
        "orphanet.ordo:44890",
        "orphanet.ordo:Orphanet_44890",
        "ONCOTREE:GIST",
        "oncotree:gist",
        "https://www.orpha.net/ORDO/Orphanet_44890",
    ),
}
each_spelling = pytest.mark.parametrize(
    ("own", "given"), [(own, each) for own, all_ in SPELLINGS.items() for each in all_]
)

PLURAL = {"drug": "drugs", "target": "targets", "histology": "histologies"}
PATHS = {
    "drug": "drugs",
    "drugClass": "drug-classes",
    "target": "targets",
    "family": "families",
    "biomarker": "biomarkers",
    "histology": "histologies",
    "endpoint": "endpoints",
    "line": "lines",
    "phase": "phases",
    "treatmentMode": "treatment-modes",
    "document": "documents",
}
ID_PARAMETERS = {
    "/api/v1/paths": PATHS,
    "/api/v1/contradictions": {
        "drug": "drugs",
        "regimen": "regimens",
        "histology": "histologies",
        "endpoint": "endpoints",
        "document": "documents",
    },
    "/api/v1/contraindications": {"condition": "comorbidities"},
    "/api/v1/search": {"q": "drugs"},
    "/api/v1/hierarchies/{name}": {"root": "histologies"},
    "/api/v1/hierarchies/{name}/{term}": {"term": "histologies"},
    "/resource": {"iri": "drugs"},
    "/{kind}/{slug}": {"slug": "drugs"},
}
"""The kind that a parameter names things of: of all operations but the lists and records."""

NO_IDS = {
    "/api/v1/paths": {
        *("limit", "cursor", "direct", "kind", "reach", "minEvaluable", "asOf", "as_of", "fields"),
        *("explain", "source"),
    },
    "/api/v1/contradictions": {"limit", "cursor", "rule", "withinStudy"},
    "/api/v1/search": {"limit", "cursor", "kind", "prefix"},
    "/api/v1/differences": {"from", "to", "change", "kind", "format", "limit", "cursor"},
    "/api/v1/hierarchies/{name}": {"name", "depth"},
    "/api/v1/hierarchies/{name}/{term}": {"name"},
    "/api/v1/snapshots/{id}": {"id"},
    "/.well-known/void": {"format"},
    "/.well-known/sparql-examples": {"format", "keyword"},
    "/ontology": {"format"},
    "/resource": {"format", "page"},
    "/{kind}/{slug}": {"kind", "format", "page"},
}
"""The other parameters of these: words of the interface, numbers, files, snapshots."""

ELSEWHERE = ("/sparql", "/rdf-graph-store", "/downloads")
"""Operations about queries, graphs and files, which name nothing that could have a code."""

IN_ALL_LISTS = {*(field.alias or name for name, field in ListFilter.model_fields.items())} | {
    *("direct", "asOf", "as_of")
}


@dataclass(frozen=True)
class Served:
    """A server of the shipped graph with a code for each kind, and the graph itself."""

    client: httpx.Client
    store: Store
    codes: dict[str, str]

    def get(self, path: str, **given: Any) -> Any:
        answer = self.client.get(path, params=given or None)
        assert answer.status_code == 200, answer.text
        return answer.json()


def iri_of(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return f"{ROOT}{prefix}/{local}"


def code_of(iri: str, codes: dict[str, str]) -> str:
    """Give the code that a thing has in this test, made up when first asked for."""
    return codes.setdefault(iri, f"{OBO}NCIT_C8{len(codes):06}")


def curie_of(code: str) -> str:
    return f"NCIT:{code.rpartition('_')[2]}"


@cache
def first_of(store: Store, kind: str) -> str | None:
    """Give a thing of a kind."""
    name = get_kind(kind).class_name
    rows = ask(store, f"SELECT ?item WHERE {{ ?item a :{name} }} ORDER BY ?item LIMIT 1")
    return rows[0][0] if rows else None


@cache
def value_of(store: Store, kind: str, field: Field) -> str | None:
    """Give a thing that a record of a kind states by a field, or one of the field's kinds."""
    stating = f"{field.part} [ {field.path} ?value ]" if field.part else f"{field.path} ?value"
    classes = " ".join(f":{get_kind(each).class_name}" for each in field.kinds)
    of_kind = f"VALUES ?class {{ {classes} }} ?value a ?class ." if classes else ""
    rows = ask(
        store,
        f"SELECT ?value WHERE {{ ?item a :{get_kind(kind).class_name} ; {stating} . "
        f"{of_kind} FILTER (ISIRI(?value)) }} ORDER BY ?value LIMIT 1",
    )
    if rows:
        return rows[0][0]
    return next((found for each in field.kinds if (found := first_of(store, each))), None)


def asked_of_lists(store: Store) -> Iterator[tuple[str, Field, str]]:
    """Yield the filters of the lists that name things, and a thing for each."""
    for kind in LISTED:
        for field in fields_of(kind.path):
            value = value_of(store, kind.path, field) if field.type is FieldType.THING else None
            if value is not None:
                yield kind.path, field, value


@pytest.fixture(scope="module")
def served(assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = Store()
    store.bulk_extend(assembly.store)
    codes: dict[str, str] = {}
    for kind in LISTED:
        if first := first_of(store, kind.path):
            code_of(first, codes)
    for _, _, value in asked_of_lists(store):
        code_of(value, codes)
    matches = [(iri_of(own), "exactMatch", code) for own, all_ in EXACT.items() for code in all_]
    matches += [(iri_of(own), relation, code) for own, (relation, code) in NEAR.items()]
    matches += [(iri_of(own), "closeMatch", code) for code, all_ in CLOSE.items() for own in all_]
    matches += [(own, "exactMatch", code) for own, code in codes.items()]
    graph = NamedNode(graph_iri("mapping-tested"))
    for thing, relation, code in matches:
        store.add(Quad(NamedNode(thing), NamedNode(SKOS + relation), NamedNode(code), graph))
    snapshot = snapshot_of(store, tmp_path_factory.mktemp("home"))
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield Served(client, store, codes)


def test_every_parameter_of_the_contract_is_known_to_name_things_or_not(served: Served) -> None:
    """A new route, or a new parameter, must be put into one of the tables above."""
    paths = served.get("/openapi.json")["paths"]
    kinds = {kind.path for kind in KINDS}
    for path, operations in paths.items():
        if path.startswith(ELSEWHERE):
            continue
        names = {each["name"] for one in operations.values() for each in one.get("parameters", ())}
        known = {*ID_PARAMETERS.get(path, ()), *NO_IDS.get(path, ())}
        kind = path.removeprefix("/api/v1/").partition("/")[0]
        if path.startswith("/api/v1/") and kind in kinds:
            filters = {name for field in fields_of(kind) for name in field.parameters}
            known |= {"id"} if path.endswith("/{id}") else filters | IN_ALL_LISTS
        assert names <= known, f"{path}: does {sorted(names - known)} name things?"


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.path)
def test_a_record_of_every_kind_is_found_by_its_code(served: Served, kind: Any) -> None:
    first = first_of(served.store, kind.path)
    assert first is not None
    code = served.codes[first]
    for given in (curie_of(code), curie_of(code).lower(), code):
        found = served.get(f"/api/v1/{kind.path}/{quote(given, safe='')}")
        assert found["iri"] == first


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.path)
def test_every_filter_of_every_list_takes_a_code(served: Served, kind: Any) -> None:
    for path, field, value in asked_of_lists(served.store):
        if path != kind.path:
            continue
        address, shown = f"/api/v1/{path}", {"limit": 3, "fields": "id"}
        if path == "contraindications":
            shown = {"limit": 3}
        by_code = served.get(address, **{field.name: curie_of(served.codes[value])}, **shown)
        by_name = served.get(address, **{field.name: value}, **shown)
        assert by_code["total"] == by_name["total"], (path, field.name)
        assert [each["id"] for each in by_code["items"]] == [
            each["id"] for each in by_name["items"]
        ]


@pytest.mark.parametrize(
    ("path", "parameter", "kind"),
    [
        (path, parameter, kind)
        for path in ("/api/v1/paths", "/api/v1/contradictions", "/api/v1/contraindications")
        for parameter, kind in ID_PARAMETERS[path].items()
    ],
)
def test_what_is_no_list_takes_a_code(served: Served, path: str, parameter: str, kind: str) -> None:
    first = first_of(served.store, kind)
    assert first is not None
    beside = {"drug": "imatinib"} if path.endswith("paths") and parameter != "drug" else {}
    by_code = served.get(path, **{parameter: curie_of(served.codes[first])}, **beside)
    by_name = served.get(path, **{parameter: first}, **beside)
    assert by_code["total"] == by_name["total"]
    rows = "paths" if "paths" in by_code else "items"
    assert by_code[rows] == by_name[rows]


def test_hierarchies_take_codes(served: Served) -> None:
    for given in ("MONDO:0005089", "ncit:c9118"):
        tree = served.get("/api/v1/hierarchies/histologies", root=given)
        assert tree["roots"][0]["id"] == "histology:sarcoma"
        term = served.get(f"/api/v1/hierarchies/histologies/{given}")["term"]
        assert term["id"] == "histology:sarcoma"


def test_every_question_of_a_batch_takes_a_code(served: Served) -> None:
    firsts = {name: first_of(served.store, kind) for name, kind in PATHS.items()}
    beside = {"drug": "imatinib"}
    asked = [
        [
            {**({} if name == "drug" else beside), name: found}
            for name, found in (
                (name, curie_of(served.codes[first]) if by_code else first)
                for name, first in firsts.items()
                if first is not None
            )
        ]
        for by_code in (True, False)
    ]
    first, second = (
        served.client.post("/api/v1/paths", json={"queries": each}).json() for each in asked
    )
    assert len(first["answers"]) == len(PATHS)
    assert all(each["status"] == 200 for each in first["answers"]), first
    assert [each["total"] for each in first["answers"]] == [
        each["total"] for each in second["answers"]
    ]


@each_spelling
def test_any_spelling_of_a_code_will_do(served: Served, own: str, given: str) -> None:
    kind = PLURAL[own.partition(":")[0]]
    assert served.get(f"/api/v1/{kind}/{quote(given, safe='')}")["id"] == own


def test_a_code_with_a_slash_is_taken_as_it_is_and_encoded(served: Served) -> None:
    for given in ("ICDO:8850/3", "ICDO:8850%2F3", "icdo%3A8850%2F3"):
        found = served.get(f"/api/v1/histologies/{given}")
        assert found["id"] == "histology:liposarcoma"
    assert served.get("/api/v1/evidence", histology="ICDO:8850/3", limit=1)["total"] > 0


@each_spelling
def test_search_has_the_thing_of_a_code_first_and_alone(
    served: Served, own: str, given: str
) -> None:
    items = served.get("/api/v1/search", q=given)["items"]
    assert items[0]["id"] == own, items
    assert items[0]["match"]["how"] == "exact"
    if ":" in given:
        assert len(items) == 1


def test_the_functions_of_sparql_take_codes(served: Served) -> None:
    query = """SELECT ?thing ?kind WHERE {
      VALUES ?given { "mondo:0005089" "ICDO:8850/3" "UniProtKB:P10721" "DB00619" }
      BIND (:findByText(?given, 1) AS ?thing) BIND (:matchKind(?thing, ?given) AS ?kind)
    } ORDER BY ?thing"""
    rows = served.get("/sparql", query=query, format="json")["results"]["bindings"]
    assert [row["thing"]["value"].removeprefix(ROOT) for row in rows] == [
        "drug/imatinib",
        "histology/liposarcoma",
        "histology/sarcoma",
        "target/kit",
    ]
    assert {row["kind"]["value"] for row in rows} == {"exact"}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/resource?iri=MONDO:0005089", "/histology/sarcoma"),
        (f"/resource?iri={OBO}MONDO_0005089", "/histology/sarcoma"),
        ("/resource?iri=CHEMBL941&format=ttl", "/drug/imatinib?format=ttl"),
        ("/MONDO:0005089", "/histology/sarcoma"),
        ("/histology/MONDO:0005089", "/histology/sarcoma"),
        ("/histology/ICDO:8850/3", "/histology/liposarcoma"),
        ("/histology/ICDO:8850%2F3", "/histology/liposarcoma"),
        ("/ICDO:8850/3", "/histology/liposarcoma"),
    ],
)
def test_addresses_lead_from_a_code_to_the_thing(served: Served, address: str, place: str) -> None:
    answer = served.client.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"] == place
    assert served.client.get(place).status_code == 200


def test_an_address_does_not_lead_to_a_thing_of_another_kind(served: Served) -> None:
    assert served.client.get("/drug/MONDO:0005089").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/histologies/NCIT:C99990001",
        "/api/v1/evidence?histology=ncit:c99990001",
        "/api/v1/paths?histology=NCIT:C99990001",
        "/resource?iri=NCIT:C99990001",
        "/histology/NCIT:C99990001",
    ],
)
def test_what_is_only_near_is_no_id_and_is_said(served: Served, address: str) -> None:
    answer = served.client.get(address, headers={"Accept": "application/json, text/turtle;q=0.5"})
    assert answer.status_code == 404, answer.text
    problem = answer.json()
    assert "skos:relatedMatch" in problem["detail"]
    assert GIST in problem["detail"]
    (near,) = problem["near"]
    assert (near["id"], near["relation"]) == (GIST, "skos:relatedMatch")


def test_what_is_close_to_one_thing_means_it_and_the_record_says_how(served: Served) -> None:
    record = served.get("/api/v1/histologies/NCIT:C99990003")
    assert record["id"] == "histology:liposarcoma"
    said = {each["curie"]: each["relation"] for each in record["identifiers"]}
    assert said["NCIT:C99990003"].endswith("closeMatch")
    assert served.get("/api/v1/evidence?histology=c99990003&limit=1")["total"] > 0


def test_what_is_close_to_two_things_means_neither(served: Served) -> None:
    answer = served.client.get("/api/v1/histologies/NCIT:C99990004")
    assert answer.status_code == 404
    near = {each["id"]: each["relation"] for each in answer.json()["near"]}
    assert near == dict.fromkeys(("histology:liposarcoma", "histology:sarcoma"), "skos:closeMatch")


def test_what_is_broader_is_said_as_well(served: Served) -> None:
    problem = served.client.get("/api/v1/drugs/chebi:99990002").json()
    assert problem["near"][0]["relation"] == "skos:broadMatch"


def test_a_code_of_another_kind_is_said_to_be_that(served: Served) -> None:
    answer = served.client.get("/api/v1/drugs/MONDO:0005089")
    assert answer.status_code == 404
    assert "is the histology histology:sarcoma, not a drug" in answer.json()["detail"]


@pytest.mark.parametrize("given", ["MONDO:1", "MONDO:9999999", "nosuch:1", "CHEMBL0", "0005089"])
def test_a_code_that_nothing_is_matched_to_is_unknown(served: Served, given: str) -> None:
    assert served.client.get(f"/api/v1/histologies/{given}").status_code == 404


def test_a_code_that_two_things_are_matched_to_is_ambiguous(
    assembly: Assembly, tmp_path: Path
) -> None:
    store = Store()
    store.bulk_extend(assembly.store)
    code = NamedNode(f"{OBO}MONDO_9999999")
    for own in ("histology:sarcoma", "histology:liposarcoma"):
        store.add(Quad(NamedNode(iri_of(own)), NamedNode(f"{SKOS}exactMatch"), code))
    snapshot = snapshot_of(store, tmp_path)
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(app) as address:
        answer = httpx.get(f"{address}/api/v1/histologies/MONDO:9999999")
    assert answer.status_code == 409
    assert {each["id"] for each in answer.json()["candidates"]} == {
        "histology:sarcoma",
        "histology:liposarcoma",
    }
