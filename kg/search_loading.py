"""The search index of a store: what its things are called in any of its graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.import_size import graphs_by_heart
from kg.search_fields import FIELDS, TYPE, Tier
from kg.search_index import Entry, SearchIndex, make_index

__all__ = ["is_searched", "load_index"]


def load_index(store: Store) -> SearchIndex:
    """Return the index of all names and texts in a store, but for those of large imports.

    >>> load_index(Store()).things
    []
    """
    graphs = graphs_by_heart(store)
    entries = list(_entries(store, graphs))
    things = {entry.thing for entry in entries}
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in _quads(store, TYPE, graphs):
        subject, found = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(found, NamedNode):
            continue
        if subject.value in things:
            classes[subject.value].add(found.value)
    return make_index(entries, classes)


def is_searched(property_iri: str, *, is_iri: bool) -> bool:
    """Tell whether a value of a property is searched: texts, and the IRIs of identifiers."""
    field = FIELDS.get(property_iri)
    return field is not None and (not is_iri or field.tier is Tier.IDENTIFIER)


def _quads(store: Store, name: str, graphs: tuple[NamedNode, ...] | None) -> Iterator[Quad]:
    """Yield the statements with a predicate: of all graphs, or of the default one and some."""
    if graphs is None:
        yield from store.quads_for_pattern(None, NamedNode(name), None)
        return
    for graph in (*graphs, None):
        yield from store.quads_for_pattern(None, NamedNode(name), None, graph or DefaultGraph())


def _entries(store: Store, graphs: tuple[NamedNode, ...] | None) -> Iterator[Entry]:
    for iri in FIELDS:
        for quad in _quads(store, iri, graphs):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            if is_searched(iri, is_iri=isinstance(value, NamedNode)):
                yield Entry(subject.value, iri, value.value)
