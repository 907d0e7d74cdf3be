"""Which graphs of a snapshot share triples, read beside its data or found in them."""

from __future__ import annotations

from pathlib import Path

from kg.merges_file import MERGES_FILE, read_merges
from kg.merging import Shared, find_shared

__all__ = ["read_shared"]


def read_shared(nquads: Path) -> Shared:
    """Return the graphs that share triples, by the file of a snapshot's sorted N-Quads.

    What the build noted beside it is taken at once; where there is no note, all lines are read.
    """
    noted = read_merges(nquads.with_name(MERGES_FILE))
    if noted is not None:
        return noted.shared
    with nquads.open("rb") as lines:
        return find_shared(lines)
