"""What a run measures: sizes, rounds, peers, and where it works and writes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import PEERS
from benchmarks.natural import natural

__all__ = ["Options", "read_options", "read_size"]

_UNITS = {"k": 1_000, "m": 1_000_000}


@dataclass(frozen=True)
class Options:
    """What a run measures, and where it works and writes."""

    sizes: tuple[str, ...]
    compared_at: str
    rounds: int
    seconds: float
    peers: tuple[str, ...]
    out: Path | None
    work: Path | None
    rdflib: str
    seed: int
    is_quick: bool
    built_at: str


def read_size(text: str) -> int:
    """Return how many triples a size is.

    >>> read_size("30k"), read_size("10m"), read_size("45000")
    (30000, 10000000, 45000)
    """
    unit = _UNITS.get(text[-1:].lower())
    return int(float(text[:-1]) * unit) if unit else int(text)


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Return the options of a command line; raises SystemExit with what is wrong."""
    given = _parser().parse_args(arguments)
    sizes = tuple((given.sizes or ("30k,100k" if given.quick else "30k,300k,1m,10m")).split(","))
    try:
        sizes = tuple(sorted(sizes, key=read_size))
    except ValueError:
        raise SystemExit(f"benchmarks: --sizes {given.sizes}: write 30k,1m or numbers") from None
    if given.rounds < 1:
        raise SystemExit(f"benchmarks: --rounds {given.rounds}: ask one round or more")
    small = [size for size in sizes if read_size(size) <= 1_000_000] or [sizes[0]]
    return Options(
        sizes=sizes,
        compared_at=small[0] if given.quick else small[-1],
        rounds=given.rounds,
        seconds=0.02 if given.quick else 0.15,
        peers=_peers(given.peers, is_quick=given.quick),
        out=given.out,
        work=given.work,
        rdflib=given.rdflib,
        seed=given.seed,
        is_quick=given.quick,
        built_at=small[-1],
    )


def _peers(text: str, *, is_quick: bool) -> tuple[str, ...]:
    chosen = tuple(text.split(",")) if text else PEERS
    if unknown := sorted({*chosen} - {*PEERS}):
        raise SystemExit(f"benchmarks: no peer {unknown[0]}; there are {', '.join(PEERS)}")
    return chosen if text or not is_quick else tuple(n for n in PEERS if n != "rdflib-oxigraph")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the server against its peers; docs/performance.md says how.",
    )
    parser.add_argument("--quick", action="store_true", help="small graphs, short batches")
    parser.add_argument("--sizes", help="sizes of graphs (default 30k,300k,1m,10m)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--peers", default="", help=f"some of {','.join(PEERS)}")
    parser.add_argument(
        "--out", type=Path, metavar="FILE.md", help="write the tables there, JSON and plot beside"
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep graphs and databases here")
    parser.add_argument("--rdflib", default="", metavar="PROGRAM", help="path of rdflib-endpoint")
    parser.add_argument("--seed", type=natural, default=1, help="0 or more (default 1)")
    return parser
