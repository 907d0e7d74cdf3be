"""Writes for tests: an update evaluated on the current snapshot, and committed."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Store

from kg.base import Base
from kg.commit import CommitReply, CommitRequest, commit
from kg.nquads import load_quads
from kg.snapshot import get_current
from kg.writing import Effect, Update, Write, evaluate_write

__all__ = ["PREFIXES", "effect_on", "make_write", "store_of"]

PREFIXES = {
    "": "https://w3id.org/sarcoma-kg/ontology/",
    "drug": "https://w3id.org/sarcoma-kg/drug/",
    "e": "http://e.org/",
    "graph": "https://w3id.org/sarcoma-kg/graph/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "target": "https://w3id.org/sarcoma-kg/target/",
}


def store_of(base: Base, home: Path) -> Store:
    """Return what the current snapshot of a base holds, in memory."""
    return load_quads(get_current(base.home(home)).nquads)


def effect_on(base: Base, home: Path, write: Write | str) -> Effect:
    given = Update(write) if isinstance(write, str) else write
    return evaluate_write(store_of(base, home), given, prefixes=PREFIXES)


def make_write(base: Base, home: Path, write: Write | str, *, gated: bool = True) -> CommitReply:
    """Make a write as a server does: on the current snapshot, whose id it expects."""
    expected = get_current(base.home(home)).id
    change = effect_on(base, home, write).change
    return commit(CommitRequest(base, home, change, expected, gated))
