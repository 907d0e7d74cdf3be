"""The identifiers of a thing in other systems, with links to where they resolve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.entity_address import Addresses
from api.identifier_records import RELATION_WORDS, by_system
from api.identifiers import EXACT, Match
from api.pages.desk import PageDesk
from api.pages.parts_things import is_web
from kg.prefixes import compress

__all__ = ["Identifier", "System", "identifiers_of"]


@dataclass(frozen=True)
class Identifier:
    """An identifier: its CURIE, where it resolves, and how what it means relates to the thing."""

    curie: str
    address: str | None
    relation: str
    comment: str
    mapping: str | None

    @property
    def is_same(self) -> bool:
        """Whether it means the very thing."""
        return self.relation == RELATION_WORDS[EXACT]


@dataclass(frozen=True)
class System:
    """A system and what it calls a thing, what is the same before what is near."""

    name: str
    identifiers: tuple[Identifier, ...]


def identifiers_of(desk: PageDesk, thing: str) -> tuple[System, ...]:
    """Return what a thing is called in other systems, in the order in which these are listed."""
    found = by_system(desk.library.directory, thing)
    return tuple(
        System(system.name, tuple(_identifiers(desk.addresses, matches)))
        for system, matches in found.items()
    )


def _identifiers(addresses: Addresses, matches: Iterable[Match]) -> Iterable[Identifier]:
    for match in matches:
        yield Identifier(
            curie=compress(match.code) or match.code,
            address=match.code if is_web(match.code) else None,
            relation=RELATION_WORDS.get(match.relation, match.relation),
            comment=match.comment,
            mapping=addresses.of(match.mapping) if match.mapping else None,
        )
