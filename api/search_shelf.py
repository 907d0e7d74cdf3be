"""What a search answers from: the index of a snapshot, the classes and the passages."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from api.by_heart import ask_known
from api.canned import Row, read_canned
from api.engine import Engine
from kg.search_fields import FIELDS
from kg.search_functions import expand_curie
from kg.search_index import Entry, SearchIndex, make_index
from kg.search_loading import is_searched
from kg.text_search import Hit, search

__all__ = ["SearchShelf", "Searched", "Stated", "load_searched"]

_TEXTS_KEPT = 256


@dataclass(frozen=True, order=True)
class Stated:
    """Where a thing is stated: the IRIs of document and passage, the section, and the date."""

    document: str
    section: str
    passage: str
    issued: str | None = None


@dataclass(frozen=True)
class Searched:
    """The index of a snapshot, and by the IRI of a thing its classes and where it is stated."""

    index: SearchIndex
    classes: Mapping[str, frozenset[str]]
    stated: Mapping[str, tuple[Stated, ...]]
    prefixes: Mapping[str, str]

    def search(self, text: str, *, is_prefix: bool) -> tuple[Hit, ...]:
        """Return what a text finds; that of the last texts is kept."""
        return self._search(text, is_prefix)

    @cached_property
    def _search(self) -> Callable[[str, bool], tuple[Hit, ...]]:
        return lru_cache(_TEXTS_KEPT)(self._find)

    def _find(self, text: str, is_prefix: bool) -> tuple[Hit, ...]:
        expand = partial(expand_curie, self.prefixes)
        return search(self.index, text, is_prefix=is_prefix, expand=expand)


class SearchShelf:
    """Keeps what a snapshot's searches are answered from, once one was asked."""

    def __init__(self) -> None:
        self._searched: Searched | None = None
        self._lock = asyncio.Lock()

    async def get(self, engine: Engine, snapshot: str, prefixes: Mapping[str, str]) -> Searched:
        """Return it, loaded when there is none; what an engine gives of another is not kept."""
        async with self._lock:
            if self._searched is not None:
                return self._searched
            found = await load_searched(engine, prefixes)
            if engine.snapshot.id == snapshot:
                self._searched = found
            return found


async def load_searched(engine: Engine, prefixes: Mapping[str, str]) -> Searched:
    """Return what searches of the snapshot that an engine serves are answered from."""
    rows = await ask_known(engine, read_canned("search-entries", property=FIELDS))
    entries = [*_entries(rows)]
    things = {entry.thing for entry in entries}
    classes: dict[str, set[str]] = defaultdict(set)
    for row in await ask_known(engine, read_canned("search-classes")):
        if row["entity"].value in things:
            classes[row["entity"].value].add(row["class"].value)
    stated: dict[str, set[Stated]] = defaultdict(set)
    for row in await ask_known(engine, read_canned("search-passages")):
        stated[row["entity"].value].add(_stated(row))
    return Searched(
        make_index(entries, classes),
        {thing: frozenset(found) for thing, found in classes.items()},
        {thing: tuple(sorted(found, key=_order)) for thing, found in stated.items()},
        prefixes,
    )


def _entries(rows: Iterable[Row]) -> Iterable[Entry]:
    for row in rows:
        if is_searched(row["property"].value, is_iri=row["value"].is_iri):
            yield Entry(row["entity"].value, row["property"].value, row["value"].value)


def _stated(row: Row) -> Stated:
    issued, section = row.get("issued"), row.get("section")
    return Stated(
        row["document"].value,
        section.value if section else "",
        row["passage"].value,
        issued.value if issued else None,
    )


def _order(stated: Stated) -> tuple[str, str, str, str]:
    return stated.document, stated.section, stated.passage, stated.issued or ""
