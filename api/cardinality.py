"""Which keys have one value, and which have lists, by the word of the shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions, RdfFormat, Store

from api.canned import read_canned

__all__ = ["Cardinality", "read_cardinality"]


@dataclass(frozen=True)
class Cardinality:
    """The predicates that have one value: wherever they stand, and by place.

    A place is a class of records, or a predicate that links to the record.
    """

    anywhere: frozenset[str]
    by_place: Mapping[str, frozenset[str]]

    def is_one(self, predicate: str, places: Iterable[str]) -> bool:
        """Tell whether a predicate has one value in a record with some places.

        >>> Cardinality(frozenset(), {"e:Result": frozenset({"e:line"})}).is_one(
        ...     "e:line", ["e:Result"])
        True
        """
        return predicate in self.anywhere or any(
            predicate in self.by_place.get(each, ()) for each in places
        )

    def may_be_one(self, predicate: str) -> bool:
        """Tell whether a predicate has one value in some place.

        >>> Cardinality(frozenset(), {"e:Result": frozenset({"e:line"})}).may_be_one("e:line")
        True
        """
        return any(self.is_one(predicate, [place]) for place in ("", *self.by_place))


def read_cardinality(shapes: Path) -> Cardinality:
    """Return what a folder of shapes says."""
    store = Store()
    for path in sorted(shapes.glob("*.ttl")):
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    rows = store.query(read_canned("cardinality"))
    if not isinstance(rows, QuerySolutions):
        raise TypeError("cardinality.rq is no SELECT query")
    anywhere: set[str] = set()
    by_place: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        holder = anywhere if row["where"] is None else by_place[row["where"].value]
        holder.add(row["predicate"].value)
    return Cardinality(
        frozenset(anywhere), {each: frozenset(found) for each, found in by_place.items()}
    )
