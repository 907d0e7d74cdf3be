"""The tumour tree: which histologies are narrower than another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from api.canned import ask_rows, read_canned
from api.engine import Engine

__all__ = ["Histologies", "Match", "Scope", "load_histologies"]


class Match(StrEnum):
    """How what a claim is about relates to the histology asked for."""

    DIRECT = "direct"
    INHERITED = "inherited"


@dataclass(frozen=True)
class Scope:
    """A histology asked for, and all narrower ones."""

    asked: str
    narrower: frozenset[str]

    def match(self, histologies: Iterable[str]) -> Match | None:
        """Return how some histologies relate to the one asked for; None where they do not.

        A claim on a narrower histology counts for a wider one, never the other way round.

        >>> Scope("sarcoma", frozenset({"gist"})).match(["gist"])
        <Match.INHERITED: 'inherited'>
        >>> Scope("gist", frozenset()).match(["sarcoma"]) is None
        True
        """
        given = frozenset(histologies)
        if self.asked in given:
            return Match.DIRECT
        return Match.INHERITED if given & self.narrower else None


@dataclass(frozen=True)
class Histologies:
    """The next narrower histologies of each, and those that terms of other systems stand for.

    >>> tree = Histologies({"tumour": frozenset({"sarcoma"}), "sarcoma": frozenset({"gist"})})
    >>> sorted(tree.scope("tumour").narrower)
    ['gist', 'sarcoma']
    """

    children: Mapping[str, frozenset[str]]
    foreign: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def scope(self, asked: str) -> Scope:
        """Return a histology and all below it, at any distance."""
        found: set[str] = set()
        pending = [asked]
        while pending:
            wide = pending.pop()
            below = self.children.get(wide) or self.foreign.get(wide, frozenset())
            new = below - found - {asked}
            found |= new
            pending += new
        return Scope(asked, frozenset(found))


async def load_histologies(engine: Engine) -> Histologies:
    """Return the tumour tree of the snapshot that an engine serves."""
    children: dict[str, set[str]] = defaultdict(set)
    for row in await ask_rows(engine, read_canned("histologies")):
        children[row["wider"].value].add(row["histology"].value)
    return Histologies({wider: frozenset(found) for wider, found in children.items()})
