"""Imports that are too large are left out of what is kept in memory, and their lists refused."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest
from imported_graphs import GTOPDB, imported_store
from pyoxigraph import QuerySolutions, Store
from test_api_path_explain import StoreEngine

from api import by_heart
from api.by_heart import TooManyRecords, check_known, known_graphs, large_imports
from api.engine import Engine
from api.kinds import get_kind
from kg import import_size
from kg.import_size import LARGEST_BY_HEART
from kg.search_loading import load_index

ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"


@pytest.fixture(scope="module")
def store() -> Store:
    return imported_store(Store())


def engine_with(store: Store, triples: int) -> Engine:
    graphs = {GTOPDB: SimpleNamespace(triples=triples), "urn:own": SimpleNamespace(triples=9)}
    found = StoreEngine(store)
    found.snapshot = SimpleNamespace(id="0", manifest=SimpleNamespace(graphs=graphs))
    return cast(Engine, found)


def test_only_an_import_is_ever_too_large(store: Store) -> None:
    small = engine_with(store, LARGEST_BY_HEART).snapshot
    assert (large_imports(small), known_graphs(small)) == ({}, ())
    large = engine_with(store, LARGEST_BY_HEART + 1).snapshot
    assert large_imports(large) == {GTOPDB: LARGEST_BY_HEART + 1}
    assert known_graphs(large) == ("urn:own",)


def test_a_list_of_a_large_import_is_refused_with_the_query_to_ask_instead(store: Store) -> None:
    large = engine_with(store, LARGEST_BY_HEART + 1)
    with pytest.raises(TooManyRecords, match="gtopdb has 1,000,001 triples") as refused:
        asyncio.run(check_known(large, get_kind("imported-claims"), ONTOLOGY))
    rows = store.query(refused.value.query, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    assert sum(1 for _ in rows) > 10
    asyncio.run(check_known(large, get_kind("imported-trials"), ONTOLOGY))
    asyncio.run(check_known(large, get_kind("drugs"), ONTOLOGY))


def test_a_list_of_many_records_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_with(store, 9)
    asyncio.run(check_known(engine, get_kind("imported-claims"), ONTOLOGY))
    monkeypatch.setattr(by_heart, "MOST_LISTED", 3)
    with pytest.raises(TooManyRecords, match="lists up to 3"):
        asyncio.run(check_known(engine, get_kind("imported-claims"), ONTOLOGY))


def test_a_search_leaves_out_what_a_large_import_names(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any("/imported/gtopdb/" in iri for iri in load_index(store).things)
    monkeypatch.setattr(import_size, "LARGEST_BY_HEART", 50)
    things = load_index(store).things
    assert not any("/imported/gtopdb/" in iri for iri in things)
    assert any("/imported/drugmechdb/" in iri for iri in things)
