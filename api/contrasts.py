"""What findings say a direction of: a treatment, or what differs between two treatments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from api.findings import Finding

__all__ = ["Arm", "Contrast", "are_of_one_subject", "arms_of", "contrasts_of"]


@dataclass(frozen=True)
class Arm:
    """The drugs that a group of patients got together, and the doses that are stated of them."""

    drugs: frozenset[str]
    doses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contrast:
    """What stands on one side of a comparison only: drugs, or doses where the drugs are the same.

    ``is_added`` tells whether it came on top of something that both sides got.
    """

    given: frozenset[str]
    against: frozenset[str]
    is_added: bool


def are_of_one_subject(first: Finding, second: Finding) -> bool:
    """Tell whether the directions of two findings are about one and the same thing.

    Two comparisons: if they have a contrast in common. A comparison and a finding without one: if
    they share a treatment that the comparison gives on one side only. Others: if they share a
    treatment. A treatment is the set of drugs given together; partners make another treatment.
    """
    if first.is_comparison and second.is_comparison:
        return bool(contrasts_of(first) & contrasts_of(second))
    if _compares_groups_of_patients(first, second):
        return False
    shared = _treatments(first, "given") & _treatments(second, "given")
    return bool(shared - _treatments(first, "against") - _treatments(second, "against"))


def arms_of(finding: Finding, side: str) -> tuple[Arm, ...]:
    """Return the arms on a side of a finding, ``given`` or ``against``."""
    drugs: dict[str, set[str]] = defaultdict(set)
    doses: dict[str, set[str]] = defaultdict(set)
    for value in sorted(finding.values(side)):
        arm, _, drug = value.partition(" ")
        drugs[arm] |= {drug} - {""}
    for value in finding.values(f"dose {side}"):
        arm, _, dose = value.partition(" ")
        doses[arm].add(dose)
    if not drugs and side == "given":
        # A finding without arms; a regimen of unknown drugs stands for them.
        return (Arm(finding.values("drug") or finding.values("regimen")),)
    return tuple(Arm(frozenset(drugs[arm]), frozenset(doses[arm])) for arm in drugs)


def contrasts_of(finding: Finding) -> frozenset[Contrast]:
    """Return what differs between the sides of a comparison, for each two arms of them."""
    return frozenset(
        contrast
        for given in arms_of(finding, "given")
        for against in arms_of(finding, "against")
        if (contrast := _contrast(given, against)) is not None
    )


def _contrast(given: Arm, against: Arm) -> Contrast | None:
    if given.drugs != against.drugs:
        is_added = bool(given.drugs & against.drugs)
        return Contrast(given.drugs - against.drugs, against.drugs - given.drugs, is_added)
    only = given.doses - against.doses, against.doses - given.doses
    # The dose must be stated on both sides: else nobody knows what was compared.
    return Contrast(*only, is_added=len(given.drugs) > 1) if all(only) else None


def _treatments(finding: Finding, side: str) -> frozenset[frozenset[str]]:
    return frozenset(arm.drugs for arm in arms_of(finding, side) if arm.drugs)


def _compares_groups_of_patients(first: Finding, second: Finding) -> bool:
    """Tell whether two findings are parts of one statement on unlike groups of patients."""
    told_apart = first.values("biomarker") and second.values("biomarker")
    if told_apart and not first.values("biomarker") & second.values("biomarker"):
        return True
    of_one_study = bool(first.values("study") & second.values("study"))
    return of_one_study and first.values("comparative") != second.values("comparative")
