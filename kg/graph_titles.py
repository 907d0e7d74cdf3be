"""What the graphs of a data set are called, under which licences they are, and whom to credit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["GraphTitles", "Terms"]

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Terms:
    """A licence, the graphs that are under it, and whom to credit for them."""

    licence: str
    graphs: tuple[str, ...]
    attributions: tuple[str, ...]


@dataclass(frozen=True)
class GraphTitles:
    """Titles, licences and attributions by the names of graphs; "" is the whole data set.

    >>> titles = GraphTitles(licences={"e:a": "e:cc0", "e:b": "e:odbl", "e:c": "e:cc0"},
    ...                      attributions={"e:b": "Its makers"})
    >>> [(each.licence, each.graphs, each.attributions) for each in titles.terms("e:a", "e:b")]
    [('e:cc0', ('e:a',), ()), ('e:odbl', ('e:b',), ('Its makers',))]
    >>> titles.licence_of_all(["e:a", "e:c"]), titles.licence_of_all(["e:a", "e:b"])
    ('e:cc0', None)
    """

    titles: Mapping[str, str] = field(default_factory=lambda: _NONE)
    licences: Mapping[str, str] = field(default_factory=lambda: _NONE)
    attributions: Mapping[str, str] = field(default_factory=lambda: _NONE)

    def licence_of_all(self, graphs: Iterable[str]) -> str | None:
        """Return the licence that all of some graphs are under, or None."""
        found = {self.licences.get(graph) for graph in graphs}
        return found.pop() if len(found) == 1 else None

    def terms(self, *graphs: str) -> tuple[Terms, ...]:
        """Return the licences of some graphs, each with its graphs and whom they credit."""
        found: dict[str, list[str]] = {}
        for graph in graphs:
            if graph in self.licences:
                found.setdefault(self.licences[graph], []).append(graph)
        return tuple(
            Terms(licence, tuple(each), self._credits(each)) for licence, each in found.items()
        )

    def _credits(self, graphs: Iterable[str]) -> tuple[str, ...]:
        named = (self.attributions[each] for each in graphs if each in self.attributions)
        return tuple(dict.fromkeys(named))
