"""How long each address of the HTTP interface takes: when first asked after a start, and then.

Run as a program, it starts servers of the shipped graph on free ports of this machine, asks each
GET of the contract by its example, one after the other, and prints a table in milliseconds:
``python tests/latency.py --starts 3 --rounds 50``. "Cold" is the first request for an address after
a start of the server, made when all others before it in the table were made; "warm" are those
after that.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from server_process import serving

from kg.build import build
from kg.shipped import find_shipped

__all__ = ["Latency", "find_requests", "measure", "percentile"]

_PLAIN = {"Accept-Encoding": "identity"}
_SPARQL = "/sparql?query=SELECT%20*%20%7B%20?drug%20:inhibits%20target:kit%20%7D&format=json"
_INSTEAD = {"/sparql": _SPARQL, "/rdf-graph-store": "/rdf-graph-store?graph=graph:documents"}


@dataclass
class Latency:
    """The seconds that an address took, and the bytes of its answer."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    size: int = 0
    status: int = 0


def find_requests(contract: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the path of each GET of a contract that has an example, and what to ask."""
    for path, operations in contract["paths"].items():
        operation = operations.get("get")
        if operation is None:
            continue
        needed = "{" in path or any(
            each.get("required") for each in operation.get("parameters", ())
        )
        asked = _INSTEAD.get(path) or operation.get("x-example") or (None if needed else path)
        if asked:
            yield path, asked


def measure(client: httpx.Client, found: dict[str, Latency], rounds: int) -> None:
    """Ask each address once, and then more often; add the times to what was found."""
    requests = list(find_requests(client.get("/openapi.json").json()))
    for path, asked in requests:
        _ask(client, asked, found.setdefault(path, Latency()), is_cold=True)
    for _ in range(rounds):
        for path, asked in requests:
            _ask(client, asked, found[path], is_cold=False)


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share of all does not exceed.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.99), percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    (4.0, 2.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1)]


def show(found: Mapping[str, Latency]) -> Iterator[str]:
    """Yield a table in Markdown, in milliseconds."""
    yield "| address | status | bytes | cold median | cold max | warm median | warm p99 |"
    yield "|---|---|---|---|---|---|---|"
    for path, each in found.items():
        cold, warm = each.cold, each.warm
        figures = (
            statistics.median(cold),
            max(cold),
            statistics.median(warm),
            percentile(warm, 0.99),
        )
        cells = " | ".join(f"{seconds * 1000:.1f}" for seconds in figures)
        yield f"| `{path}` | {each.status} | {each.size:,} | {cells} |"


def _ask(client: httpx.Client, asked: str, latency: Latency, *, is_cold: bool) -> None:
    start = time.perf_counter()
    answer = client.get(asked, headers=_PLAIN)
    taken = time.perf_counter() - start
    (latency.cold if is_cold else latency.warm).append(taken)
    latency.size, latency.status = len(answer.content), answer.status_code


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3, help="how often the server is started")
    parser.add_argument("--rounds", type=int, default=50, help="warm requests for each start")
    given = parser.parse_args()
    found: dict[str, Latency] = {}
    for _ in range(given.starts):
        with tempfile.TemporaryDirectory() as folder:
            build(find_shipped(), Path(folder) / "home")
            with (
                serving(Path(folder), "--port", "0", "--no-access-log") as server,
                httpx.Client(base_url=server.address, timeout=60) as client,
            ):
                measure(client, found, given.rounds)
    for line in show(found):
        print(line)


if __name__ == "__main__":
    main()
