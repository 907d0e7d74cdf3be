"""What this graph knows by name and by identifier, for importers to match against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

__all__ = ["Kind", "Match", "MatchedBy", "Terms"]


class Kind(StrEnum):
    """What importers match: the classes of this graph that other databases speak of."""

    DRUG = "Drug"
    HISTOLOGY = "Histology"
    TARGET = "MolecularTarget"
    FAMILY = "TargetFamily"
    REGIMEN = "Regimen"
    STUDY = "Study"


class MatchedBy(StrEnum):
    """How something was found."""

    IDENTIFIER = "identifier"
    LABEL = "label"
    SYNONYM = "synonym"


@dataclass(frozen=True)
class Match:
    """A thing of this graph that a name or an identifier means."""

    iri: str
    by: MatchedBy


class Terms(Protocol):
    """The names and identifiers of the curated graph."""

    @property
    def digest(self) -> str:
        """The SHA-256 of all that is known: another one may match otherwise."""

    def find(
        self, kind: Kind, *, identifiers: Iterable[str] = (), names: Iterable[str] = ()
    ) -> Match | None:
        """Return the one thing that an identifier (a CURIE) means, else a label, else a synonym.

        Identifiers count by exact mappings only. None where nothing, or more than one thing, fits.
        """

    def names_of(self, kind: Kind, iri: str) -> frozenset[str]:
        """Return the labels and synonyms of a thing of this graph, as they are written."""

    def label(self, iri: str) -> str | None:
        """Return the label of a thing of this graph."""
