"""The search index that the workers of a snapshot share: made once, before they are forked."""

from __future__ import annotations

import gc
from functools import lru_cache

from pyoxigraph import Store

from kg.search_index import SearchIndex
from kg.search_loading import load_index

__all__ = ["prepare_search", "served_index"]

_MOST_QUADS = 100_000
"""Quads of the largest store whose index is made at the start: in about 0.2 s."""


@lru_cache(maxsize=1)
def served_index(store: Store) -> SearchIndex:
    """Return the index of the store that a worker serves, which nothing changes."""
    return load_index(store)


def prepare_search(store: Store) -> None:
    """Make the index of a store unless it is large: then each worker does when it is asked."""
    if len(store) <= _MOST_QUADS:
        served_index(store)
        # Children share what the collector never touches.
        gc.freeze()
