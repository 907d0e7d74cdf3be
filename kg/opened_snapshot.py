"""A snapshot that is held open: not removed meanwhile, and read by any thread and process."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar, cast

from pyoxigraph import Store

from kg.answering import Answers, load_answers
from kg.context import read_context
from kg.export import known_prefixes
from kg.merging import Merges, make_merges
from kg.search_index import SearchIndex
from kg.search_loading import load_index
from kg.shared_triples import read_shared
from kg.shipped import Shipped
from kg.snapshot import Snapshot, hold, open_database

__all__ = ["ClosedError", "OpenedSnapshot"]

Made = TypeVar("Made")

_LARGEST_MERGED = 1_000_000
"""Quads up to which the union of the graphs is made, which takes as much memory again twice."""


class ClosedError(ValueError):
    """A graph was closed before it was asked."""


@dataclass(frozen=True)
class _Parts:
    """What was made of a snapshot in one process; no database may cross a fork."""

    store: Store
    process: int = field(default_factory=os.getpid)
    lock: RLock = field(default_factory=RLock)
    made: dict[str, Any] = field(default_factory=dict)


class OpenedSnapshot:
    """A snapshot whose database is open; raises SnapshotMissing and SnapshotDamagedError.

    All but the database is made when first needed. It is let go when it is closed, or when
    nobody refers to it any more.
    """

    def __init__(self, snapshot: Snapshot, shipped: Shipped) -> None:
        self.snapshot = snapshot
        self._shipped = shipped
        self.prefixes = known_prefixes(read_context(shipped.context).namespaces)
        with ExitStack() as held:
            held.enter_context(hold(snapshot))
            self._parts: _Parts | None = _Parts(open_database(snapshot))
            self._let_go = weakref.finalize(self, held.pop_all().close)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._parts is None

    @property
    def store(self) -> Store:
        """The database, to be read only; raises ClosedError."""
        return self._here().store

    @property
    def merges(self) -> Merges:
        """What the graphs share, so that the union of them has each triple once."""
        return self._make("merges", self._find_merges)

    @property
    def index(self) -> SearchIndex:
        """The index that the search functions ask."""
        return self._make("index", lambda: load_index(self.store))

    def ask(self, question: Callable[[Answers], Made]) -> Made:
        """Return what the answers of the snapshot say to a question; one thread at a time."""
        with self._here().lock:
            return question(self._make("answers", self._load_answers))

    def close(self) -> None:
        """Let go of the snapshot; a second time does nothing."""
        self._parts = None
        self._let_go()

    def _here(self) -> _Parts:
        parts = self._parts
        if parts is None:
            raise ClosedError("this graph is closed; open it again with open_graph()")
        if parts.process != os.getpid():
            parts = self._parts = _Parts(open_database(self.snapshot))
        return parts

    def _make(self, name: str, make: Callable[[], Made]) -> Made:
        parts = self._here()
        with parts.lock:
            if name not in parts.made:
                parts.made[name] = make()
            return cast(Made, parts.made[name])

    def _find_merges(self) -> Merges:
        is_small = self.snapshot.manifest.quads <= _LARGEST_MERGED
        return make_merges(self.store if is_small else None, read_shared(self.snapshot.nquads))

    def _load_answers(self) -> Answers:
        return load_answers()(self.snapshot, self.store, self.merges, self._shipped)
