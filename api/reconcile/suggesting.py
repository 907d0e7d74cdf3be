"""Suggestions while somebody types: things, types and properties by how their names begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from api.directory import Entry, fold
from api.kinds import KINDS
from api.reconcile.finding import find_candidates
from api.reconcile.names import Names
from api.reconcile.properties import Property, find_property, properties_of
from api.reconcile.types import EntityType, all_types, find_type, thing_types, types_of
from kg.search_functions import expand_curie
from kg.search_index import SearchIndex
from kg.text_search import LONGEST, search

__all__ = ["propose_properties", "suggest_entities", "suggest_properties", "suggest_types"]

Json = dict[str, Any]


def suggest_entities(names: Names, prefix: str, types: Sequence[EntityType]) -> list[Json]:
    """Return the things with a name or an id that begins so, or with a code that is the text."""
    if not prefix.strip() or len(prefix) > LONGEST:
        return []
    kinds = [each.kind.path for each in types] or [""]
    found: dict[str, None] = {}
    for kind in kinds:
        index = names.index(kind)
        sure = (each.iri for each in find_candidates(names, kind, prefix) if each.score >= 90)
        found.update(dict.fromkeys(sure))
        hits = search(
            index,
            prefix,
            is_prefix=True,
            expand=lambda curie: expand_curie(names.searched.prefixes, curie),
        )
        found.update(dict.fromkeys(index.things[hit.thing] for hit in hits))
        found.update(dict.fromkeys(_begun(names, index, prefix)))
    return [
        _entity(names.directory.entries[iri]) for iri in found if iri in names.directory.entries
    ]


def suggest_types(prefix: str, ontology: str) -> list[Json]:
    """Return the types with a name that begins so; all of them for no text.

    >>> [each["id"] for each in suggest_types("target", "urn:")]
    ['sarcoma:MolecularTarget', 'sarcoma:TargetFamily']
    """
    wanted = fold(prefix)
    meant = find_type(prefix, ontology) if wanted else None
    found = [each for each in all_types() if _begins(wanted, _names_of(each))]
    return [each.described() for each in dict.fromkeys((*filter(None, (meant,)), *found))]


def suggest_properties(names: Names, prefix: str, types: Sequence[EntityType]) -> list[Json]:
    """Return the properties with a name that begins so: of some types, or of all."""
    kinds = [each.kind.path for each in types] or [kind.path for kind in KINDS]
    every = {each.id: each for kind in kinds for each in _held(names, kind)}
    wanted = fold(prefix)
    meant = [each for each in find_property(prefix, kinds) if wanted and each.id in every]
    begun = [each for each in every.values() if _begins(wanted, (each.id, each.name))]
    return [_property(each) for each in {each.id: each for each in (*meant, *begun)}.values()]


def propose_properties(names: Names, kind: EntityType | None) -> list[Json]:
    """Return the properties of a type; those that all things have where there is no such type."""
    if kind is not None:
        return [_property(each) for each in _held(names, kind.kind.path)]
    every = [properties_of(each.kind.path) for each in thing_types()]
    common = frozenset.intersection(*map(frozenset, every))
    return [_property(each) for each in every[0] if each in common]


def _begun(names: Names, index: SearchIndex, prefix: str) -> Iterator[str]:
    """Yield the things with an id that begins so; what stands before its colon is not enough."""
    wanted = prefix.strip().casefold()
    kind, colon, local = wanted.partition(":")
    if colon and local and kind.isascii():
        for iri in index.things:
            entry = names.directory.entries.get(iri)
            if entry is not None and entry.curie.casefold().startswith(wanted):
                yield iri


def _held(names: Names, kind: str) -> list[Property]:
    """Return the properties of a kind, of identifiers those of the systems that its things have."""
    systems = names.systems(kind)
    found = properties_of(kind)
    return [each for each in found if each.system is None or each.system.prefix in systems]


def _entity(entry: Entry) -> Json:
    types = types_of(entry.kinds)
    others = f": {', '.join(entry.names[:5])}" if entry.names else ""
    return {
        "id": entry.curie,
        "name": entry.label,
        "description": f"{types[0].name if types else 'thing'}{others}",
        "notable": [each.written() for each in types],
    }


def _property(wanted: Property) -> Json:
    return {"id": wanted.id, "name": wanted.name, "description": wanted.says}


def _names_of(wanted: EntityType) -> tuple[str, ...]:
    return (wanted.name, wanted.id, wanted.kind.class_name, wanted.kind.path)


def _begins(wanted: str, names: Iterable[str]) -> bool:
    """Tell whether a name, or a word of one, begins so; hyphens and colons part words."""
    for name in map(fold, names):
        words = name.replace(":", " ").replace("-", " ").split()
        if name.startswith(wanted) or any(word.startswith(wanted) for word in words):
            return True
    return False
