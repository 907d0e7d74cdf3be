"""The answers that span imports, worked out again from the files of ../shared, by no importer."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import QuerySolutions

from kg.build import Assembly
from kg.shipped import find_shipped

SHIPPED = find_shipped()
QUERIES = SHIPPED.data / "queries"
SHARED = SHIPPED.root.parent / "shared"
PREFIXES = """PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")

Row = dict[str, str]


def table(path: Path) -> list[Row]:
    # No quoting: a cell of CIViC may begin with a quotation mark and never close it.
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def answer(slug: str) -> list[Row]:
    with (QUERIES / f"{slug}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked(assembly: Assembly, query: str) -> list[tuple[str, ...]]:
    found = assembly.store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value if term else "" for term in row) for row in found]


def records(*folders: str) -> Iterator[Any]:
    for folder in folders:
        for path in sorted((SHIPPED.data / folder).glob("*.yaml")):
            yield from yaml.safe_load(path.read_text(encoding="utf-8")) or ()


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    """The labels of our targets by the symbols of HGNC."""
    things = records("vocabularies", "reference")
    return {str(each["symbol"]): str(each["label"]) for each in things if each.get("symbol")}


@pytest.fixture(scope="module")
def inhibitions(labels: dict[str, str]) -> dict[tuple[str, str], set[str]]:
    """The pairs of our drugs and targets that the Guide and DrugMechDB say, by whom."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    proteins = {row["uniprot"]: row["symbol"] for row in table(SHARED / "idmap" / "targets.tsv")}
    drugs = table(SHARED / "idmap" / "drugs.tsv")
    for row in table(SHARED / "idmap" / "drug_target_evidence.tsv"):
        if row["source"] == "gtopdb" and row["target"] and row["action"].endswith("/Inhibition"):
            for target in row["target"].split("|"):
                found[named(row["drug"]), labels.get(target, target)].add("gtopdb")
    known = {row["drugbank"]: row["name"] for row in drugs if row["drugbank"]}
    for path in sorted((SHARED / "data" / "drugmechdb" / "paths").glob("DB*.y*ml")):
        name = known.get(path.name.partition("_")[0])
        if name:
            for protein in inhibited(yaml.safe_load(path.read_text(encoding="utf-8"))):
                symbol = proteins.get(protein, protein)
                found[named(name), labels.get(symbol, symbol)].add("drugmechdb")
    return found


def named(drug: str) -> str:
    """Our label of a drug: the documents say rapamycin."""
    return {"sirolimus": "rapamycin", "tanespimycin": "17-AAG"}.get(drug, drug)


def inhibited(path: Any) -> Iterator[str]:
    own = {path["graph"].get("drug_mesh"), path["graph"].get("drugbank")}
    for link in path["links"]:
        if link["source"] in own and link["key"] == "decreases activity of":
            prefix, _, accession = link["target"].partition(":")
            if prefix == "UniProt":
                yield accession


def test_the_pairs_of_both_sources_are_those_of_the_files(
    inhibitions: dict[tuple[str, str], set[str]],
) -> None:
    for slug in ("targets-from-imports-alone", "targets-in-both"):
        for row in answer(slug):
            assert set(row["by"].split()) == inhibitions[row["drug"], row["target"]], row
    only = {(row["drug"], row["target"]) for row in answer("targets-that-differ")
            if row["only"] == "an import"}  # fmt: skip
    assert only <= set(inhibitions)


def test_no_drug_whose_documents_name_no_target_is_left_out(
    inhibitions: dict[tuple[str, str], set[str]], labels: dict[str, str], assembly: Assembly
) -> None:
    stated = {drug for (drug,) in asked(assembly, """SELECT DISTINCT ?drug {
        ?claim a :DrugTargetAssertion ; :aboutDrug/rdfs:label ?drug }""")}  # fmt: skip
    read = {drug for (drug,) in asked(assembly, """SELECT DISTINCT ?drug {
        ?thing a :Drug ; :namedIn ?document ; rdfs:label ?drug }""")}  # fmt: skip
    known = set(labels.values())
    expected = {
        (drug, target) for drug, target in inhibitions if drug in read - stated and target in known
    }
    found = {(row["drug"], row["target"]) for row in answer("targets-from-imports-alone")}
    assert found == expected


def test_inhibitors_of_vegfr_are_those_of_the_files(
    inhibitions: dict[tuple[str, str], set[str]], labels: dict[str, str], assembly: Assembly
) -> None:
    members = {labels[symbol] for symbol in ("FLT1", "KDR", "FLT4")}
    by: dict[str, set[str]] = defaultdict(set)
    for (drug, target), sources in inhibitions.items():
        if target in members:
            by[drug] |= sources
    results = asked(assembly, """SELECT ?drug ?histology ?endpoint ?mode {
        ?result a :EvidenceItem ; :aboutDrug/rdfs:label ?drug ; :endpoint/rdfs:label ?endpoint ;
          :aboutHistology/rdfs:label ?histology ; :treatmentMode/rdfs:label ?mode }""")  # fmt: skip
    expected = Counter(row for row in results if row[0] in by)
    rows = answer("vegfr-inhibitors-by-imports")
    assert {
        (row["drug"], row["histology"], row["endpoint"], row["mode"]): int(row["results"])
        for row in rows
    } == expected
    assert all(set(row["by"].split()) == by[row["drug"]] for row in rows)


def civic() -> list[Row]:
    return table(SHARED / "data" / "civic" / "civic_sarcoma_evidence_subset.tsv")


def test_claims_on_variants_in_gist_are_rows_of_civic() -> None:
    expected = Counter(
        (drug, row["gene"], row["variant"], row["evidence_direction"], row["clinical_significance"])
        for row in civic()
        for drug in map(str.strip, row["drugs"].casefold().split(","))
        if row["doid"] == "9253"
        and (row["evidence_type"], row["evidence_level"]) == ("Predictive", "B")
        and row["gene"] in ("KIT", "PDGFRA")
        and drug in {each["drug"] for each in answer("civic-variants-in-gist")}
    )
    assert {
        (row["drug"], row["gene"], row["variant"], row["direction"], row["significance"]): int(
            row["claims"]
        )
        for row in answer("civic-variants-in-gist")
    } == expected
    assert {drug for drug, *_ in expected} == {"imatinib", "sunitinib"}


def test_claims_of_civic_are_counted_by_histology_and_level() -> None:
    ours = identifiers("histologies-doid")
    expected = Counter(
        (ours[f"DOID:{row['doid']}"], row["evidence_level"])
        for row in civic()
        if f"DOID:{row['doid']}" in ours
    )
    found = {
        (row["histology"], row["level"]): int(row["claims"])
        for row in answer("civic-levels-by-histology")
    }
    # A disease without an exact mapping may still be matched by its name.
    assert {pair: found.get(pair) for pair in expected} == dict(expected)


def identifiers(mapping: str) -> dict[str, str]:
    """The labels of our terms by the CURIEs of another system: exact mappings alone."""
    path = SHIPPED.data / "mappings" / f"{mapping}.sssom.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    rows = csv.DictReader(lines, delimiter="\t")
    return {
        row["object_id"]: row["subject_label"]
        for row in rows
        if row["predicate_id"] == "skos:exactMatch"
    }


def rolled_up(
    parents: dict[str, set[str]], results: Iterable[tuple[str, ...]], ours: dict[str, str]
) -> Counter[tuple[str, str]]:
    """Count results at each node, and at all above it; each once at a node."""
    codes = {label: code for code, label in ours.items()}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for result, histology, mode in results:
        pending = {codes[histology]} & parents.keys() if histology in codes else set()
        while pending:
            code = pending.pop()
            found[code, mode].add(result)
            pending |= parents.get(code, set())
    return Counter({place: len(items) for place, items in found.items()})


def results_on(assembly: Assembly, endpoint: str) -> list[tuple[str, ...]]:
    return asked(assembly, f"""SELECT DISTINCT ?result ?histology ?mode {{
        ?result a :EvidenceItem ; :endpoint :{endpoint} ; :aboutHistology/rdfs:label ?histology ;
          :treatmentMode/rdfs:label ?mode }}""")  # fmt: skip


def test_response_rates_are_rolled_up_by_the_tree_of_oncotree(assembly: Assembly) -> None:
    tree = json.loads((SHARED / "data/oncotree/oncotree_2025_10_03.json").read_text("utf-8"))
    parents: dict[str, set[str]] = {}

    def walk(node: Any, above: str | None) -> None:
        code = f"ONCOTREE:{node['code']}"
        parents.setdefault(code, set()).update([above] if above else [])
        for child in (node.get("children") or {}).values():
            walk(child, code)

    walk(soft_tissue(tree), None)
    results = results_on(assembly, "ObjectiveResponseRate")
    counted = rolled_up(parents, results, identifiers("histologies-oncotree"))
    assert {
        (f"ONCOTREE:{row['code']}", row["mode"]): int(row["results"])
        for row in answer("response-rates-by-oncotree")
    } == counted


def soft_tissue(tree: Any) -> Any:
    """The branch of soft tissue, wherever it stands."""
    for node in tree if isinstance(tree, list) else tree.values():
        if isinstance(node, dict):
            if node.get("code") == "SOFT_TISSUE":
                return node
            if found := soft_tissue(node.get("children") or {}):
                return found
    return None


def test_progression_is_rolled_up_by_the_disease_ontology(assembly: Assembly) -> None:
    graph = json.loads((SHARED / "data/disease_ontology/DO_cancer_slim.json").read_text("utf-8"))
    parents: dict[str, set[str]] = defaultdict(set)
    for each in graph["graphs"][0]["edges"]:
        if each["pred"] == "is_a":
            child, parent = (each[key].rpartition("/")[2].replace("_", ":", 1)
                             for key in ("sub", "obj"))  # fmt: skip
            parents[child].add(parent)
            parents.setdefault(parent, set())
    results = results_on(assembly, "ProgressionFreeSurvival")
    counted = rolled_up(parents, results, identifiers("histologies-doid"))
    assert {
        (row["identifier"], row["mode"]): int(row["results"])
        for row in answer("progression-by-disease-ontology")
    } == counted


def test_affinities_for_kit_are_those_of_the_guide() -> None:
    printed = {
        (row["drug"], measure): float(value)
        for row in table(SHARED / "idmap" / "drug_target_evidence.tsv")
        if (row["source"], row["target"]) == ("gtopdb", "KIT")
        for measure, _, value in [row["affinity_or_context"].partition("=")]
    }
    strong = {pair: round(value, 2) for pair, value in printed.items() if value > 8}
    rows = answer("kit-affinity-and-responses")
    found = {(row["drug"], row["measure"]): float(row["strength"]) for row in rows}
    assert found == strong
    shown = {(row["drug"], row["responders"], row["evaluable"]) for row in rows}
    assert shown == {("cediranib", "", ""), ("sunitinib", "5", "9")}


def test_histologies_of_mondo_are_those_of_the_table_with_their_results(
    assembly: Assembly,
) -> None:
    results = asked(assembly, """SELECT DISTINCT ?result ?name ?endpoint ?mode {
        ?result a :EvidenceItem ; :aboutHistology/rdfs:label ?name ; :endpoint ?endpoint ;
          :treatmentMode ?mode }""")  # fmt: skip
    mondo = {row["mondo"] for row in table(SHARED / "idmap" / "histologies.tsv")}
    exact = {label: code for code, label in identifiers("histologies-mondo").items()}
    rows = answer("histologies-with-mondo")
    assert {row["disease"] for row in rows} <= mondo
    expected = {}
    for name in {row[1] for row in results} & exact.keys():
        own = [row for row in results if row[1] == name]
        counts = tuple(len({row[place] for row in own}) for place in (0, 2, 3))
        expected[exact[name], name] = counts
    assert {
        (row["disease"], row["name"]): tuple(
            int(row[key]) for key in ("results", "endpoints", "modes")
        )
        for row in rows
    } == expected


def test_mechanisms_end_where_the_files_say() -> None:
    for row in answer("mechanisms-and-results"):
        (path,) = (SHARED / "data" / "drugmechdb" / "paths").glob(f"{row['record']}.y*ml")
        graph = yaml.safe_load(path.read_text(encoding="utf-8"))["graph"]
        assert named(graph["drug"].casefold()) == row["drug"]
        assert graph["disease"]


def test_licences_are_those_of_the_imports_on_disk() -> None:
    for row in answer("imports-and-their-licences"):
        described = json.loads(
            (SHIPPED.data / "imports" / row["import"] / "import.json").read_text("utf-8")
        )
        assert row["licence"] == described["licence"]
