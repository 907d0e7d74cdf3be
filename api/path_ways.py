"""The ways of a drug to its targets: directly, through another target, or as a prodrug."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from api.path_claims import Claim, Claims
from api.path_kinds import Reach

__all__ = ["Way", "find_actions", "find_prodrugs", "find_ways"]


@dataclass(frozen=True, order=True)
class Way:
    """A drug, what it becomes if it is a prodrug, the target it acts through, and its target.

    What a way does without is an empty text.

    >>> [str(reach) for reach in Way("ipi-504", "17-aag", "hsp90", "kit").reaches]
    ['indirect', 'prodrug']
    """

    drug: str
    active: str
    through: str
    target: str

    @property
    def actor(self) -> str:
        """What acts on the target: the drug, or what it becomes."""
        return self.active or self.drug

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets on the way, the last one at the end."""
        return tuple(filter(None, (self.through, self.target)))

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """How the drug reaches its target."""
        found = ((Reach.INDIRECT, self.through), (Reach.PRODRUG, self.active))
        return tuple(reach for reach, is_so in found if is_so) or (Reach.DIRECT,)


def find_ways(claims: Claims) -> Mapping[str, tuple[Way, ...]]:
    """Return the ways of each drug that some claims state, a prodrug's over one step."""
    found: dict[str, set[Way]] = defaultdict(set)
    for way in find_actions(claims):
        found[way.drug].add(way)
    over = {
        Way(prodrug, active, way.through, way.target)
        for prodrug, active in find_prodrugs(claims)
        for way in found.get(active, ())
    }
    for way in over:
        found[way.drug].add(way)
    return {drug: tuple(sorted(ways)) for drug, ways in found.items()}


def find_actions(claims: Claims) -> Mapping[Way, tuple[Claim, ...]]:
    """Return the claims that state each way of a drug to a target."""
    found: dict[Way, list[Claim]] = defaultdict(list)
    for claim in claims.of("DrugTargetAssertion"):
        for drug in claim.values("drug"):
            for target in claim.values("target"):
                for through in claim.values("through") or ("",):
                    found[Way(drug, "", through, target)].append(claim)
    return {way: tuple(stated) for way, stated in found.items()}


def find_prodrugs(claims: Claims) -> Mapping[tuple[str, str], tuple[Claim, ...]]:
    """Return the claims that a drug is a prodrug of another one, by both drugs."""
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims.of("DrugRelationAssertion"):
        if "ProdrugRelation" in claim.values("relation"):
            for drug in claim.values("drug"):
                for active in claim.values("related"):
                    found[drug, active].append(claim)
    return {pair: tuple(stated) for pair, stated in found.items()}
