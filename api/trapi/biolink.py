"""The Biolink model as far as queries need it: what lies below a category, predicate or value."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

__all__ = ["PREFIX", "Terms", "categories", "predicates", "values"]

PREFIX = "biolink:"
_TABLE: Mapping[str, Any] = json.loads(
    (Path(__file__).resolve().parent / "biolink.json").read_text(encoding="utf-8")
)
"""Made by ``tests/biolink_table.py``; read at once, as the queries of the server are."""


@dataclass(frozen=True)
class Terms:
    """Terms of one part of the model, by their names without a prefix."""

    content: Mapping[str, Mapping[str, Any]]

    def knows(self, name: str) -> bool:
        """Tell whether the model has a term."""
        return name in self.content

    def below(self, name: str) -> frozenset[str]:
        """Return a term and all below it, over mixins too.

        >>> "ameliorates_condition" in predicates().below("treats")
        True
        """
        return self._closure(self._children, name)

    def below_strictly(self, name: str) -> frozenset[str]:
        """Return a term and all below it by ``is_a`` alone.

        >>> "ameliorates_condition" in predicates().below_strictly("treats")
        False
        """
        return self._closure(self._own_children, name)

    def is_symmetric(self, name: str) -> bool:
        """Tell whether a predicate holds both ways."""
        return bool(self.content[name].get("symmetric"))

    def is_usable(self, name: str) -> bool:
        """Tell whether an answer may have the term: neither abstract, nor a mixin, nor old."""
        return not any(self.content[name].get(each) for each in ("abstract", "mixin", "deprecated"))

    def inverses(self, name: str) -> frozenset[str]:
        """Return the inverse predicates of one, whichever of both the model states it of.

        >>> sorted(predicates().inverses("treats"))
        ['treated_by']
        """
        return self._inverses.get(name, frozenset())

    @cached_property
    def _inverses(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, term in self.content.items():
            if other := term.get("inverse"):
                found[name].add(other)
                found[other].add(name)
        return {name: frozenset(others) for name, others in found.items()}

    @cached_property
    def _own_children(self) -> Mapping[str, set[str]]:
        return _turned({name: term["parents"] for name, term in self.content.items()})

    @cached_property
    def _children(self) -> Mapping[str, set[str]]:
        return _turned(
            {
                name: [*term["parents"], *term.get("mixins", ())]
                for name, term in self.content.items()
            }
        )

    @staticmethod
    def _closure(children: Mapping[str, set[str]], name: str) -> frozenset[str]:
        found, pending = {name}, [name]
        while pending:
            new = children.get(pending.pop(), set()) - found
            found |= new
            pending += new
        return frozenset(found)


def _turned(parents: Mapping[str, Iterable[str]]) -> Mapping[str, set[str]]:
    children: dict[str, set[str]] = defaultdict(set)
    for name, above in parents.items():
        for parent in above:
            children[parent].add(name)
    return children


@cache
def categories() -> Terms:
    """Return the categories of nodes."""
    return Terms(_TABLE["categories"])


@cache
def predicates() -> Terms:
    """Return the predicates of edges."""
    return Terms(_TABLE["predicates"])


@cache
def values() -> Terms:
    """Return the values of qualifiers that stand in a tree."""
    return Terms(_TABLE["values"])
