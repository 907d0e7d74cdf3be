"""Every shipped query on two sizes of graph: whether one grows faster than the graph does."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store, parse

from kg.context import read_context
from kg.evaluation import evaluate
from kg.example_queries import NEEDS_NETWORK, read_examples
from kg.export import known_prefixes
from kg.shipped import find_shipped

__all__ = ["shipped_growth", "shipped_queries"]

_SHOWN = 5
_MINUTE = 60.0
_TIMES = 3


def shipped_queries() -> dict[str, str]:
    """Return the texts of the example queries that need no network, and of the server's own.

    Of the server's own, those that are asked as they stand: the others have gaps to fill.
    """
    return dict(sorted([*_examples(), *_own()]))


def _examples() -> Iterator[tuple[str, str]]:
    data = find_shipped().data
    for path in (*data.glob("queries/*.ttl"), *data.glob("examples/*.ttl")):
        triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
        for example in read_examples(triples):
            if NEEDS_NETWORK not in example.keywords:
                yield path.stem, example.query


def _own() -> Iterator[tuple[str, str]]:
    import api  # noqa: PLC0415 - a namespace whose queries lie beside its modules

    for path in (Path(next(iter(api.__path__))) / "queries").glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        if "$" not in text and "{{" not in text:
            yield f"api: {path.stem}", text


def shipped_growth(smaller: Path, larger: Path, factor: float) -> dict[str, Any]:
    """Return how much faster than the graph each query grew: the worst, and how many were asked.

    ``factor`` is how much more there is in the larger graph of what grows. A query that takes
    less than 2 ms there has nothing to grow from, and is not compared.
    """
    stores = [_loaded(smaller), _loaded(larger)]
    prefixes = known_prefixes(read_context(find_shipped().context).namespaces)
    ratios: dict[str, float] = {}
    queries = shipped_queries()
    for name, text in queries.items():
        small, large = (_seconds(store, text, prefixes) for store in stores)
        if small and large and large > 0.002:
            ratios[name] = large / small / factor
    worst = sorted(ratios.items(), key=lambda item: -item[1])[:_SHOWN]
    return {"queries": len(queries), "compared": len(ratios), "worst": [list(w) for w in worst]}


def _seconds(store: Store, text: str, prefixes: Mapping[str, str]) -> float:
    """Return the least processor seconds of a few tries; 0.0 where it cannot be asked alone."""
    best = float("inf")
    for _ in range(_TIMES):
        start = time.process_time()
        try:
            evaluate(store, text, prefixes=prefixes).body()
        except ValueError:
            return 0.0
        taken = time.process_time() - start
        best = min(best, taken)
        if taken > 1:
            break
    return best


def _loaded(graph: Path) -> Store:
    store = Store()
    store.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
    return store
