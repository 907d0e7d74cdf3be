"""What an importer gives: records as triples, and what it could not take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Triple

__all__ = ["Item", "Record", "Reject", "RejectRule", "Unmatched"]


class RejectRule(StrEnum):
    """Why a record was not taken."""

    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    WRONG_SCHEMA = "wrong-schema"
    DUPLICATE = "duplicate"
    REFUSED = "refused by the gate"
    NOT_WANTED = "not wanted"


@dataclass(frozen=True)
class Unmatched:
    """Something a record names that this graph does not know; ``kind`` is a word such as drug."""

    kind: str
    name: str
    identifier: str = ""


@dataclass(frozen=True)
class Record:
    """A record of another database as triples; ``place`` is its file with a line or a pointer.

    ``id`` tells it from the others of its import: of two with the same one, the first counts.
    ``refers`` are the IRIs of this graph that it was matched to.
    """

    id: str
    place: str
    triples: tuple[Triple, ...]
    unmatched: tuple[Unmatched, ...] = ()
    refers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reject:
    """What was not taken: where it stands, by which rule, and a sentence for whoever mends it."""

    place: str
    rule: RejectRule
    message: str
    id: str = ""


Item = Record | Reject
