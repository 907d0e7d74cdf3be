"""Paths whose first step is the word of an import: apart, marked, and as SPARQL finds them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from imported_graphs import imported_store
from pyoxigraph import QuerySolutions, Store
from serving import engine_of, running, settings_of, snapshot_of
from test_api_path_explain import POOL, StoreEngine

from api.application import create_app
from api.engine import Engine
from api.library import Library, load_library
from api.path_choice import choose_paths
from api.path_explain import COLUMNS, explain
from api.path_kinds import IMPORTED_KINDS, PathKind
from api.path_models import PathAnswer
from api.path_names import read_question
from api.path_parameters import PathFilter
from kg.build import Assembly
from kg.shipped import find_shipped

PATHS = "/api/v1/paths"
Same = Callable[[dict[str, Any]], int]
DOCUMENTS = {kind.value for kind in PathKind if kind not in IMPORTED_KINDS}


@pytest.fixture(scope="module")
def store(assembly: Assembly) -> Store:
    return imported_store(assembly.store)


@pytest.fixture(scope="module")
def server(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    snapshot = snapshot_of(store, tmp_path_factory.mktemp("imports"))
    served = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(served) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def everything(server: httpx.Client) -> Any:
    return paths(server, drug="*", limit=1000)


@pytest.fixture(scope="module")
def same(store: Store) -> Same:
    """Compare the paths with the rows of their query, and give their number."""
    library: Library = asyncio.run(load_library(cast(Engine, StoreEngine(store)), find_shipped()))

    def compare(asked: dict[str, Any]) -> int:
        wanted = PathFilter.model_validate(asked)
        question = read_question(library.directory, library.paths, wanted)
        found = list(choose_paths(library.paths, question).paths())
        query = explain(question, library.context.namespaces.ontology)
        rows = store.query(query, use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        given = [tuple(row[name].value if row[name] else "" for name in COLUMNS) for row in rows]
        assert sorted(given) == sorted(tuple(path.row.values()) for path in found), asked
        return len(given)

    return compare


def paths(server: httpx.Client, **asked: Any) -> Any:
    answer = server.get(PATHS, params=asked)
    assert answer.status_code == 200, answer.text
    PathAnswer.model_validate(answer.json())
    return answer.json()


def ends(answer: Any) -> set[tuple[str, str, str]]:
    return {
        (
            path["kind"],
            path["targets"][0]["id"].partition(":")[2],
            (path["histology"] or {}).get("id", "").partition(":")[2],
        )
        for path in answer["paths"]
    }


def test_the_kinds_of_the_documents_have_the_paths_that_they_have_without_imports(
    everything: Any, assembly: Assembly, tmp_path: Path
) -> None:
    snapshot = snapshot_of(assembly.store, tmp_path)
    served = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(served) as address, httpx.Client(base_url=address, timeout=30) as client:
        without = paths(client, drug="*", limit=1000)
    assert sum(without["byKind"][kind] for kind in DOCUMENTS) == 192
    for kind in DOCUMENTS:
        assert everything["byKind"][kind] == without["byKind"][kind]
    own = [path for path in everything["paths"] if path["kind"] in DOCUMENTS]
    assert own == without["paths"]
    assert own == everything["paths"][: len(own)], "the documents come first"


def test_a_target_with_a_part_in_a_histology_leads_there(server: httpx.Client) -> None:
    found = paths(server, drug="pazopanib", target="KIT")
    assert ends(found) == {
        ("imported-mechanism", "kit", "gastrointestinal-stromal-tumour"),
        ("imported-target", "kit", "soft-tissue-sarcoma"),
        ("imported-target", "kit", "non-adipocytic-soft-tissue-sarcoma"),
    }
    found = paths(server, drug="cediranib", family="PDGFR")
    over_parts = {end[2] for end in ends(found) if end[0] == "imported-mechanism"}
    assert over_parts == {"desmoid-tumour", "dermatofibrosarcoma-protuberans"}
    others = {end[2] for end in ends(found) if end[0] == "imported-target"}
    assert others == {"alveolar-soft-part-sarcoma"}


def test_a_target_without_a_part_is_shown_where_the_drug_is_tested(server: httpx.Client) -> None:
    found = paths(server, drug="pazopanib", family="VEGFR")
    tested, recommended = "soft-tissue-sarcoma", "non-adipocytic-soft-tissue-sarcoma"
    assert ends(found) == {
        ("imported-target", "vegfr2", tested),
        ("imported-target", "vegfr2", recommended),
    }
    path = next(each for each in found["paths"] if each["histology"]["id"].endswith(f":{tested}"))
    assert [edge["kind"] for edge in path["edges"]] == [
        "imported action",
        "imported action",
        "test",
        "family",
    ]
    assert path["evidence"]["for"]


def test_a_drug_of_no_document_has_its_targets_without_a_histology(server: httpx.Client) -> None:
    found = paths(server, drug="tazemetostat", family="VEGFR")
    (path,) = found["paths"]
    assert (path["kind"], path["histology"]) == ("imported-target", None)
    assert [each["what"] for each in path["missing"]] == [
        "target-statement",
        "histology-statement",
    ]
    assert "None" not in path["missing"][1]["statement"]
    assert paths(server, drug="tazemetostat", histology="*")["paths"] == []


def test_each_import_states_an_edge_of_its_own_with_its_claims(server: httpx.Client) -> None:
    found = paths(server, drug="pazopanib", family="VEGFR")
    edges = [each for each in found["paths"][0]["edges"] if each["kind"] == "imported action"]
    assert [edge["source"]["import"] for edge in edges] == ["drugmechdb", "gtopdb"]
    for edge in edges:
        source = edge["source"]
        assert (source["kind"], source["retrieved"]) == ("import", "2026-07-01")
        assert source["licence"].startswith("https://")
        assert edge["graphs"] == [f"graph:import-{source['import']}"]
        assert (edge["inferred"], edge["predicate"]) == (False, "sarcoma:reportedToInhibit")
        (claim,) = edge["claims"]
        assert claim["source"] == source
        assert claim["document"] is None
        assert claim["citedReference"] == ["pubmed:12345"]
        assert "recordPlace" in claim
        assert "statedAction" in claim
    assert edges[0]["claims"][0]["partOfPath"]["id"] == "imported:drugmechdb/p1"
    others = [each for each in found["paths"][0]["edges"] if each["kind"] != "imported action"]
    assert all(each["source"] == {"kind": "documents"} for each in others)


def test_what_an_import_says_beside_inhibition_makes_no_path(server: httpx.Client) -> None:
    found = paths(server, drug="imatinib", target="RET", source="imports")
    assert found["paths"] == []


def test_a_pair_of_both_is_there_twice_and_nothing_of_it_is_missing(server: httpx.Client) -> None:
    found = paths(server, drug="imatinib", target="KIT", histology="GIST")
    kinds = [path["kind"] for path in found["paths"]]
    assert (kinds[0], kinds[-1]) == ("mechanism", "imported-mechanism")
    missing = {each["what"] for each in found["paths"][-1]["missing"]}
    assert not missing & {"target-statement", "action-statement", "mechanism-statement"}
    found = paths(server, drug="sunitinib", target="VEGFR2", source="imports")
    assert all(
        "mechanism-statement" in {each["what"] for each in path["missing"]}
        for path in found["paths"]
    )


def test_sources_are_filtered(server: httpx.Client, everything: Any) -> None:
    total = everything["total"]
    own = paths(server, drug="*", source="documents", limit=1)["total"]
    others = paths(server, drug="*", source="imports", limit=1000)
    assert (own, own + others["total"]) == (192, total)
    assert {path["kind"] for path in others["paths"]} == {kind.value for kind in IMPORTED_KINDS}
    one = paths(server, drug="*", source="drugmechdb", limit=1000)
    assert {path["drug"]["label"] for path in one["paths"]} == {"pazopanib", "imatinib"}
    sources = {
        edge["source"].get("import")
        for path in one["paths"]
        for edge in path["edges"]
        if edge["kind"] == "imported action"
    }
    assert sources == {"drugmechdb"}
    both = paths(server, drug="*", source="documents,drugmechdb", limit=1)["total"]
    assert both == own + one["total"]


def test_an_unknown_source_is_refused_with_those_that_are_known(server: httpx.Client) -> None:
    answer = server.get(PATHS, params={"drug": "*", "source": "drugbank"})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "source"
    assert "documents, imports, drugmechdb, gtopdb" in answer.json()["detail"]


def test_no_import_counts_where_only_some_documents_do(server: httpx.Client) -> None:
    for asked in ({"document": "jnccn-2007"}, {"asOf": "2017"}):
        found = paths(server, drug="*", limit=1, **asked)
        assert found["byKind"]["imported-mechanism"] == found["byKind"]["imported-target"] == 0
        answer = server.get(PATHS, params={"drug": "*", "source": "imports", **asked})
        assert answer.status_code == 400


def test_several_questions_at_once_may_have_sources(server: httpx.Client) -> None:
    queries = [
        {"drug": "pazopanib", "family": "VEGFR", "source": ["gtopdb"]},
        {"drug": "pazopanib", "family": "VEGFR", "source": "documents"},
    ]
    found = server.post(PATHS, json={"queries": queries}).json()
    assert [answer["total"] for answer in found["answers"]] == [2, 0]


CHOSEN: tuple[dict[str, object], ...] = (
    {"drug": "*"},
    {"drug": "*", "source": "imports"},
    {"drug": "*", "source": "gtopdb"},
    {"drug": "*", "source": ["documents", "drugmechdb"]},
    {"drug": "pazopanib", "family": "VEGFR"},
    {"drug": "tazemetostat"},
    {"target": "VEGFR", "kind": "imported-target"},
    {"family": "PDGFR", "kind": "imported-mechanism"},
    {"histology": "sarcoma", "source": "imports"},
    {"histology": "*", "source": "imports"},
    {"drug": "*", "kind": ["imported-target", "tested"], "endpoint": "ObjectiveResponseRate"},
    {"drug": "*", "kind": "imported-target", "treatmentMode": "alone"},
    {"drug": "*", "source": "imports", "biomarker": "KIT exon 9 mutation"},
    {"drug": "*", "source": "imports", "minEvaluable": 20, "direct": True},
    {"drug": "*", "source": "imports", "reach": "direct"},
    {"drugClass": "*", "source": "imports"},
)


@pytest.mark.parametrize("asked", CHOSEN, ids=lambda asked: " ".join(map(str, asked.values())))
def test_the_query_has_the_rows_of_the_list(same: Same, asked: dict[str, object]) -> None:
    assert same(asked) > 0


def test_a_query_for_nothing_has_no_rows(same: Same) -> None:
    assert same({"drug": "*", "source": "imports", "kind": "mechanism"}) == 0
    assert same({"drug": "*", "source": "imports", "reach": "prodrug"}) == 0


def test_the_query_has_the_rows_of_lists_at_random(same: Same) -> None:
    draw, found = random.Random(11), 0
    for _ in range(15):
        names = draw.sample([name for name in POOL if name not in ("document", "asOf", "kind")], 2)
        asked = {name: draw.choice(POOL[name]) for name in names} | {"source": "imports"}
        asked.setdefault("drug", "*")
        found += same(asked) > 0
    assert found > 3
