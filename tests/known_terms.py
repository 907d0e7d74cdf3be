"""What importers match against, as a table; and the edges and values of triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from kg.importing.terms import Kind, Match, MatchedBy

__all__ = ["Known", "edges", "values"]


@dataclass
class Known:
    """Knows some identifiers, and keeps the names that it was asked for."""

    identifiers: Mapping[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    digest: str = ""

    def find(
        self, kind: Kind, *, identifiers: Iterable[str] = (), names: Iterable[str] = ()
    ) -> Match | None:
        """Return what an identifier means, whatever its case."""
        self.names += names
        table = {key.casefold(): iri for key, iri in self.identifiers.items()}
        found = {table[each.casefold()] for each in identifiers if each.casefold() in table}
        is_asked = kind is Kind.HISTOLOGY and len(found) == 1
        return Match(found.pop(), MatchedBy.IDENTIFIER) if is_asked else None

    def names_of(self, kind: Kind, iri: str) -> frozenset[str]:
        """Return no names: what is known here is known by identifiers."""
        return frozenset()

    def label(self, iri: str) -> str | None:
        """Return the label of a thing of this graph."""
        return iri if iri in self.identifiers.values() else None


def edges(triples: Iterable[Triple], name: str) -> set[tuple[str, str]]:
    """Return the links with a property, by the last part of its IRI."""
    return {
        (str(triple.subject)[1:-1], triple.object.value)
        for triple in triples
        if _is(triple, name) and isinstance(triple.object, NamedNode)
    }


def values(triples: Iterable[Triple], name: str) -> set[tuple[str, str]]:
    """Return the literals with a property, by the last part of its IRI."""
    return {
        (str(triple.subject)[1:-1], triple.object.value)
        for triple in triples
        if _is(triple, name) and isinstance(triple.object, Literal)
    }


def _is(triple: Triple, name: str) -> bool:
    return triple.predicate.value.replace("#", "/").endswith(f"/{name}")
