"""What one page is made with."""

from __future__ import annotations

from dataclasses import dataclass

from api.answers import Desk
from api.engine import Engine
from api.entity_address import Addresses
from api.library import Library

__all__ = ["PageDesk"]


@dataclass(frozen=True)
class PageDesk:
    """The library of one snapshot, the engine for what it lacks, and where things are found."""

    library: Library
    engine: Engine
    path: str
    addresses: Addresses

    @property
    def desk(self) -> Desk:
        """What JSON answers are made with: a page shows the same."""
        return Desk(self.library, self.library.writer, self.engine)

    def address(self, iri: str) -> str:
        """Return where a thing is found here: ours by its path, any other by a parameter."""
        return self.addresses.of(iri) or self.addresses.query(iri)
