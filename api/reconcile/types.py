"""The types of the service: the kinds of records, by the classes of the ontology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.kinds import KINDS, Kind, get_kind

__all__ = ["BROADER", "EntityType", "all_types", "find_type", "own_kind", "thing_types", "types_of"]

Json = dict[str, Any]

BROADER: Mapping[str, str] = {
    "drugs": "interventions",
    "regimens": "interventions",
    "procedures": "interventions",
    "radiotherapy-courses": "interventions",
    "trials": "studies",
    "comparisons": "evidence",
    "evidence": "claims",
    "recommendations": "claims",
    "contraindications": "claims",
    "precautions": "claims",
    "approvals": "claims",
    "funding": "claims",
    "imported-evidence": "imported-claims",
}
"""The next wider kind of a kind, as the ontology has its class below the other."""

_THINGS = (
    "drugs",
    "histologies",
    "targets",
    "families",
    "regimens",
    "biomarkers",
    "trials",
    "studies",
    "adverse-events",
    "drug-classes",
    "procedures",
    "radiotherapy-courses",
    "pathways",
    "comorbidities",
    "endpoints",
    "organisations",
    "documents",
    "jurisdictions",
)
"""The kinds of what people have names for; claims and terms are asked for by their types alone."""


@dataclass(frozen=True)
class EntityType:
    """A type of things: its id is the CURIE of a class."""

    kind: Kind

    @property
    def id(self) -> str:
        """The CURIE of the class.

        >>> EntityType(get_kind("drugs")).id
        'sarcoma:Drug'
        """
        return f"sarcoma:{self.kind.class_name}"

    @property
    def name(self) -> str:
        """One of the kind in words."""
        return self.kind.singular

    def written(self) -> Json:
        """Return the id and the name."""
        return {"id": self.id, "name": self.name}

    def described(self) -> Json:
        """Return the id, the name and the types above.

        >>> EntityType(get_kind("trials")).described()["broader"]
        [{'id': 'sarcoma:Study', 'name': 'study'}]
        """
        wider = BROADER.get(self.kind.path)
        above = {"broader": [EntityType(get_kind(wider)).described()]} if wider else {}
        return {**self.written(), **above}


@cache
def all_types() -> tuple[EntityType, ...]:
    """Return every type, those of things first."""
    others = (kind.path for kind in KINDS if kind.path not in _THINGS)
    return tuple(EntityType(get_kind(path)) for path in (*_THINGS, *others))


@cache
def thing_types() -> tuple[EntityType, ...]:
    """Return the types that a query without one is about."""
    return all_types()[: len(_THINGS)]


@cache
def types_of(kinds: frozenset[str]) -> tuple[EntityType, ...]:
    """Return the types of what is of some kinds, the most telling first."""
    return tuple(each for each in all_types() if each.kind.path in kinds)


def own_kind(kinds: frozenset[str]) -> str | None:
    """Return the most telling of some kinds, whose fields a thing has; None where there is none.

    >>> own_kind(frozenset(("studies", "trials")))
    'trials'
    """
    return next((each.kind.path for each in types_of(kinds)), None)


def find_type(text: str, ontology: str) -> EntityType | None:
    """Return the type that a CURIE, an IRI, a class name or a path of a list means, or None.

    >>> find_type("drugs", "urn:").id, find_type("urn:Drug", "urn:").id
    ('sarcoma:Drug', 'sarcoma:Drug')
    """
    wanted = text.strip().removeprefix(ontology).casefold()
    return _by_name().get(wanted.removeprefix("sarcoma:"))


@cache
def _by_name() -> Mapping[str, EntityType]:
    found: dict[str, EntityType] = {}
    for each in all_types():
        for name in (each.kind.class_name, each.kind.path, each.kind.singular):
            found.setdefault(name.casefold(), each)
    return found
