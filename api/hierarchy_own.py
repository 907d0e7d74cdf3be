"""The histologies of this graph as a hierarchy beside the imported ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from api.directory import AmbiguousName, UnknownName
from api.download_definitions import CC_BY
from api.hierarchy_tree import Around, Hierarchy, Stated
from api.imports import DOCUMENTS
from api.library import Library

__all__ = ["NAME", "OwnTree"]

NAME = "histologies"
_TITLE = "The histologies of this graph"
_KIND = "histologies"


@dataclass(frozen=True)
class OwnTree:
    """The tumour tree of the snapshot."""

    library: Library

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Where it comes from, and how large it is."""
        terms = {entry.iri for entry in self.library.directory.members(_KIND)}
        children = self.library.histologies.children
        return Hierarchy(
            name=NAME,
            graph="",
            source={
                **DOCUMENTS,
                "title": _TITLE,
                "version": self.library.snapshot,
                "licence": CC_BY,
            },
            roots=tuple(sorted(terms - self._wider.keys())),
            terms=len(terms),
            edges=sum(map(len, children.values())),
        )

    async def find(self, name: str) -> Sequence[str]:
        """Return the histology that a name means."""
        with suppress(UnknownName):
            try:
                return [self.library.directory.get(name, [_KIND]).iri]
            except AmbiguousName as ambiguous:
                return [entry.iri for entry in ambiguous.candidates]
        return ()

    async def around(self, terms: Iterable[str]) -> Mapping[str, Around]:
        """Return what is next to some histologies."""
        children = self.library.histologies.children
        return {
            each: Around(self._wider.get(each, frozenset()), children.get(each, frozenset()))
            for each in terms
        }

    async def wider(self, term: str) -> frozenset[str]:
        """Return all histologies that are wider than one."""
        return self.library.paths.scopes.wider(term)

    async def stated(self, terms: Iterable[str]) -> Mapping[str, Stated]:
        """Return what some histologies are."""
        entries = {each: self.library.directory.entries[each] for each in terms}
        return {
            iri: Stated(entry.curie, entry.label, {"synonym": entry.names} if entry.names else {})
            for iri, entry in entries.items()
        }

    def here(self, term: str) -> frozenset[str]:
        """Return the histology itself."""
        return frozenset({term})

    def below(self, term: str) -> frozenset[str]:
        """Return a histology and all below it."""
        return self.library.paths.scopes.around(term)

    def question(self, term: str, stated: Stated) -> str:
        """Return the name by which filters take the histology."""
        return stated.id or term

    @cached_property
    def _wider(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for wide, narrow in self.library.histologies.children.items():
            for each in narrow:
                found[each].add(wide)
        return {each: frozenset(wide) for each, wide in found.items()}
