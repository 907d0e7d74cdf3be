"""The things that the names in a filter mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial

from rapidfuzz import fuzz, process

from api.directory import Directory, Entry, UnknownName, fold
from api.histology_names import get_histology
from api.list_fields import Field, Tree
from api.list_table import Table
from api.quotation import clipped
from kg.external_names import read_codes
from kg.prefixes import expand

__all__ = ["find_things"]

_NEAR_ENOUGH = 60
_SHOWN = 5


def find_things(
    directory: Directory, table: Table, field: Field, names: Iterable[str]
) -> list[str]:
    """Return the IRIs that some names in a filter mean; each may hold several, with commas.

    Raises UnknownName with near names, and AmbiguousName.
    """
    found = (iri for name in names for iri in _find(directory, table, field, name))
    return list(dict.fromkeys(found))


def _find(directory: Directory, table: Table, field: Field, name: str) -> Sequence[str]:
    """Return what a name means, or what the names between its commas do."""
    terms = dict(field.words).get(fold(name))
    if terms:
        return [directory.namespaces.ontology + term for term in terms]
    try:
        if field.tree is Tree.HISTOLOGIES:
            get = partial(_get, directory, field, name)
            return [get_histology(directory, name, field.name, get)]
        if field.kinds:
            return [_get(directory, field, name)]
        return _find_value(directory, table, field, name)
    except UnknownName:
        parts = [part.strip() for part in name.split(",") if part.strip()]
        if len(parts) < 2:
            raise
        return [iri for part in parts for iri in _find(directory, table, field, part)]


def _get(directory: Directory, field: Field, name: str) -> str:
    """Return what a name means: what is of an earlier kind goes before a later one."""
    for kind in field.kinds[:-1]:
        with suppress(UnknownName):
            return directory.get(name, [kind], parameter=field.name).iri
    return directory.get(name, field.kinds, parameter=field.name).iri


def _find_value(directory: Directory, table: Table, field: Field, name: str) -> Sequence[str]:
    """Return the values of the field in this list that have a name: of arms, there are many."""
    index: dict[str, set[str]] = defaultdict(set)
    for iri in table.values[field.name]:
        for known in _names(directory, iri):
            index[fold(known)].add(iri)
    found = index.get(fold(name)) or index.get(fold(directory.namespaces.expand(name) or ""))
    found = found or {*_coded(directory, name)} & table.values[field.name]
    if found:
        return sorted(found)
    if terms := _terms(directory, name):
        return terms  # known, and stated by no record: nothing is found
    near = process.extract(
        fold(name), list(index), scorer=fuzz.WRatio, score_cutoff=_NEAR_ENOUGH, limit=20
    )
    iris = dict.fromkeys(iri for known, _, _ in near for iri in sorted(index[known]))
    message = f"{field.name} '{clipped(name)}' is not known, and no record of {table.kind} has it"
    entries = [_entry(directory, iri) for iri in list(iris)[:_SHOWN]]
    raise UnknownName(message, field.name, entries)


def _coded(directory: Directory, name: str) -> Iterable[str]:
    """Yield what a code of another system is called here, and what it is called there."""
    yield from directory.identifiers.find(name)
    yield from filter(None, (expand(code) for code in read_codes(name)))


def _terms(directory: Directory, name: str) -> Sequence[str]:
    """Return what an id means, or the terms of the ontology that have a name."""
    for iri in (name, directory.namespaces.expand(name)):
        if iri is not None and iri in directory.entries:
            return [iri]
    if coded := directory.find_coded(name):
        return [entry.iri for entry in coded]
    ontology, wanted = directory.namespaces.ontology, fold(name.removeprefix("sarcoma:"))
    return [
        iri
        for iri, entry in directory.entries.items()
        if iri.startswith(ontology) and wanted in (fold(entry.slug), fold(entry.label), fold(iri))
    ]


def _names(directory: Directory, iri: str) -> Iterable[str]:
    entry = _entry(directory, iri)
    return (iri, entry.curie, entry.slug, entry.slug.rpartition("#")[2], entry.label, *entry.names)


def _entry(directory: Directory, iri: str) -> Entry:
    known = directory.entries.get(iri)
    return known or Entry(iri, directory.shorten(iri), iri.rpartition("/")[2])
