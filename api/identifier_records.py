"""The identifiers of a thing in other systems, as records and pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from api.directory import Directory
from api.identifiers import EXACT, Match
from api.records import Json
from kg.prefixes import SYSTEMS, ExternalSystem, compress, find_system

__all__ = ["RELATION_WORDS", "by_system", "identifiers_of", "system_of"]

RELATION_WORDS = {
    EXACT: "the same",
    "closeMatch": "close",
    "broadMatch": "broader there",
    "narrowMatch": "narrower there",
    "relatedMatch": "related",
}
"""How what an identifier means relates to a thing of ours, in words."""

_ORDER = {system.prefix: order for order, system in enumerate(SYSTEMS)}


def identifiers_of(directory: Directory, thing: str) -> list[Json]:
    """Return what is matched to a thing: by system, and what is the same before what is near."""
    return [_shown(directory, each) for each in _ordered(directory.identifiers.of(thing))]


def by_system(directory: Directory, thing: str) -> Mapping[ExternalSystem, list[Match]]:
    """Return the matches of a thing in the systems whose IRIs are known to resolve."""
    found: dict[ExternalSystem, list[Match]] = defaultdict(list)
    for each in _ordered(directory.identifiers.of(thing)):
        if system := system_of(each.code):
            found[system].append(each)
    return found


def system_of(iri: str) -> ExternalSystem | None:
    """Return the system that an IRI is of, or None where it is of none that is known."""
    curie = compress(iri)
    return find_system(curie.partition(":")[0]) if curie else None


def _shown(directory: Directory, match: Match) -> Json:
    system = system_of(match.code)
    return {
        **({"curie": compress(match.code), "system": system.prefix} if system else {}),
        "iri": match.code,
        "relation": match.relation,
        **({"comment": match.comment} if match.comment else {}),
        **({"mapping": directory.shorten(match.mapping)} if match.mapping else {}),
    }


def _ordered(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=_rank)


def _rank(match: Match) -> tuple[int, bool, str, str]:
    system = system_of(match.code)
    place = _ORDER[system.prefix] if system else len(_ORDER)
    return place, match.relation != EXACT, match.code, match.relation
