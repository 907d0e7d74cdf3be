"""Hierarchies that were imported, read from the snapshot when they are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from api.canned import ask_rows, read_canned
from api.engine import Engine
from api.foreign_terms import ForeignTerms
from api.hierarchy_tree import Around, Hierarchy, Stated
from api.imports import Imports
from kg.external_names import read_codes
from kg.importing.statement import IMPORTED, import_graph
from kg.prefixes import compress

__all__ = ["ImportedTree", "load_imported"]

_RANK = "?rank"


@dataclass(frozen=True)
class ImportedTree:
    """A hierarchy of an import."""

    hierarchy: Hierarchy
    engine: Engine
    foreign: ForeignTerms

    async def find(self, name: str) -> Sequence[str]:
        """Return the terms that a name means: identifiers first, then labels, then synonyms."""
        iris = [iri for iri in _iris(self.hierarchy.name, name) if await self._has(iri)]
        if iris:
            return iris[:1]
        names = {name.strip().casefold(), *(code.casefold() for code in read_codes(name))}
        names |= {f"{self.hierarchy.name}:{name.strip()}".casefold()}
        listed = ", ".join(str(Literal(each)) for each in sorted(names))
        query = self._query("hierarchy-named").replace('"names"', listed)
        ranked: dict[str, set[str]] = defaultdict(set)
        for row in await ask_rows(self.engine, query):
            ranked[row["rank"].value].add(row["term"].value)
        return sorted(ranked[min(ranked)]) if ranked else ()

    async def around(self, terms: Iterable[str]) -> Mapping[str, Around]:
        """Return what is next to some terms."""
        asked = tuple(terms)
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in await ask_rows(self.engine, self._query("hierarchy-around", asked=asked)):
            found[row["asked"].value, row["relation"].value].add(row["term"].value)
        return {
            each: Around(frozenset(found[each, "wider"]), frozenset(found[each, "narrower"]))
            for each in asked
        }

    async def wider(self, term: str) -> frozenset[str]:
        """Return all terms that are wider than one."""
        rows = await ask_rows(self.engine, self._query("hierarchy-wider", asked=[term]))
        return frozenset(row["term"].value for row in rows)

    async def stated(self, terms: Iterable[str]) -> Mapping[str, Stated]:
        """Return what some terms are."""
        asked = tuple(terms)
        found: dict[str, dict[str, list[str]]] = {iri: defaultdict(list) for iri in asked}
        for row in await ask_rows(self.engine, self._query("hierarchy-stated", term=asked)):
            found[row["term"].value][row["field"].value].append(row["value"].value)
        return {iri: _stated(iri, values) for iri, values in found.items()}

    def here(self, term: str) -> frozenset[str]:
        """Return the histologies that a term is aligned with."""
        return self.foreign.get(self.hierarchy.graph, term).here

    def below(self, term: str) -> frozenset[str]:
        """Return the histologies that a term or any narrower one is aligned with."""
        return self.foreign.get(self.hierarchy.graph, term).histologies

    def question(self, term: str, stated: Stated) -> str:
        """Return the name by which filters take the term."""
        registered = stated.more.get("registeredAs", ())
        return (compress(registered[0]) or registered[0]) if registered else term

    async def _has(self, iri: str) -> bool:
        found = (await self.around([iri]))[iri]
        return bool(found.wider or found.narrower or (await self.stated([iri]))[iri].more)

    def _query(self, name: str, **values: Iterable[str]) -> str:
        return read_canned(name, graph=[self.hierarchy.graph], **values)


async def load_imported(
    engine: Engine, imports: Imports, foreign: ForeignTerms
) -> tuple[ImportedTree, ...]:
    """Return the imports that order their terms, by name."""
    graphs = tuple(import_graph(name) for name in imports.names)
    if not graphs:
        return ()
    roots: dict[str, set[str]] = defaultdict(set)
    for row in await ask_rows(engine, read_canned("hierarchy-roots", graph=graphs)):
        roots[row["graph"].value].add(row["term"].value)
    trees = []
    for row in await ask_rows(engine, read_canned("hierarchy-sizes", graph=graphs)):
        source = imports.get(row["graph"].value)
        top = roots[source.graph]
        hierarchy = Hierarchy(
            name=source.name,
            graph=source.graph,
            source={**source.shown, "source": source.source or None},
            roots=tuple(sorted(top)),
            terms=int(row["below"].value) + len(top),
            edges=int(row["edges"].value),
        )
        trees.append(ImportedTree(hierarchy, engine, foreign))
    return tuple(sorted(trees, key=lambda each: each.hierarchy.name))


def _iris(name: str, text: str) -> Iterator[str]:
    """Yield the IRIs of the terms that a text may name."""
    written = text.strip().strip("<>")
    if "://" in written:
        yield written
    elif ":" in written:
        yield f"{IMPORTED}{name}/{written.replace(':', '_', 1)}"


def _stated(iri: str, values: Mapping[str, Sequence[str]]) -> Stated:
    identifier = min(values.get("identifier", ()), default="")
    label = min(values.get("label", ()), default="")
    more = {
        name: sorted(found) for name, found in values.items() if name not in ("identifier", "label")
    }
    short = identifier or compress(iri) or iri
    return Stated(short, label or short, {**more, "identifier": [identifier]} if values else {})
