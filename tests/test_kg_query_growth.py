"""No shipped query grows much faster than the graph: measured in memory on two generated graphs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from api.kinds import KINDS
from api.list_kinds import fields_of
from api.list_loading import query_of
from benchmarks.generate import write_graph
from kg.evaluation import evaluate
from kg.example_queries import NEEDS_NETWORK, read_examples
from kg.export import query_prefixes
from kg.namespaces import read_namespaces
from kg.nquads import load_quads
from kg.shipped import find_shipped

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"

SMALL, LARGE = 100_000, 400_000
FIXED = 12_500
"""What the generator writes whatever the size: growth is counted in what does grow."""

MOST = 1.5
FLOOR = 0.003
"""Seconds of a query below which nothing is told by how they grow."""

UNFILLED = re.compile(r"VALUES \?\w+ \{ \}")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    return tuple(_store(tmp_path_factory.mktemp("growth"), size) for size in (SMALL, LARGE))  # type: ignore[return-value]


def _store(folder: Path, triples: int) -> Store:
    write_graph(folder / "graph.nq", triples)
    return load_quads(folder / "graph.nq")


def _queries() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "data/queries").glob("*.ttl")):
        triples = (quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE))
        for each in read_examples(triples):
            if NEEDS_NETWORK not in each.keywords:
                yield f"example/{path.stem}", each.query
    for folder in ("ontology/rules", "shapes/checks", "api/queries"):
        for path in sorted((ROOT / folder).glob("*.rq")):
            # What is asked of given things is as much work as these are.
            if not UNFILLED.search(text := path.read_text(encoding="utf-8")):
                yield f"{folder}/{path.stem}", text
    for kind in KINDS:
        yield f"list/{kind.path}", query_of(kind.class_name, fields_of(kind.path), ONTOLOGY)


QUERIES = dict(_queries())


@pytest.mark.parametrize("name", QUERIES)
def test_growth(name: str, stores: tuple[Store, Store]) -> None:
    small, large = (_seconds(store, QUERIES[name]) for store in stores)
    grown = (LARGE - FIXED) / (SMALL - FIXED)
    limit = MOST * grown * max(small, FLOOR)
    assert large < limit, f"{name}: {small:.4f} s to {large:.4f} s on {grown:.1f} times the data"


def _seconds(store: Store, query: str) -> float:
    """Return the least processor time of three runs of a query, answer and all."""
    names = query_prefixes(read_namespaces(find_shipped().context))
    return min(_once(store, query, names) for _ in range(3))


def _once(store: Store, query: str, prefixes: dict[str, str]) -> float:
    start, runs = time.thread_time(), 0
    # The clock of a thread is coarse on some systems.
    while (spent := time.thread_time() - start) < 0.03 and runs < 20:
        evaluate(store, query, prefixes=prefixes).body()
        runs += 1
    return spent / runs
