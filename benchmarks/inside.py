"""What is measured without HTTP: validation, loading, paths, the way to a worker, growth."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import uvloop
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse

from api.answers import Desk
from api.engine import EmbeddedEngine
from api.in_process import engine_at, finish
from api.library import load_library
from api.messages import QueryRequest
from api.parameters import MOST_ITEMS
from api.path_explain import COLUMNS, explain
from api.path_kinds import PathField
from api.path_names import read_question
from api.path_page import answer_paths
from api.path_parameters import PathFilter
from benchmarks.process_cost import cpu_nanoseconds
from benchmarks.questions import QUERIES, Form
from benchmarks.tokens import Tokens
from kg.catalogue import is_made
from kg.evaluation import evaluate
from kg.gate import n_triples
from kg.merging import NO_MERGES
from kg.namespaces import read_namespaces
from kg.reference_shapes import validate_by_reference
from kg.shapes import read_shapes, validate
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, open_database

__all__ = [
    "compare_paths",
    "compare_validation",
    "engine_growth",
    "evaluation_cost",
    "open_and_answer",
    "worker_hop",
]

Figures = dict[str, float | int | bool]
Made = TypeVar("Made")

_ASK = "ASK {}"
_HOPS = 500
_PATHS = 3
_REPEATS = 100
_SHORT = ("ASK", "path subClassOf*")


def compare_validation(graph: Path) -> Figures:
    """Return the processor seconds of our SHACL and of pySHACL, and what each found."""
    store = Store()
    store.bulk_extend(
        quad for quad in parse(path=str(graph)) if not is_made(str(quad.graph_name)[1:-1])
    )
    data, shapes = n_triples(store), read_shapes(find_shipped().shapes)
    ours, found = _timed(lambda: validate(data, shapes))
    theirs, reference = _timed(lambda: validate_by_reference(data, shapes))
    return {
        "triples": len(store),
        "ours_seconds": ours,
        "pyshacl_seconds": theirs,
        "violations": len(found),
        "same_violations": found == reference,
    }


def open_and_answer(snapshot: Snapshot, rounds: int) -> Figures:
    """Return the seconds by the clock from a closed database to its first answer of a path."""
    (query,) = (each for each in QUERIES if each.name == "path subClassOf*")
    text = query.text(0, 1)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        store = open_database(snapshot)
        _rows(store, text)
        taken.append(time.perf_counter() - start)
        del store
        gc.collect()
    return {"seconds": statistics.median(taken), "worst_seconds": max(taken)}


def compare_paths(snapshot: Snapshot, drugs: int, rounds: int) -> Figures:
    """Return microseconds for a page of paths of a drug, and for the query that explains it."""
    with _desk_of(snapshot) as (desk, store):
        routes, queries = [], []
        for turn in range(rounds):
            wanted = [_paths_of((turn * _PATHS + n) % drugs) for n in range(_PATHS)]
            taken, _ = _timed(partial(list, map(partial(_page, desk), wanted)))
            routes.append(taken / _PATHS)
            texts = [_explained(desk, each) for each in wanted]
            taken, _ = _timed(partial(list, map(partial(_rows, store), texts)))
            queries.append(taken / _PATHS)
        first = [_paths_of(number) for number in range(min(drugs, _PATHS))]
        same = all(_has_same_rows(desk, store, each) for each in first)
    return {
        "route_microseconds": statistics.median(routes) * 1e6,
        "sparql_microseconds": statistics.median(queries) * 1e6,
        "same_rows": same,
    }


@contextmanager
def _desk_of(snapshot: Snapshot) -> Iterator[tuple[Desk, Store]]:
    """Give the indexes of a snapshot and its graph in memory, as the server has them."""
    store = Store()
    store.bulk_load(path=str(snapshot.nquads), format=RdfFormat.N_QUADS)
    engine = engine_at(snapshot, store, NO_MERGES)
    library = finish(load_library(engine, find_shipped()))
    yield Desk(library, library.writer, engine), store


def _paths_of(number: int) -> PathFilter:
    return PathFilter.model_validate(
        {"drug": [Tokens.of_unit(number).name], "fields": [PathField.NODES]}
    )


def _explained(desk: Desk, wanted: PathFilter) -> str:
    question = read_question(desk.library.directory, desk.library.paths, wanted)
    return explain(question, read_namespaces(find_shipped().context).ontology)


def _page(desk: Desk, wanted: PathFilter) -> bytes:
    written = finish(answer_paths(desk, wanted=wanted))
    return b"".join((written.text.encode(), *written.rest))


def _has_same_rows(desk: Desk, store: Store, wanted: PathFilter) -> bool:
    """Tell whether a page with all paths and the query that explains it have the same rows."""
    whole = wanted.model_copy(update={"explain": True, "limit": MOST_ITEMS})
    shown = [each["row"] for each in json.loads(_page(desk, whole))["paths"]]
    bindings = json.loads(_rows(store, _explained(desk, wanted)))["results"]["bindings"]
    found = [{name: b.get(name, {"value": ""})["value"] for name in COLUMNS} for b in bindings]
    return Counter(map(_key, shown)) == Counter(map(_key, found))


def _key(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(row.items()))


def _rows(store: Store, text: str, accept: str = Form.ROWS) -> bytes:
    return evaluate(store, text, accept=accept).body()


def _timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Return the processor seconds of this process that some work took, and what it made."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def worker_hop(snapshot: Snapshot, rounds: int) -> Figures:
    """Return the microseconds that a query on a worker costs beyond its evaluation here.

    It is asked as a connection does, in the event loop of the server: one after the other, so
    that each wakes processes that sleep, and with four under way and two workers.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        one = runner.run(_worker_hop(snapshot, rounds, workers=1, under_way=1))
        four = runner.run(_worker_hop(snapshot, rounds, workers=2, under_way=4))
    return one | {"hop_with_four_under_way": four["hop"]}


async def _worker_hop(snapshot: Snapshot, rounds: int, *, workers: int, under_way: int) -> Figures:
    prefixes = dict(read_namespaces(find_shipped().context).prefixes)
    engine = EmbeddedEngine(snapshot, workers=workers, memory=1024, prefixes=prefixes)
    await engine.start()
    store, hops, own = open_database(snapshot), [], []
    request = QueryRequest(_ASK, accept=Form.ROWS, seconds=30).to_bytes()

    async def ask() -> None:
        for _ in range(_HOPS // under_way):
            await _answered(engine, request)

    try:
        for _ in range(rounds + 1):
            before = cpu_nanoseconds(os.getpid())
            await asyncio.gather(*(ask() for _ in range(under_way)))
            hops.append((cpu_nanoseconds(os.getpid()) - before) / 1e3 / _HOPS)
            taken, _ = _timed(lambda: [_rows(store, _ASK) for _ in range(_HOPS)])
            own.append(taken * 1e6 / _HOPS)
    finally:
        await engine.close()
    whole, alone = statistics.median(hops[1:]), statistics.median(own[1:])
    return {"whole_microseconds": whole, "here_microseconds": alone, "hop": whole - alone}


async def _answered(engine: EmbeddedEngine, request: bytes) -> None:
    heard = asyncio.get_running_loop().create_future()
    begun = engine.users.begin(request, hear=partial(heard.set_result, None))
    await heard
    assert begun.reply is not None, "the answer to a trivial query takes more than a moment"


def engine_growth(
    graphs: Mapping[str, Path], drugs: Mapping[str, int], rounds: int
) -> dict[str, dict[str, float]]:
    """Return processor microseconds of each indexed query, by size, with all graphs in memory."""
    stores = {size: _loaded(path) for size, path in graphs.items()}
    found: dict[str, dict[str, list[float]]] = {}
    for turn in range(rounds):
        for query in (each for each in QUERIES if each.is_indexed):
            for size, store in stores.items():
                texts = [query.text(turn * _REPEATS + n, drugs[size]) for n in range(_REPEATS)]
                answer = partial(_rows, store, accept=query.accept)
                taken, _ = _timed(partial(list, map(answer, texts)))
                found.setdefault(query.name, {}).setdefault(size, []).append(taken / _REPEATS)
    return {
        name: {size: statistics.median(taken) * 1e6 for size, taken in sizes.items()}
        for name, sizes in found.items()
    }


def evaluation_cost(graph: Path, drugs: int, rounds: int) -> Figures:
    """Return processor microseconds of short queries: by the engine alone, and as a worker asks.

    The latter checks limits and calls, looks for what the engine gets wrong, and chooses a format.
    """
    store = _loaded(graph)
    found: dict[str, list[float]] = {}
    for turn in range(rounds):
        for query in (each for each in QUERIES if each.name in _SHORT):
            texts = [query.text(turn * _REPEATS + n, drugs) for n in range(_REPEATS)]
            for name, answer in (("alone", _by_the_engine), ("whole", _rows)):
                taken, _ = _timed(partial(list, map(partial(answer, store), texts)))
                found.setdefault(f"{query.name}, {name}", []).append(taken / _REPEATS)
    return {name: statistics.median(taken) * 1e6 for name, taken in found.items()}


def _by_the_engine(store: Store, text: str) -> bytes | None:
    asked = cast(QueryBoolean | QuerySolutions, store.query(text, use_default_graph_as_union=True))
    return asked.serialize(format=QueryResultsFormat.JSON)


def _loaded(graph: Path) -> Store:
    store = Store()
    store.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
    return store
