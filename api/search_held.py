"""The search index that the workers of a snapshot share: made once, before they are forked."""

from __future__ import annotations

import gc
from functools import lru_cache

from pyoxigraph import Store

from kg.search_index import SearchIndex
from kg.search_loading import load_index

__all__ = ["MOST_QUADS", "prepare_search", "served_index"]

MOST_QUADS = 400_000
"""Quads of the largest store whose index is made at the start.

It takes 0.1 s of processor time for 30 thousand quads, 0.4 s for the 101 thousand that are shipped,
which are rich in texts, 0.6 s for 300 thousand generated ones, and 2.2 s for a million: a third of
what reading them takes. Each worker that makes its own at its first search takes as long, and 24,
28 and 67 MB that it would have shared. The bound keeps that from delaying the start of a large one.
"""


@lru_cache(maxsize=1)
def served_index(store: Store) -> SearchIndex:
    """Return the index of the store that a worker serves, which nothing changes."""
    return load_index(store)


def prepare_search(store: Store) -> None:
    """Make the index of a store unless it is large: then each worker does when it is asked."""
    if len(store) <= MOST_QUADS:
        served_index(store)
        # Children share what the collector never touches.
        gc.freeze()
