"""Where the claims were read: the ranges of characters and the digest of each passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import QuerySolutions, Store

__all__ = ["PassagePlace", "find_places"]

_QUERY = """
PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
SELECT DISTINCT ?claim ?sha256 ?order ?start ?end {
  ?claim :passage ?passage .
  ?passage :sha256 ?sha256 ; :range ?range .
  ?range :start ?start ; :end ?end .
  OPTIONAL { ?range :order ?order }
}
"""


@dataclass(frozen=True)
class PassagePlace:
    """The characters of a document that a claim was read from, and the digest of them.

    >>> str(PassagePlace(((12, 20), (31, 40)), "5f2c"))
    '12-20 | 31-40'
    """

    ranges: tuple[tuple[int, int], ...]
    sha256: str

    def __str__(self) -> str:
        return " | ".join(f"{start}-{end}" for start, end in self.ranges)


def find_places(store: Store) -> Mapping[str, PassagePlace]:
    """Return the place of each claim that has one, by its IRI."""
    found: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
    digests = {}
    solutions = store.query(_QUERY, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        claim = row["claim"].value
        order = int(row["order"].value) if row["order"] else 0
        found[claim].add((order, int(row["start"].value), int(row["end"].value)))
        digests[claim] = row["sha256"].value
    return {
        claim: PassagePlace(tuple((start, end) for _, start, end in sorted(ranges)), digests[claim])
        for claim, ranges in found.items()
    }
