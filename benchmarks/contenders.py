"""All servers of a run, started together: ours and their peers, each with its graph."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.building import Cost, build_cost
from benchmarks.client import Client
from benchmarks.peers import (
    Peer,
    PeerMissing,
    find_program,
    hello_served,
    ours_served,
    oxigraph_loaded,
    oxigraph_served,
    rdflib_served,
)
from benchmarks.rounds import Contender
from benchmarks.virtuoso import virtuoso_served

__all__ = ["PEERS", "Plan", "Started", "start_all"]

PEERS = ("ours", "oxigraph", "rdflib", "rdflib-oxigraph", "virtuoso", "hello")

_MOST_IN_MEMORY = 4000
"""Drugs, in two million quads, below which a graph is served from memory: more take too much."""

_NOT_STARTED = (
    PeerMissing,
    RuntimeError,
    OSError,
    MemoryError,
    subprocess.CalledProcessError,
)


@dataclass(frozen=True)
class Plan:
    """Which graphs are served, at which size all peers compete, and which take part."""

    graphs: Mapping[str, Path]
    drugs: Mapping[str, int]
    compared_at: str
    peers: Sequence[str]
    folder: Path
    rdflib: str = ""
    seconds: float = 60.0


@dataclass
class Started:
    """What runs, and why others do not."""

    contenders: list[Contender] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    builds: dict[str, Cost] = field(default_factory=dict)


def start_all(plan: Plan, stack: ExitStack, note: Callable[[str], None]) -> Started:
    """Start all contenders of a plan until the stack is left; those that do not start are told."""
    started = Started()
    if "ours" in plan.peers:
        _build_all(plan, started, note)
    for size, name, server in _servers(plan):
        note(f"starting {name} with {size}")
        try:
            peer = stack.enter_context(server())
        except _NOT_STARTED as error:
            started.missing[f"{name} at {size}"] = str(error)
            note(f"left out: {name} at {size}: {error}")
            continue
        client = stack.enter_context(Client(peer.port, seconds=plan.seconds))
        started.contenders.append(Contender(size, peer, client, plan.drugs[size]))
        note(f"{peer.name} with {size} after {peer.seconds:.1f} s")
    return started


def _build_all(plan: Plan, started: Started, note: Callable[[str], None]) -> None:
    """Make the snapshots that the servers of ours share; where that fails, they build their own."""
    for size, graph in plan.graphs.items():
        note(f"building {size}")
        try:
            started.builds[size] = build_cost(graph, _home(plan, size))
        except RuntimeError as error:
            started.missing[f"build of {size}"] = str(error)
            note(str(error))


def _home(plan: Plan, size: str) -> Path:
    return plan.folder / f"ours-{size}"


Server = Callable[[], AbstractContextManager[Peer]]


def _servers(plan: Plan) -> Iterator[tuple[str, str, Server]]:
    for size, graph in plan.graphs.items():
        if "ours" in plan.peers:
            home = _home(plan, size)
            for in_memory in _modes(plan.drugs[size]):
                yield size, "sarcoma-kg", _ours(graph, home, in_memory=in_memory)
        if "oxigraph" in plan.peers:
            for in_memory in _modes(plan.drugs[size]):
                place = plan.folder / f"oxigraph-{size}"
                yield size, "oxigraph serve", _oxigraph(graph, place, in_memory=in_memory)
    yield from _compared(plan)


def _modes(drugs: int) -> tuple[bool, ...]:
    """Return whether a graph is served from disk, and from memory too: not so the largest."""
    return (False, True) if drugs < _MOST_IN_MEMORY else (False,)


def _compared(plan: Plan) -> Iterator[tuple[str, str, Server]]:
    size = plan.compared_at
    graph = plan.graphs[size]
    for name, store in (("rdflib", "default"), ("rdflib-oxigraph", "Oxigraph")):
        if name in plan.peers:
            yield size, name, _rdflib(plan, graph, store)
    if "virtuoso" in plan.peers:
        yield size, "virtuoso", lambda: virtuoso_served(graph, plan.folder / "virtuoso")
    if "hello" in plan.peers:
        yield size, "hello", lambda: hello_served(plan.folder / "hello.log")


def _ours(graph: Path, home: Path, *, in_memory: bool) -> Server:
    return lambda: ours_served(graph, home, in_memory=in_memory)


def _oxigraph(graph: Path, folder: Path, *, in_memory: bool) -> Server:
    def served() -> AbstractContextManager[Peer]:
        if not in_memory and not folder.exists():
            oxigraph_loaded(graph, folder)
        return oxigraph_served(graph, folder, in_memory=in_memory)

    return served


def _rdflib(plan: Plan, graph: Path, store: str) -> Server:
    def served() -> AbstractContextManager[Peer]:
        program = plan.rdflib or find_program("rdflib-endpoint")
        return rdflib_served(graph, plan.folder / f"rdflib-{store}.log", program, store=store)

    return served
