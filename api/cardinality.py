"""Which keys have one value, and which have lists, by the word of the shapes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions, RdfFormat, Store

from api.canned import read_canned

__all__ = ["Cardinality", "read_cardinality"]


@dataclass(frozen=True)
class Cardinality:
    """The predicates that have one value by every shape that mentions them, and the others."""

    one: frozenset[str]
    many: frozenset[str]

    def is_one(self, predicate: str, *, is_iri: bool) -> bool:
        """Tell whether a key has one value; unknown predicates have lists of things.

        >>> Cardinality(frozenset({"e:line"}), frozenset()).is_one("e:line", is_iri=True)
        True
        """
        return predicate in self.one or (not is_iri and predicate not in self.many)


def read_cardinality(shapes: Path) -> Cardinality:
    """Return what a folder of shapes says."""
    store = Store()
    for path in sorted(shapes.glob("*.ttl")):
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    rows = store.query(read_canned("cardinality"))
    if not isinstance(rows, QuerySolutions):
        raise TypeError("cardinality.rq is no SELECT query")
    counts = {row["predicate"].value: row["shapes"].value == row["limited"].value for row in rows}
    one = frozenset(predicate for predicate, is_one in counts.items() if is_one)
    return Cardinality(one, frozenset(counts) - one)
