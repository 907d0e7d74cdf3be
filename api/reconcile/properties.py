"""The properties of things: fields of the lists, identifiers by system, figures on evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from api.kinds import KINDS
from api.list_fields import Field
from api.list_kinds import fields_of
from kg.prefixes import SYSTEMS, ExternalSystem, find_system

__all__ = ["COMPUTED", "Computed", "Property", "find_property", "properties_of", "spaced"]


@dataclass(frozen=True)
class Computed:
    """A property that no field has: its id, what it is called, and what it says exactly.

    ``kinds`` are those whose things have it; without any, all have.
    """

    id: str
    name: str
    says: str
    kinds: frozenset[str] = frozenset()


_TREATMENTS = ("drugs", "regimens", "procedures", "radiotherapy-courses", "interventions")
_STUDIED = frozenset(
    (*_TREATMENTS, "drug-classes", "histologies", "biomarkers", "adverse-events", "studies",
     "trials", "documents", "endpoints")
)  # fmt: skip
_ADVISED = frozenset((*_TREATMENTS, "drug-classes", "histologies", "documents"))
_BEST = (
    "of the results that documents state about it, with figures: the one of the highest evidence "
    "level (Level1 first); of several the one with the most evaluable patients, then the latest "
    "document, then the first id. Best says how strong a result is, not which way it points"
)
COMPUTED = (
    Computed("iri", "IRI", "The IRI of the thing."),
    Computed("curie", "id", "The CURIE of the thing, which is its id here."),
    Computed("typeName", "type in words", "What the thing is, in words."),
    Computed("bestEvidence", "best evidence", f"A result: {_BEST}.", _STUDIED),
    Computed("bestEvidenceLevel", "level of the best evidence", f"Its level: {_BEST}.", _STUDIED),
    Computed(
        "bestEvidenceDirection",
        "direction of the best evidence",
        f"Whether it supports the treatment, refutes it, or neither: {_BEST}.",
        _STUDIED,
    ),
    Computed(
        "bestEvidenceFigures",
        "figures of the best evidence",
        f"Its endpoint and figures as the record has them: {_BEST}.",
        _STUDIED,
    ),
    Computed(
        "bestEvidenceDocument",
        "document of the best evidence",
        f"The document that states it: {_BEST}.",
        _STUDIED,
    ),
    Computed(
        "evidenceCount", "number of results", "How many results documents state about it itself, "
        "narrower histologies left out.", _STUDIED,
    ),
    Computed(
        "recommendationCount", "number of recommendations",
        "How many recommendations are about it itself.", _ADVISED,
    ),
)  # fmt: skip
"""The properties that are computed, in the order in which they are proposed."""


@dataclass(frozen=True)
class Property:
    """A property by its id: one of a field, of a system of identifiers, or a computed one."""

    id: str
    name: str
    says: str
    field: Field | None = None
    system: ExternalSystem | None = None
    computed: Computed | None = None

    @property
    def is_identifying(self) -> bool:
        """Whether one value of it is that of one thing."""
        return self.system is not None or self.id in _IDENTIFYING


_IDENTIFYING = frozenset(
    ("identifier", "registryNumber", "symbol", "developmentCode", "iri", "curie", "oncotreeCode")
)
_FIRST = ("label", "synonyms", "target", "drug", "histology", "family", "symbol", "phase", "status")


@cache
def properties_of(kind: str) -> tuple[Property, ...]:
    """Return the properties of a kind, the most asked for first.

    >>> [each.id for each in properties_of("lines")]
    ['label', 'synonyms', 'type', 'definition', 'iri', 'curie', 'typeName']
    """
    fields = sorted(fields_of(kind), key=lambda field: _place(field.name, _FIRST))
    has_codes = any(field.name == "identifier" for field in fields)
    return (
        *(_of_system(each) for each in SYSTEMS if has_codes),
        *(_of_field(each) for each in fields),
        *(_computed(each) for each in COMPUTED if not each.kinds or kind in each.kinds),
    )


def find_property(text: str, kinds: Iterable[str] = ()) -> tuple[Property, ...]:
    """Return the properties that an id, or the name of a system, means; of some kinds, or of all.

    ``chembl`` means the ids of compounds and those of targets.

    >>> [each.id for each in find_property("mondo")]
    ['id:MONDO']
    """
    wanted = tuple(kinds) or tuple(kind.path for kind in KINDS)
    found = {each.id: each for kind in wanted for each in _by_name(kind).get(_key(text), ())}
    return tuple(found.values())


@cache
def _by_name(kind: str) -> Mapping[str, Sequence[Property]]:
    found: dict[str, list[Property]] = {}
    for each in properties_of(kind):
        names = {_key(each.id), _key(each.name)}
        if each.system is not None:
            names |= {_key(name) for name in _prefixes(each.system)}
        for name in names:
            found.setdefault(name, []).append(each)
    return found


def _prefixes(system: ExternalSystem) -> tuple[str, ...]:
    first = system.prefix.partition(".")[0]
    alone = () if find_system(first) not in (None, system) else (first,)
    return (system.prefix, system.registered, *system.synonyms, *alone)


def _of_system(system: ExternalSystem) -> Property:
    return Property(
        f"id:{system.prefix}",
        f"{system.name} id",
        f"The identifier in {system.name}, as a CURIE: exact matches, unless a setting says more.",
        system=system,
    )


def _of_field(field: Field) -> Property:
    return Property(field.name, spaced(field.name), field.says, field=field)


def _computed(computed: Computed) -> Property:
    return Property(computed.id, computed.name, computed.says, computed=computed)


def spaced(name: str) -> str:
    """Return a name in camel case as words.

    >>> spaced("developmentCode")
    'development code'
    """
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def _key(text: str) -> str:
    return text.strip().casefold()


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else len(order)
