"""The histologies that are narrower or wider than others, remembered for one snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.histologies import Histologies, Match, Scope

__all__ = ["Scopes"]


@dataclass(frozen=True)
class Scopes:
    """What lies below and above each histology, at any distance.

    >>> scopes = Scopes(Histologies({"sarcoma": frozenset({"lms"}), "lms": frozenset({"ulms"})}))
    >>> sorted(scopes.wider("ulms"))
    ['lms', 'sarcoma']
    >>> sorted(scopes.around("sarcoma"))
    ['lms', 'sarcoma', 'ulms']
    """

    histologies: Histologies

    def around(self, histology: str) -> frozenset[str]:
        """Return a histology and all narrower ones."""
        found = self._narrower.get(histology)
        if found is None:
            found = self.histologies.scope(histology).narrower
        return found | {histology}

    def wider(self, histology: str) -> frozenset[str]:
        """Return all wider histologies."""
        return self._wider.get(histology, frozenset())

    def match(self, asked: Iterable[str], given: Iterable[str]) -> Match | None:
        """Return how some histologies relate to the ones asked for; None where they do not."""
        stated = frozenset(given)
        found = {Scope(each, self.around(each)).match(stated) for each in asked}
        return next((match for match in Match if match in found), None)

    @cached_property
    def _narrower(self) -> Mapping[str, frozenset[str]]:
        return {wide: self.histologies.scope(wide).narrower for wide in self.histologies.children}

    @cached_property
    def _wider(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for wide, narrow in self._narrower.items():
            for histology in narrow:
                found[histology].add(wide)
        return {histology: frozenset(wide) for histology, wide in found.items()}
