"""A thing with its names, and where its record is found."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from api.kinds import KINDS

__all__ = ["Entry", "record_address"]


@dataclass(frozen=True)
class Entry:
    """A thing: its IRI, CURIE, label, other names, and the paths of the kinds that it is of."""

    iri: str
    curie: str
    label: str
    names: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return self.iri.rpartition("/")[2]

    @property
    def is_whole(self) -> bool:
        """Whether it is a record, and no part of one such as an arm."""
        return "/" not in self.curie.partition(":")[2]

    @property
    def address(self) -> str | None:
        """Where the record is found on this server: under the first kind that it is of."""
        kind = next((kind.path for kind in KINDS if kind.path in self.kinds), None)
        return None if kind is None else record_address(kind, self.curie)


def record_address(kind: str, identifier: str) -> str:
    """Return where a record is found on this server.

    >>> record_address("drugs", "drug:imatinib")
    '/api/v1/drugs/drug:imatinib'
    """
    return f"/api/v1/{kind}/{quote(identifier, safe=':/')}"
