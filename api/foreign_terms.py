"""Terms of imported hierarchies as stand-ins for the histologies that lie below them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from api.canned import Row, ask_rows, read_canned
from api.engine import Engine
from kg.external_names import code_key, read_codes
from kg.importing.statement import IMPORTED

__all__ = ["ForeignTerm", "ForeignTerms", "load_foreign_terms"]


@dataclass(frozen=True)
class ForeignTerm:
    """A term of an import, and the histologies that it or a narrower term is aligned with.

    ``here`` are those that it is aligned with itself.
    """

    iri: str
    registered: str
    label: str
    histologies: frozenset[str]
    graph: str = ""
    here: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ForeignTerms:
    """The terms that have a histology at or below them.

    >>> tissue = ForeignTerm("urn:x", "https://bioregistry.io/oncotree:SOFT_TISSUE", "Soft Tissue",
    ...                      frozenset({"urn:liposarcoma"}))
    >>> ForeignTerms((tissue,)).find("oncotree:soft_tissue").label
    'Soft Tissue'
    >>> ForeignTerms((tissue,)).find("Soft Tissue") is None
    True
    """

    terms: tuple[ForeignTerm, ...] = ()

    def find(self, text: str) -> ForeignTerm | None:
        """Return what a CURIE or an IRI means; a mere label means nothing, lest it surprise.

        Where several imports have the same term, it stands for the histologies of all of them.
        """
        keys = (*read_codes(text), text.strip().strip("<>"))
        found = {each for key in keys for each in self._by_key.get(key.casefold(), ())}
        if not found:
            return None
        first = min(found, key=lambda each: each.iri)
        below = frozenset[str]().union(*(each.histologies for each in found))
        return replace(first, histologies=below)

    def get(self, graph: str, iri: str) -> ForeignTerm:
        """Return a term of one import: one with nothing at or below it, where it is not known."""
        return self._by_graph.get((graph, iri)) or ForeignTerm(iri, "", "", frozenset(), graph)

    def of_graph(self, graph: str) -> tuple[ForeignTerm, ...]:
        """Return the terms of one import that have a histology at or below them."""
        return tuple(each for each in self.terms if each.graph == graph)

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """The histologies at or below each term, by the IRIs that `find` gives."""
        found = [self.find(each.iri) for each in self.terms]
        merged = {each.iri: each.histologies for each in found if each}
        for each in self.terms:
            same = self.find(each.registered) if each.registered else None
            if same:
                merged[same.iri] = merged.get(same.iri, frozenset()) | same.histologies
        return merged

    @cached_property
    def _by_graph(self) -> Mapping[tuple[str, str], ForeignTerm]:
        return {(each.graph, each.iri): each for each in self.terms}

    @cached_property
    def _by_key(self) -> Mapping[str, frozenset[ForeignTerm]]:
        found: dict[str, set[ForeignTerm]] = defaultdict(set)
        for each in self.terms:
            found[each.iri.casefold()].add(each)
            if each.registered:
                found[code_key(each.registered)].add(each)
                found[each.registered.casefold()].add(each)
            elif not each.iri.startswith(IMPORTED):
                found[code_key(each.iri)].add(each)
        return {key: frozenset(terms) for key, terms in found.items()}


async def load_foreign_terms(engine: Engine) -> ForeignTerms:
    """Return the terms of the imports of the snapshot that an engine serves."""
    return ForeignTerms(tuple(_terms(await ask_rows(engine, read_canned("foreign-terms")))))


def _terms(rows: Iterable[Row]) -> Iterator[ForeignTerm]:
    named: dict[tuple[str, str], tuple[str, str]] = {}
    below: dict[tuple[str, str], set[str]] = defaultdict(set)
    here: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        key, histology = (row["graph"].value, row["wider"].value), row["histology"].value
        below[key].add(histology)
        if row["here"].value == "at":
            here[key].add(histology)
        label = row["label"].value if "label" in row else key[1].rpartition("/")[2]
        registered = row["registered"].value if "registered" in row else ""
        named[key] = min((label, registered), named.get(key, (label, registered)))
    for key in sorted(below):
        label, registered = named[key]
        graph, iri = key
        yield ForeignTerm(
            iri, registered, label, frozenset(below[key]), graph, frozenset(here[key])
        )
