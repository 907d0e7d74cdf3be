"""The holder of a snapshot: it has the graph in memory once, and forks those who work on it."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from pyoxigraph import Store

from api.messages import Kind, Opening, pack, read_message
from api.nursery import Life, Nursery, Role
from api.search_held import prepare_search
from api.worker import work
from kg.merging import Merges, make_merges
from kg.nquads import load_quads
from kg.shared_triples import read_shared

__all__ = ["hold_graph", "open_store"]

_NICENESS = {"query": 10, "express": 5, "server": 0}


def hold_graph(own: socket.socket) -> None:
    """Open the graph that a message names, and fork who is asked for, until the socket ends."""
    # Nothing follows before the answer, so that the buffer takes nothing from the nursery.
    with open(own.fileno(), "rb", closefd=False) as requests:
        opening = Opening.from_bytes(read_message(requests)[1])
    gc.collect()
    gc.freeze()
    open_own, merges = _prepare(opening)
    own.sendall(pack(Kind.READY))
    live = partial(work, opening=opening, open_store=open_own, merges=merges)
    roles = {name: _role(partial(live, niceness=niceness)) for name, niceness in _NICENESS.items()}
    roles["write"] = Role(partial(_load_writer, opening, open_own))
    Nursery(own, roles).run()


def _role(live: Life) -> Role:
    return Role(lambda: live)


def _load_writer(opening: Opening, open_own: Callable[[], Store]) -> Life:
    """Return the life of a one-shot writer; servers that take no writes do not load its code."""
    module = import_module("api.write_process")
    return partial(module.write_once, opening=opening, open_store=open_own)


def open_store(opening: Opening) -> Store:
    """Return the store of an opening: in memory, or on disk and read-only."""
    if opening.database is not None:
        return Store.read_only(opening.database)
    return load_quads(Path(opening.nquads)) if opening.nquads else Store()


def _prepare(opening: Opening) -> tuple[Callable[[], Store], Merges]:
    """Return how a child comes by its store: it has it already, or opens the one on disk.

    A database has threads of its own, which no fork takes along.
    """
    shared = read_shared(Path(opening.nquads)) if opening.nquads else frozenset()
    if opening.database is not None:
        return partial(open_store, opening), make_merges(None, shared)
    store = open_store(opening)
    prepare_search(store)
    return lambda: store, make_merges(store, shared)
