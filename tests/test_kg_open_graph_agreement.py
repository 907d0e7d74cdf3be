"""What Python is told is what HTTP and SPARQL say of the same snapshot."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pandas as pd
import pytest
from list_client import ROOT, ask

from kg import open_graph
from kg.frames import COUNTS, snake_case
from kg.opened_graph import Graph
from kg.path_objects import Path
from kg.snapshot import Snapshot, open_database

KINDS = ("evidence", "comparisons", "claims", "drugs", "histologies", "targets", "studies")
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    *((kind, {}) for kind in (*KINDS, "documents", "drug-classes", "approvals", "imports")),
    ("evidence", {"histology": "leiomyosarcoma"}),
    ("evidence", {"histology": "leiomyosarcoma", "direct": True}),
    ("evidence", {"drug": ["imatinib", "sunitinib"], "minEvaluable": 10, "sort": "-evaluable"}),
    ("evidence", {"asOf": "2007", "has": "pValue"}),
    ("evidence", {"doseDrug": "doxorubicin", "minDose": 75, "doseUnit": "mg/m2"}),
    ("claims", {"target": "VEGFR", "direct": False}),
    ("imported-claims", {"drug": "pazopanib", "source": "gtopdb"}),
]


@pytest.fixture(scope="module")
def graph(snapshot: Snapshot) -> Iterator[Graph]:
    with open_graph(snapshot.directory.parent.parent) as opened:
        assert opened.snapshot == snapshot.id
        yield opened


@pytest.mark.parametrize(("kind", "filters"), QUESTIONS, ids=str)
def test_a_frame_has_the_cells_of_the_table_over_http(
    graph: Graph, client: httpx.Client, kind: str, filters: dict[str, Any]
) -> None:
    asked = {name: str(value).lower() if value in (True, False) else value
             for name, value in filters.items()}  # fmt: skip
    answer = client.get(f"/api/v1/{kind}", params={**asked, "format": "csv"})
    assert answer.status_code == 200, answer.text
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    frame = graph.table(kind, **filters)
    assert list(frame["id"]) == [row["id"] for row in rows]
    assert len(frame)
    for column in rows[0]:
        expected = [row[column] for row in rows]
        assert shown(frame, column) == [as_shown(column, cell) for cell in expected], column


def shown(frame: pd.DataFrame, column: str) -> list[str]:
    """Give the cells of a column of CSV as the frame has them."""
    name, _, is_label = column.partition(".")
    name = {"from": "match_from"}.get(name, snake_case(name))
    if not is_label and f"{name}_id" in frame:
        name = f"{name}_id"
    return ["" if cell is pd.NA else as_shown(column, str(cell)) for cell in frame[name]]


def as_shown(column: str, cell: str) -> str:
    """Give a cell without what CSV alone needs, and a number without its zeros."""
    text = cell.replace("\\|", "|")
    text = text[1:] if text.startswith(("'=", "'+", "'-", "'@")) else text
    if column in ("label", "asPrinted", "section", "doseAsPrinted", "pAsPrinted", "citation"):
        return text
    try:
        return f"{float(text):g}"
    except ValueError:
        return text.lower() if text in ("True", "False") else text


def test_every_path_of_every_drug_and_histology_is_that_of_http(
    graph: Graph, client: httpx.Client
) -> None:
    told = list(over_http(client, drug="*"))
    found = graph.paths(drug="*")
    assert [dict(path.record) for path in found] == told
    assert sum(found.by_kind.values()) == len(found) == len(told)
    by_pair = defaultdict(list)
    for path in found:
        by_pair[path.drug.id, path.histology and path.histology.id].append(path)
    assert {len(paths) for paths in by_pair.values()} > {1}
    assert {path.histology for path in found if path.kind == "mechanism"} - {None}


@pytest.mark.parametrize(
    "filters",
    [
        {"drug": "imatinib", "histology": "GIST"},
        {"target": ["VEGFR", "KIT"], "kind": "tested"},
        {"family": "PDGFR", "histology": "sarcoma", "direct": True},
        {"histology": "leiomyosarcoma", "line": "SecondLineOrLater"},
        {"drug": "*", "document": "jnccn-2007", "min_evaluable": 20},
        {"drug": "*", "as_of": "2007"},
        {"target": "KIT", "source": "imports"},
    ],
    ids=str,
)
def test_paths_with_filters_are_those_of_http(
    graph: Graph, client: httpx.Client, filters: dict[str, Any]
) -> None:
    names = {"min_evaluable": "minEvaluable"}
    told = over_http(client, **{names.get(name, name): given for name, given in filters.items()})
    assert [dict(path.record) for path in graph.paths(**filters)] == list(told)


@pytest.mark.soak
def test_each_drug_with_each_histology_has_the_paths_of_http(
    graph: Graph, client: httpx.Client
) -> None:
    drugs, histologies = list(graph.drugs()["id"]), list(graph.histologies()["id"])
    asked = found = 0
    for histology in histologies:
        told = list(over_http(client, drug="*", histology=histology))
        for drug in drugs:
            paths = graph.paths(drug=drug, histology=histology)
            expected = [path for path in told if path["drug"]["id"] == drug]
            assert [dict(path.record) for path in paths] == expected, (drug, histology)
            asked, found = asked + 1, found + len(paths)
    assert asked == len(drugs) * len(histologies)
    assert found > asked / 100
    print(f"{found:,} paths of {asked:,} pairs are the same")


def over_http(client: httpx.Client, **filters: Any) -> Iterator[dict[str, Any]]:
    given = {name: "true" if value is True else value for name, value in filters.items()}
    address: str | None = str(httpx.URL("/api/v1/paths", params={**given, "limit": 1000}))
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield from page["paths"]
        address = page.get("next")


def test_a_path_object_has_all_that_its_record_says(graph: Graph) -> None:
    paths = graph.paths(drug="*")
    for path in paths:
        record = path.record
        assert [each.id for each in path.nodes] == [each["id"] for each in record["nodes"]]
        assert {edge.subject for edge in path.edges} <= {node.id for node in path.nodes}
        assert {edge.object for edge in path.edges} <= {node.id for node in path.nodes}
        assert claims_of(path) == Counter(
            claim["id"] for edge in record["edges"] for claim in edge["claims"]
        ) + Counter(
            claim["id"]
            for part in (
                *record["evidence"].values(),
                record["biomarkers"],
                record["contraindications"],
                record["approvals"],
            )
            for claim in part
        )
        assert [each.what for each in path.missing] == [each["what"] for each in record["missing"]]
    assert len({*paths}) == len(paths)
    with pytest.raises(AttributeError):
        paths[0].kind = "cure"  # type: ignore[misc]
    documented = [edge for path in paths for edge in path.edges if edge.source == "documents"]
    assert all(claim.document and claim.ranges for edge in documented for claim in edge.claims)


def claims_of(path: Path) -> Counter[str]:
    reasons = (
        *path.supporting, *path.against, *path.inconclusive, *path.unstated,
        *path.biomarkers, *path.contraindications, *path.approvals,
    )  # fmt: skip
    edges = (claim for edge in path.edges for claim in edge.claims)
    return Counter(claim.id for claim in (*edges, *reasons))


class TestSparql:
    def test_figures_are_those_of_the_graph(self, graph: Graph, snapshot: Snapshot) -> None:
        frame, store = graph.evidence(), open_database(snapshot)
        for name in ("responders", "evaluable", "percent", "hazardRatio", "pValue", "ciLow"):
            stated = {
                (iri, float(value))
                for iri, value in ask(
                    store, f"SELECT ?item ?value {{ ?item a :EvidenceItem ; :{name} ?value }}"
                )
            }
            column = frame[["iri", snake_case(name)]].dropna()
            found = {(iri, float(value)) for iri, value in column.itertuples(index=False)}
            assert found == stated, name

    def test_rows_roll_up_to_a_wider_histology(self, graph: Graph, snapshot: Snapshot) -> None:
        frame = graph.evidence(histology="leiomyosarcoma")
        rows = ask(
            open_database(snapshot),
            """SELECT DISTINCT ?item ?histology {
              ?item a :EvidenceItem ; :aboutHistology ?histology .
              ?histology rdfs:subClassOf* histology:leiomyosarcoma }""",
        )
        direct = {
            item for item, histology in rows if histology == f"{ROOT}histology/leiomyosarcoma"
        }
        assert {*frame["iri"]} == {item for item, _ in rows}
        assert {*frame[frame["match"] == "direct"]["iri"]} == direct
        inherited = frame[frame["match"] == "inherited"]
        assert len(inherited)
        assert not inherited["match_from"].str.contains("histology:leiomyosarcoma$").any()

    def test_each_claim_has_the_place_of_its_passage(
        self, graph: Graph, snapshot: Snapshot
    ) -> None:
        frame = graph.claims()
        rows = ask(
            open_database(snapshot),
            """SELECT ?claim ?sha256 (COUNT(DISTINCT ?range) AS ?n) (MIN(?start) AS ?first)
            { ?claim a :Claim ; :passage ?p . ?p :sha256 ?sha256 ; :range ?range .
              ?range :start ?start } GROUP BY ?claim ?sha256""",
        )
        stated = {claim: (sha256, int(n)) for claim, sha256, n, _ in rows}
        found = {
            iri: (sha256, len(ranges.split(" | ")))
            for iri, ranges, sha256 in frame[["iri", "passage_ranges", "passage_sha256"]]
            .dropna()
            .itertuples(index=False)
        }
        assert found == stated
        assert len(found) == len(frame)

    def test_counts_are_those_of_the_graph(self, graph: Graph) -> None:
        for method, name in (
            (graph.drugs, "Drug"),
            (graph.histologies, "Histology"),
            (graph.claims, "Claim"),
            (graph.evidence, "EvidenceItem"),
            (graph.comparisons, "ComparativeResult"),
            (graph.studies, "Study"),
            (graph.documents, "SourceDocument"),
            (graph.targets, "MolecularTarget"),
        ):
            rows = graph.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a :{name} }}")
            assert len(method()) == rows[0]["n"], name


def test_types_are_the_same_whatever_the_filters(graph: Graph) -> None:
    whole = graph.evidence()
    for filters in ({"histology": "GIST"}, {"drug": "olaratumab"}, {"min_evaluable": 100_000}):
        assert graph.evidence(**filters).dtypes.equals(whole.dtypes)
    types = {name: str(kind) for name, kind in whole.dtypes.items()}
    assert {types[snake_case(name)] for name in COUNTS if snake_case(name) in types} == {"Int64"}
    assert types["percent"] == types["p_value"] == types["ci_low"] == "Float64"
    assert types["is_subgroup"] == types["numeric"] == "boolean"
    assert types["issued_last_day"].startswith("datetime64")
    assert {types[name] for name in ("drug", "dose", "issued", "needs_review", "id")} == {"string"}
