"""Which changes nobody may make: those of graphs that the build makes."""

from __future__ import annotations

from collections.abc import Callable

from kg.change import Change
from kg.query_error import QueryForbiddenError

__all__ = ["check_read_only"]


def check_read_only(change: Change, is_read_only: Callable[[str], bool]) -> None:
    """Raise QueryForbiddenError when a change touches a graph that is read-only."""
    for name in sorted(change.graphs):
        if is_read_only(name):
            raise QueryForbiddenError(
                f"the graph <{name}> is made by the build and cannot be written",
                hint="write to another graph; what follows from it is inferred anew",
            )
