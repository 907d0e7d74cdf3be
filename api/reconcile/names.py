"""What the things of each type are called, as an index that mistyped names are found in too."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from api.directory import Directory
from api.directory import Entry as Thing
from api.engine import Engine
from api.reconcile.holders import Holders
from api.reconcile.types import own_kind, thing_types
from api.search_shelf import Searched, SearchShelf
from kg.prefixes import compress
from kg.search_fields import FIELDS
from kg.search_index import Entry, SearchIndex, make_index
from kg.search_words import compact, read_words

__all__ = ["NameShelf", "Names", "Search", "sound"]

_MATCHES = frozenset(("exactMatch", "closeMatch", "sameAs", "equivalentClass", "hasDbXref"))
"""Properties of identifiers elsewhere, which the directory reads with their relations."""

_SOUNDS = (
    ("ph", "f"), ("th", "t"), ("rh", "r"), ("y", "i"), ("ae", "e"), ("oe", "e"), ("k", "c"),
    ("z", "s"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Names:
    """The names of a snapshot, as indexes of single types; each is made when first asked for."""

    searched: Searched
    directory: Directory
    _made: dict[str, SearchIndex] = field(default_factory=dict, repr=False)
    _heard: dict[int, Mapping[str, list[str]]] = field(default_factory=dict, repr=False)
    _systems: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _owned: dict[str, Mapping[str, tuple[Thing, ...]]] = field(default_factory=dict, repr=False)
    held: dict[tuple[str, str], Holders] = field(default_factory=dict, repr=False)

    def index(self, kind: str) -> SearchIndex:
        """Return the index of a kind; of all things where the kind is empty."""
        found = self._made.get(kind)
        if found is None:
            things = self._of_kind(kind)
            entries = [each for each in self._entries if each.thing in things]
            found = self._made[kind] = make_index(entries, self.searched.classes)
        return found

    def sounds(self, index: SearchIndex) -> Mapping[str, list[str]]:
        """Return the whole names of an index by how they sound."""
        found = self._heard.get(id(index))
        if found is None:
            heard: dict[str, list[str]] = defaultdict(list)
            for name in index.whole_names:
                heard[sound(name)].append(name)
            found = self._heard[id(index)] = dict(heard)
        return found

    def systems(self, kind: str) -> frozenset[str]:
        """Return the prefixes of the systems that things of a kind have identifiers of."""
        found = self._systems.get(kind)
        if found is None:
            codes = (
                compress(match.code)
                for each in self.directory.members(kind)
                for match in self.directory.identifiers.of(each.iri)
            )
            found = frozenset(code.partition(":")[0] for code in codes if code)
            self._systems[kind] = found
        return found

    def owned(self, kind: str) -> Mapping[str, tuple[Thing, ...]]:
        """Return the things of a kind by the kind whose fields they have, the most telling one."""
        found = self._owned.get(kind)
        if found is None:
            grouped: dict[str, list[Thing]] = defaultdict(list)
            for each in self.directory.members(kind):
                grouped[own_kind(each.kinds) or ""].append(each)
            found = self._owned[kind] = {own: tuple(things) for own, things in grouped.items()}
        return found

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """The names of what other databases alone speak of: such a name is no slip."""
        return frozenset(
            compact(read_words(name))
            for each in self.directory.members("external-terms")
            for name in (each.label, *each.names)
        )

    def _of_kind(self, kind: str) -> frozenset[str]:
        if kind:
            return frozenset(each.iri for each in self.directory.members(kind))
        kinds = [each.kind.path for each in thing_types()]
        found = frozenset(each.iri for path in kinds for each in self.directory.members(path))
        # A graph with other classes than those of the ontology: all that has a name.
        return found or frozenset(self.directory.entries)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(_names(self.searched.index))


@dataclass(frozen=True)
class Search:
    """What names are read from: the search of a snapshot, its directory, and the prefixes."""

    shelf: SearchShelf
    directory: Directory
    prefixes: Mapping[str, str]


class NameShelf:
    """Keeps the names of a snapshot, once somebody asked for them."""

    def __init__(self) -> None:
        self._names: Names | None = None
        self._lock = asyncio.Lock()

    async def get(self, engine: Engine, snapshot: str, search: Search) -> Names:
        """Return the names; what an engine gives of another snapshot is not kept."""
        async with self._lock:
            if self._names is not None:
                return self._names
            searched = await search.shelf.get(engine, snapshot, search.prefixes)
            found = Names(searched, search.directory)
            if engine.snapshot.id == snapshot:
                self._names = found
            return found


def sound(name: str) -> str:
    """Return how a name sounds, roughly: letters for one sound are one letter, none is double.

    >>> sound("iphosphamide"), sound("lyposarkoma")
    ('ifosfamide', 'liposarcoma')
    """
    for letters, one in _SOUNDS:
        name = name.replace(letters, one)
    return _DOUBLE.sub(r"\1", name)


def _names(index: SearchIndex) -> Iterator[Entry]:
    """Yield the names in an index, but for the identifiers of other systems."""
    properties: Iterable[int] = index.names.properties
    for thing, number, value in zip(
        index.names.things, properties, index.names.values, strict=True
    ):
        iri = index.properties[number]
        if FIELDS[iri].name not in _MATCHES:
            yield Entry(index.things[thing], iri, value)
