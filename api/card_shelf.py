"""What cards read of the rows of a snapshot, kept by the IRIs of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

__all__ = ["MOST_KEPT", "CardShelf", "Kept"]

MOST_KEPT = 20_000
"""How many things of a sort are kept."""

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by IRIs, up to a number of them.

    >>> kept = Kept[int](2)
    >>> kept.keep({"a": 1, "b": 2}), kept.keep({"c": 3})
    (None, None)
    >>> kept.find("a") is None, kept.find("c")
    (True, 3)
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._values: dict[str, Value] = {}

    def find(self, iri: str) -> Value | None:
        """Return a value, or None where it is not kept."""
        return self._values.get(iri)

    def keep(self, found: Mapping[str, Value]) -> None:
        """Keep some values; those kept before make room where there are many."""
        if len(self._values) + len(found) > self._most:
            self._values.clear()
        self._values.update(found)


class CardShelf:
    """Keeps results as pages show them, whatever is asked, and where claims were read."""

    def __init__(self) -> None:
        # Any, as the pages that know what a result is are made with a library, which has a shelf.
        self.evidence: Kept[Any] = Kept()
        self.characters: Kept[tuple[str, ...]] = Kept()
        self.limits: Kept[tuple[str, ...]] = Kept()
