"""The release of the shipped graph: all forms agree, and validators of others accept it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest
from pyoxigraph import RdfFormat, Store, parse
from release_folders import read_edges, read_records, rows_of
from serving import engine_of

from api.kgx_claims import read_claims
from api.library import load_library
from api.trapi.biolink import categories, predicates
from api.trapi.graph import Graph
from api.trapi.versions import INFORES
from kg.base import ShippedBase, build
from kg.import_catalogue import IMPORT_GRAPHS
from kg.kgx import OWN_SOURCE
from kg.nquads import load_quads, snapshot_id
from kg.release import Order, Stage, write_release
from kg.release_check import check_release
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, open_database

Json = dict[str, Any]
HERE = Path(__file__).parent
IMPORTS = ("civic", "disease-ontology", "drugmechdb", "gtopdb", "oncotree")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped graph with its imports, as a snapshot."""
    home = tmp_path_factory.mktemp("home")
    return build(ShippedBase(find_shipped(), importing=home), home)


@pytest.fixture(scope="module")
def stages() -> list[Stage]:
    return []


@pytest.fixture(scope="module")
def folder(whole: Snapshot, stages: list[Stage], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of that snapshot."""
    made = tmp_path_factory.mktemp("releases") / "shipped"
    order = Order(whole, find_shipped(), "2026-12-01", None, read_claims)
    write_release(order, made, tell=stages.append)
    return made


@pytest.fixture(scope="module")
def reasoned(whole: Snapshot) -> Graph:
    """What answers reasoners, loaded from a server's own engine."""

    async def load() -> Graph:
        engine = engine_of(whole, workers=1)
        await engine.start()
        try:
            return (await load_library(engine, find_shipped())).trapi
        finally:
            await engine.close()

    return asyncio.run(load())


def test_the_quads_of_the_release_are_the_snapshot(folder: Path, whole: Snapshot) -> None:
    quads = (folder / "data.nq").read_bytes()
    assert (
        snapshot_id(quads)
        == whole.id
        == json.loads((folder / "release.json").read_text())["snapshot"]
    )
    store = load_quads(folder / "data.nq")
    assert len(store) == whole.manifest.quads
    merged = {line.rpartition(b" <")[0] for line in quads.splitlines()}
    assert len(read_lines(folder / "data.nt")) == len(merged)


def read_lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_all_formats_hold_as_much(folder: Path, whole: Snapshot) -> None:
    triples = len(read_lines(folder / "data.nt"))
    for name, form, count in (
        ("data.trig", RdfFormat.TRIG, whole.manifest.quads),
        ("data.jsonld", RdfFormat.JSON_LD, whole.manifest.quads),
        ("data.ttl", RdfFormat.TURTLE, triples),
        ("data.rdf", RdfFormat.RDF_XML, triples),
    ):
        assert sum(1 for _ in parse(path=folder / name, format=form)) == count, name


def test_the_graphs_apart_are_the_graphs_together(folder: Path, whole: Snapshot) -> None:
    apart = sorted(folder.glob("graphs/*.nq")) + sorted(folder.glob("imports/*/graph.nq"))
    lines = sorted(line for path in apart for line in path.read_bytes().splitlines(keepends=True))
    assert snapshot_id(b"".join(lines)) == whole.id
    assert len(apart) == len(whole.manifest.graphs)
    mark = IMPORT_GRAPHS.encode()
    kept = read_lines(folder / "data-without-imports.nq")
    assert not any(line.rpartition(b" <")[2].startswith(mark) for line in kept)
    imported = sum(
        counts.triples
        for graph, counts in whole.manifest.graphs.items()
        if graph.startswith(IMPORT_GRAPHS)
    )
    assert len(kept) == whole.manifest.quads - imported


def test_every_import_is_apart_under_its_own_licence(folder: Path) -> None:
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    entities = {each["@id"]: each for each in crate["@graph"]}
    for name in IMPORTS:
        said = json.loads((folder / "imports" / name / "import.json").read_text("utf-8"))
        for file in (f"imports/{name}/graph.nq", f"kgx/import-{name}_edges.tsv"):
            assert entities[file]["license"] == {"@id": said["licence"]}, file
        quads = (folder / "imports" / name / "graph.nq").read_bytes()
        assert hashlib.sha256(quads).hexdigest() == said["digest"]
        assert said["attribution"] in (folder / "LICENCES.md").read_text(encoding="utf-8")
    assert {each["@id"] for each in entities["data.nq"]["license"]} >= {
        "https://opendatacommons.org/licenses/odbl/1-0/",
        "https://creativecommons.org/licenses/by/4.0/",
    }


def test_the_digests_are_those_of_the_usual_program(folder: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(check_release(folder)) == []


def test_the_edges_are_those_that_answer_reasoners(folder: Path, reasoned: Graph) -> None:
    edges = {each["id"]: each for each in read_edges(folder / "kgx", "claims")}
    assert len(edges) == len(reasoned.edges) > 500
    for edge in reasoned.edges:
        found = edges[reasoned.identifier(edge).replace("|", ";")]
        written = reasoned.written(edge)
        assert [found[name] for name in ("subject", "predicate", "object")] == [
            written[name] for name in ("subject", "predicate", "object")
        ]
        assert found.get("negated", False) is edge.is_negated
        assert found["primary_knowledge_source"] == written["sources"][0]["resource_id"]
        for each in written.get("qualifiers", ()):
            name = each["qualifier_type_id"].removeprefix("biolink:")
            assert found[name] == each["qualifier_value"]
        told = {
            each["attribute_type_id"].partition(":")[2] for each in written.get("attributes", ())
        }
        assert told - {"negated", "support_graphs"} <= found.keys()


def test_the_nodes_are_those_that_answer_reasoners(folder: Path, reasoned: Graph) -> None:
    nodes = {each["id"]: each for each in read_records(folder / "kgx" / "claims_nodes.jsonl")}
    assert nodes.keys() == {each.curie for each in reasoned.nodes.by_iri.values()}
    for node in reasoned.nodes.by_iri.values():
        found = nodes[node.curie]
        assert (found["name"], found["iri"]) == (node.name, node.iri)
        assert {found["id"], *found.get("xref", ())} == {*node.identifiers}
    kit = nodes["NCBIGene:3815"]
    assert kit["in_taxon"] == ["NCBITaxon:9606"]
    assert "KIT" in {kit["name"], *kit["synonym"]}
    assert kit["category"] == ["biolink:Gene", "biolink:Protein"]


def test_a_denied_result_is_negated_and_has_its_figures_and_its_passage(folder: Path) -> None:
    edges = read_edges(folder / "kgx", "claims")
    denied = [each for each in edges if each.get("negated")]
    assert denied
    for each in denied:
        assert each["predicate"] != "biolink:treats"
        assert each["direction"] == "sarcoma:Refutes"
    counted = [each for each in edges if "responders" in each and "evaluable" in each]
    assert counted
    for each in counted:
        assert isinstance(each["evaluable"], int)
        assert len(each["sha256"]) == 64
        assert each["supporting_study_size"] == each["evaluable"]


def test_imports_name_their_own_primary_source(folder: Path) -> None:
    assert OWN_SOURCE == INFORES
    for name in IMPORTS:
        edges = read_edges(folder / "kgx", f"import-{name}")
        assert {each["primary_knowledge_source"] for each in edges} == {f"infores:{name}"}
        assert all(each["aggregator_knowledge_source"] == [OWN_SOURCE] for each in edges)
    own = {each["primary_knowledge_source"] for each in read_edges(folder / "kgx", "claims")}
    assert own == {OWN_SOURCE}


def test_imported_edges_are_the_records_of_the_graph(folder: Path, whole: Snapshot) -> None:
    store, kgx = open_database(whole), folder / "kgx"
    for name, class_name, properties in (
        ("gtopdb", "ImportedDrugTargetClaim", ":concernsDrug ?a ; :concernsTarget ?b"),
        ("drugmechdb", "ImportedDrugTargetClaim", ":concernsDrug ?a ; :concernsTarget ?b"),
        ("drugmechdb", "ImportedMechanismStep", ":stepSubject ?a ; :stepObject ?b"),
        ("oncotree", "ExternalTerm", ":broaderTerm ?b"),
        ("disease-ontology", "ExternalTerm", ":broaderTerm ?b"),
    ):
        records = Counter(each["statement"] for each in read_edges(kgx, f"import-{name}"))
        expected = Counter(asked(store, name, class_name, properties))
        assert {each: records[each] for each in expected} == expected, (name, class_name)
    claims = asked(store, "civic", "ImportedVariantClaim", ":concernsTarget ?b")
    variants = read_edges(kgx, "import-civic")
    assert {each["statement"] for each in variants} == {*claims}
    denied = asked(store, "civic", "ImportedVariantClaim", ':claimDirection "Does Not Support"')
    assert {each["statement"] for each in variants if each.get("negated")} == {*denied}


def asked(store: Store, name: str, class_name: str, properties: str) -> list[str]:
    """Return the records of a class in an import, once for each of what they relate."""
    rows = store.query(
        "PREFIX : <https://w3id.org/sarcoma-kg/ontology/> SELECT ?record WHERE { "
        f"GRAPH <{IMPORT_GRAPHS}{name}> {{ ?record a :{class_name} ; {properties} }} }}"
    )
    root = "https://w3id.org/sarcoma-kg/"
    return [
        "sarcoma-kg:" + row["record"].value.removeprefix(root)
        for row in cast("list[dict[str, Any]]", rows)
    ]


def test_every_term_of_biolink_is_one(folder: Path) -> None:
    for path in folder.glob("kgx/*_nodes.jsonl"):
        used = {name for node in read_records(path) for name in node["category"]}
        for name in used:
            assert categories().is_usable(name.removeprefix("biolink:")), (path.name, name)
    for path in folder.glob("kgx/*_edges.jsonl"):
        for name in {each["predicate"] for each in read_records(path)} - {"biolink:treats"}:
            assert predicates().is_usable(name.removeprefix("biolink:")), (path.name, name)


def test_tables_and_lines_say_the_same(folder: Path) -> None:
    for path in sorted(folder.glob("kgx/*.jsonl")):
        records = read_records(path)
        rows = list(rows_of(path.with_suffix(".tsv")))
        assert len(rows) == len(records)
        for row, record in zip(rows, records, strict=True):
            assert {name for name, cell in row.items() if cell} == record.keys()
            assert row["id"] == record["id"]


def test_the_counts_told_are_those_of_the_files(folder: Path, stages: list[Stage]) -> None:
    told = json.loads((folder / "release.json").read_text(encoding="utf-8"))["records"]
    assert told["kgx/claims_edges.tsv"] == len(read_edges(folder / "kgx", "claims"))
    mappings = [
        line for line in read_lines(folder / "mappings.sssom.tsv") if not line.startswith(b"#")
    ]
    assert told["mappings.sssom.tsv"] == len(mappings) - 1 > 500
    written = sum(1 for path in folder.rglob("*") if path.is_file())
    assert sum(each.files for each in stages) == written
    assert sum(each.size for each in stages) == sum(
        path.stat().st_size for path in folder.rglob("*") if path.is_file()
    )


def test_the_mappings_are_those_of_the_sets(folder: Path) -> None:
    rows = 0
    for path in folder.glob("mappings/*.sssom.tsv"):
        lines = [line for line in read_lines(path) if not line.startswith(b"#")]
        rows += len(lines) - 1
    told = json.loads((folder / "release.json").read_text(encoding="utf-8"))["records"]
    assert told["mappings.sssom.tsv"] == rows


def run(program: str, *arguments: str) -> Any:
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.skipif("KGX_PYTHON" not in os.environ, reason="skipped: no kgx program")
@pytest.mark.parametrize("ending", ["tsv", "jsonl"])
def test_kgx_accepts_the_files(folder: Path, ending: str) -> None:
    """It knows no prefixes but Biolink's, and takes in_taxon for a list that must be none."""
    script = str(HERE / "kgx_validation.py")
    found = run(os.environ["KGX_PYTHON"], script, str(folder / "kgx"), ending)
    assert found.keys() == {"claims", *(f"import-{name}" for name in IMPORTS)}
    for name, told in found.items():
        for kind, (_, message) in told.items():
            is_prefix = kind.endswith("_PROPERTY_VALUE") and "CURIE prefix" in message
            is_taxon = kind.endswith("_VALUE_TYPE") and "'in_taxon'" in message
            assert is_prefix or is_taxon, (name, kind, message)


@pytest.mark.skipif("ROCRATE_PYTHON" not in os.environ, reason="skipped: no rocrate-validator")
def test_the_crate_is_valid(folder: Path) -> None:
    script = str(HERE / "rocrate_validation.py")
    assert run(os.environ["ROCRATE_PYTHON"], script, str(folder)) == []


def test_void_tells_the_size_and_the_file_of_each_graph(folder: Path, whole: Snapshot) -> None:
    store = Store()
    base = "https://example.org/release/void.ttl"
    store.load(path=folder / "void.ttl", format=RdfFormat.TURTLE, base_iri=base)
    rows = store.query(
        "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/> "
        "SELECT ?graph ?triples ?dump WHERE { <" + base + "#dataset> void:subset ?part . "
        "?part dcterms:source ?graph ; void:triples ?triples ; void:dataDump ?dump }"
    )
    found = {
        row["graph"].value: (int(row["triples"].value), row["dump"].value)
        for row in cast("list[dict[str, Any]]", rows)
    }
    sizes = {graph: counts.triples for graph, counts in whole.manifest.graphs.items()}
    assert {graph: size for graph, (size, _) in found.items()} == sizes
    for _, dump in found.values():
        assert (folder / dump.removeprefix("https://example.org/release/")).is_file()
