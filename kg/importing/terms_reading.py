"""The names and identifiers of the curated graphs, as importers match against them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store

from kg.catalogue import is_made
from kg.change import apply_change, graph_name
from kg.context import read_context
from kg.importing.identifier_keys import identifier_key
from kg.importing.names import name_key, name_keys, parts_in_brackets
from kg.importing.statement import import_graph
from kg.importing.terms import Kind, Match, MatchedBy
from kg.journal import read_journal
from kg.reading import read_sources
from kg.shipped import Shipped
from kg.sources import find_sources

__all__ = ["KnownTerms", "Naming", "find_namings", "read_terms", "terms_of"]

_Graph = NamedNode | BlankNode | DefaultGraph
_ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NAMES = (
    f"{_SKOS}altLabel",
    f"{_SKOS}hiddenLabel",
    f"{_DCTERMS}title",
    *(_ONTOLOGY + name for name in ("symbol", "acronym", "developmentCode", "chemicalName")),
    *(_ONTOLOGY + name for name in ("registryNumber", "briefTitle", "officialTitle")),
)
_BY = {_LABEL: MatchedBy.LABEL, **dict.fromkeys(_NAMES, MatchedBy.SYNONYM)}
_QUERY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?class ?thing ?property ?value WHERE {
  VALUES ?class { %s }
  VALUES ?property { %s }
  ?narrower rdfs:subClassOf* ?class .
  ?thing a ?narrower ; ?property ?value .
}
"""
_MAPPED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?value WHERE {
  { ?thing skos:exactMatch ?value } UNION { ?value skos:exactMatch ?thing }
}
"""
_OWN = "https://w3id.org/sarcoma-kg/"
_MOST_REMEMBERED = 200_000


@dataclass(frozen=True, order=True)
class Naming:
    """That a thing of a kind is known by a name or, with ``IDENTIFIER``, by an identifier."""

    kind: Kind
    iri: str
    by: MatchedBy
    text: str


@dataclass
class KnownTerms:
    """What is known by name and identifier; make it of namings, and never change it.

    >>> terms = KnownTerms([Naming(Kind.HISTOLOGY, "e:gist", MatchedBy.SYNONYM, "GIST")])
    >>> terms.find(Kind.HISTOLOGY, names=["gists"])
    Match(iri='e:gist', by=<MatchedBy.SYNONYM: 'synonym'>)
    >>> terms.find(Kind.HISTOLOGY, names=["GIST of the stomach"]) is None
    True
    """

    namings: Iterable[Naming]
    _keys: dict[tuple[Kind, MatchedBy, str], set[str]] = field(init=False, repr=False)
    _labels: dict[str, str] = field(init=False, repr=False)
    _names: dict[tuple[Kind, str], frozenset[str]] = field(init=False, repr=False)
    _found: dict[tuple[Kind, str], Mapping[MatchedBy, frozenset[str]]] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self.namings = tuple(sorted(set(self.namings)))
        self._keys = defaultdict(set)
        for naming in self.namings:
            for key in _keys_of(naming):
                self._keys[naming.kind, naming.by, key].add(naming.iri)
        written = defaultdict(set)
        for naming in self.namings:
            if naming.by is not MatchedBy.IDENTIFIER:
                written[naming.kind, naming.iri].add(naming.text)
        self._names = {thing: frozenset(names) for thing, names in written.items()}
        labels = (naming for naming in self.namings if naming.by is MatchedBy.LABEL)
        self._labels = {naming.iri: naming.text for naming in labels}

    @property
    def digest(self) -> str:
        """The SHA-256 of all that is known."""
        lines = (f"{n.kind}\t{n.iri}\t{n.by}\t{n.text}\n" for n in self.namings)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def find(
        self, kind: Kind, *, identifiers: Iterable[str] = (), names: Iterable[str] = ()
    ) -> Match | None:
        """Return the one thing that an identifier means, else a label, else a synonym."""
        keys = filter(None, map(identifier_key, identifiers))
        found = [self._keys.get((kind, MatchedBy.IDENTIFIER, key), set()) for key in keys]
        meant = set[str]().union(*found)
        if meant:
            return _one(meant, MatchedBy.IDENTIFIER)
        matches = [self._find_name(kind, name) for name in names]
        for by in (MatchedBy.LABEL, MatchedBy.SYNONYM):
            meant = set[str]().union(*(each.get(by, ()) for each in matches))
            if meant:
                return _one(meant, by)
        return None

    @property
    def types(self) -> dict[str, tuple[str, ...]]:
        """The classes of all things that are known, as IRIs, by the IRIs of the things."""
        found = defaultdict(set)
        for naming in self.namings:
            found[naming.iri].add(_ONTOLOGY + naming.kind)
        return {iri: tuple(sorted(classes)) for iri, classes in found.items()}

    def names_of(self, kind: Kind, iri: str) -> frozenset[str]:
        """Return the labels and synonyms of a thing of this graph, as they are written."""
        return self._names.get((kind, iri), frozenset())

    def label(self, iri: str) -> str | None:
        """Return the label of a thing of this graph."""
        return self._labels.get(iri)

    def _find_name(self, kind: Kind, name: str) -> Mapping[MatchedBy, frozenset[str]]:
        """Return what a name means by the kind of name; bulk data repeat their names."""
        if (kind, name) not in self._found:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[kind, name] = self._search(kind, name)
        return self._found[kind, name]

    def _search(self, kind: Kind, name: str) -> Mapping[MatchedBy, frozenset[str]]:
        keys = name_keys(kind, name)
        for key in keys:
            for by in (MatchedBy.LABEL, MatchedBy.SYNONYM):
                if found := self._keys.get((kind, by, key)):
                    return {by: frozenset(found)}
        parts = parts_in_brackets(name)
        if parts is None:
            return {}
        # Both must mean the same one thing: what is in brackets may restrict what is before it.
        first, second = (set[str]().union(*self._search(kind, p).values()) for p in parts)
        return {MatchedBy.SYNONYM: frozenset(first)} if first and first == second else {}


def terms_of(shipped: Shipped, overlay: Path | None = None, home: Path | None = None) -> KnownTerms:
    """Return what the shipped records, a user's own ones and writes to a home know.

    Raises what reading the records and the journal raises.
    """
    sources = find_sources(shipped, overlay)
    store = read_sources(sources, read_context(shipped.context)).store
    for entry in read_journal(home) if home else ():
        apply_change(store, entry.change)
    return read_terms(store)


def read_terms(store: Store) -> KnownTerms:
    """Return the names and identifiers in the curated graphs of a store, imports left out."""
    return KnownTerms(find_namings(store))


def find_namings(store: Store) -> Iterator[Naming]:
    """Yield the names and exact mappings that the curated graphs of a store state."""
    graphs = [graph for graph in store.named_graphs() if _is_curated(graph_name(graph))]
    query = _QUERY % (
        " ".join(f"<{_ONTOLOGY}{kind}>" for kind in Kind),
        " ".join(f"<{name}>" for name in _BY),
    )
    kinds = defaultdict(set)
    for row in _rows(store, query, graphs):
        kind, iri = Kind(row["class"].value.removeprefix(_ONTOLOGY)), row["thing"].value
        kinds[iri].add(kind)
        if isinstance(row["value"], Literal):
            yield Naming(kind, iri, _BY[row["property"].value], row["value"].value)
            if row["property"].value.endswith("registryNumber"):
                yield from _registered(kind, iri, row["value"].value)
    for row in _rows(store, _MAPPED, graphs):
        iri, value = row["thing"].value, row["value"].value
        if not value.startswith(_OWN) and (key := identifier_key(value)):
            yield from (Naming(kind, iri, MatchedBy.IDENTIFIER, key) for kind in kinds[iri])


def _registered(kind: Kind, iri: str, number: str) -> Iterator[Naming]:
    if number.startswith("NCT"):
        yield Naming(kind, iri, MatchedBy.IDENTIFIER, f"clinicaltrials:{number}")


def _rows(store: Store, query: str, graphs: Sequence[_Graph]) -> QuerySolutions:
    found = store.query(query, default_graph=list(graphs))
    assert isinstance(found, QuerySolutions)
    return found


def _is_curated(graph: str) -> bool:
    return not is_made(graph) and not graph.startswith(import_graph(""))


def _keys_of(naming: Naming) -> tuple[str, ...]:
    if naming.by is MatchedBy.IDENTIFIER:
        return tuple(filter(None, [identifier_key(naming.text)]))
    keys = name_keys(naming.kind, naming.text)
    return keys if naming.by is MatchedBy.SYNONYM else (name_key(naming.text), *keys)


def _one(meant: set[str], by: MatchedBy) -> Match | None:
    return Match(meant.pop(), by) if len(meant) == 1 else None
