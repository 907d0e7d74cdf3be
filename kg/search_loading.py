"""The search index of a store: what its things are called in any of its graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Store

from kg.search_fields import FIELDS, TYPE, Tier
from kg.search_index import Entry, SearchIndex, make_index

__all__ = ["is_searched", "load_index"]


def load_index(store: Store) -> SearchIndex:
    """Return the index of all names and texts in a store, whatever the graph.

    >>> load_index(Store()).things
    []
    """
    entries = list(_entries(store))
    things = {entry.thing for entry in entries}
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, NamedNode(TYPE), None):
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


def _entries(store: Store) -> Iterator[Entry]:
    for iri in FIELDS:
        for quad in store.quads_for_pattern(None, NamedNode(iri), None):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            if is_searched(iri, is_iri=isinstance(value, NamedNode)):
                yield Entry(subject.value, iri, value.value)
