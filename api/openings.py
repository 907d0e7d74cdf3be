"""How processes open a snapshot: in memory or on disk, and how many descriptors they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.messages import Isolation, Opening
from api.pages.results_frame import results_frame
from kg.snapshot import Snapshot

__all__ = ["Opener", "show_isolation"]

_MIB = 1024 * 1024
_SPARE = 8
"""Descriptors for the calls of a query where a limit must do for a namespace."""


@dataclass(frozen=True)
class Opener:
    """Decides how snapshots are opened: in memory up to ``memory_below`` MiB of N-Quads.

    ``memory`` is in MiB and for each query; ``prefixes`` need no declaration;
    ``has_made_graphs`` tells whether some graphs are those of the build.
    """

    memory: int
    memory_below: int = 64
    prefixes: Mapping[str, str] = field(default_factory=dict)
    has_made_graphs: bool = False

    def is_on_disk(self, snapshot: Snapshot) -> bool:
        """Tell whether processes ask the database of a snapshot, and hold no graph themselves."""
        return snapshot.nquads.stat().st_size > self.memory_below * _MIB

    def choose(
        self, snapshot: Snapshot, isolation: Isolation, services: Mapping[str, str]
    ) -> Opening:
        """Return how processes with some isolation and ways out open a snapshot."""
        is_small = not self.is_on_disk(snapshot)
        return Opening(
            nquads=str(snapshot.nquads),
            database=None if is_small else str(snapshot.database),
            memory=self.memory,
            # A store on disk opens files as it goes.
            descriptors=_spare_descriptors(isolation, services) if is_small else None,
            prefixes=dict(self.prefixes),
            services=dict(services),
            has_made_graphs=self.has_made_graphs,
            frame=results_frame(self.prefixes.get("", "")),
        )


def _spare_descriptors(isolation: Isolation, services: Mapping[str, str]) -> int | None:
    if not services:
        return 0
    return None if isolation is Isolation.NAMESPACE else _SPARE


def show_isolation(isolation: Isolation, opening: Opening) -> str:
    """Return what keeps queries from the network, as a sentence for the start.

    >>> show_isolation(Isolation.NAMESPACE, Opening())
    'workers run in a network namespace of their own'
    """
    if isolation is Isolation.NAMESPACE:
        return "workers run in a network namespace of their own"
    means = "; the system gives no network namespaces"
    if isolation is Isolation.FILTER:
        return f"workers open no socket, by a filter of system calls{means}"
    if opening.descriptors is None:
        return f"nothing but the check of its text keeps a query from the network{means}"
    if opening.descriptors:
        return f"workers open at most {opening.descriptors} descriptors, by a limit{means}"
    return f"workers open no socket, by a limit of descriptors{means}"
