"""The results that stand behind a path: of a drug in a histology, and which side they are on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from api.histologies import Match
from api.path_claims import Claim, Claims
from api.path_scopes import Scopes

__all__ = [
    "GIVEN",
    "SIDES",
    "UNRANKED",
    "Given",
    "Result",
    "Results",
    "Side",
    "given_of",
    "is_of_patients",
    "level_of",
]

UNRANKED = 7
"""Where what has no level of evidence stands: after the weakest one."""


class Side(StrEnum):
    """What a result says of a drug."""

    FOR = "for"
    AGAINST = "against"
    INCONCLUSIVE = "inconclusive"
    UNSTATED = "unstated"


class Given(StrEnum):
    """How the drug of a result was given."""

    ALONE = "alone"
    COMBINED = "in combination"
    BOTH = "alone and in combination, counted together"
    NOT_STATED = "not stated"
    PLACEBO = "placebo"


SIDES: Mapping[str, Side] = {
    "Supports": Side.FOR,
    "Refutes": Side.AGAINST,
    "Inconclusive": Side.INCONCLUSIVE,
}
"""The side of each direction that a result may have."""

GIVEN: Mapping[str, Given] = {
    "Monotherapy": Given.ALONE,
    "SequentialMonotherapy": Given.ALONE,
    "Combination": Given.COMBINED,
    "DrugWithRadiotherapy": Given.COMBINED,
    "MixedModes": Given.BOTH,
    "ModeNotStated": Given.NOT_STATED,
    "PlaceboMode": Given.PLACEBO,
}
"""How the drug was given, by the treatment mode of the result."""

_RECORDED = "the record of the result states this direction"
_ON_BOTH_SIDES = "the comparison gives the drug on both sides: it speaks neither for nor against it"


@dataclass(frozen=True)
class Result:
    """A result about a drug, what it says of that, and how its histology relates to a path's."""

    claim: Claim
    drug: str
    match: Match
    side: Side
    is_on_both_sides: bool = False

    @property
    def because(self) -> str:
        """Why the result is on its side, in words."""
        return _ON_BOTH_SIDES if self.is_on_both_sides else _RECORDED


@dataclass(frozen=True)
class Results:
    """The results of a snapshot, by drug and histology; a wider histology has the narrower's."""

    claims: Claims
    scopes: Scopes

    def of(self, drug: str, histology: str) -> tuple[Result, ...]:
        """Return the results of a drug in a histology or a narrower one, strongest level first."""
        return self._by_pair.get((drug, histology), ())

    @property
    def pairs(self) -> Iterable[tuple[str, str]]:
        """The drugs and the very histologies that they have results in."""
        return sorted(
            {
                (drug, histology)
                for claim in self.claims.of("EvidenceItem")
                for drug in claim.values("drug")
                for histology in claim.values("histology")
            }
        )

    @cached_property
    def _by_pair(self) -> Mapping[tuple[str, str], tuple[Result, ...]]:
        found: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for claim in sorted(self.claims.of("EvidenceItem"), key=_strongest_first):
            direct = claim.values("histology")
            wider = {each for histology in direct for each in self.scopes.wider(histology)}
            for histology in direct | wider:
                match = Match.DIRECT if histology in direct else Match.INHERITED
                for drug in claim.values("drug"):
                    found[drug, histology].append(_about(claim, drug, match))
        return {pair: tuple(results) for pair, results in found.items()}


def _about(claim: Claim, drug: str, match: Match) -> Result:
    # A comparison of doses, or of partners, gives the drug in both groups.
    if drug in claim.values("comparator"):
        return Result(claim, drug, match, Side.INCONCLUSIVE, is_on_both_sides=True)
    return Result(claim, drug, match, SIDES.get(claim.find("direction"), Side.UNSTATED))


def level_of(claim: Claim) -> int | None:
    """Return the level of evidence of a result, 1 to 6, or None where it has none.

    >>> level_of(Claim("r", {"level": frozenset({"Level3"})}))
    3
    >>> level_of(Claim("r", {"level": frozenset({"Level3/a"})}))
    """
    digit = claim.find("level").removeprefix("Level")
    return int(digit) if digit in {"1", "2", "3", "4", "5", "6"} else None


def given_of(claim: Claim) -> Given:
    """Return how the drug of a result was given."""
    return GIVEN.get(claim.find("mode"), Given.NOT_STATED)


def is_of_patients(claim: Claim) -> bool:
    """Tell whether a result is one of patients, not of cells or models."""
    return "LaboratoryStudy" not in claim.values("studyType")


def _strongest_first(claim: Claim) -> tuple[int, str]:
    return (level_of(claim) or UNRANKED, claim.iri)
