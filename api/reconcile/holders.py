"""Which things have a property, and which of them a value of it: kept, as batches ask often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.directory import Entry
from api.reconcile.properties import Property
from api.reconcile.values import Values

__all__ = ["Holders", "make_holders"]


@dataclass(frozen=True)
class Holders:
    """The things of a kind that have a property at all, and those with a value, by its texts.

    >>> Holders(frozenset("ab"), {"kit": frozenset("a")}).of(["kit", "met"])
    frozenset({'a'})
    """

    known: frozenset[str]
    by_text: Mapping[str, frozenset[str]]

    def of(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the things that have one of some values, as `Values.asked_as` writes them."""
        return frozenset().union(*(self.by_text.get(each, ()) for each in texts))


def make_holders(values: Values, entries: Iterable[Entry], wanted: Property) -> Holders:
    """Return which of some things have a property, and its values."""
    known: set[str] = set()
    by_text: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for text in values.texts(entry, wanted):
            known.add(entry.iri)
            by_text[text].add(entry.iri)
    return Holders(frozenset(known), {text: frozenset(things) for text, things in by_text.items()})
