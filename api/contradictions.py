"""Findings that do not agree: opposed, apart, or far from each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from api.contrasts import are_of_one_subject
from api.findings import Finding

__all__ = ["FAR", "MEANINGS", "Contradiction", "Rule", "find_contradictions"]

FAR = 1.5
"""How many times the smaller of two medians the larger one is, at least, to be far from it."""


class Rule(StrEnum):
    """Why two findings are said not to agree."""

    OPPOSED = "opposed-directions"
    APART = "intervals-apart"
    FAR = "medians-far"


MEANINGS: Mapping[Rule, str] = {
    Rule.OPPOSED: "of one treatment, one finding is recorded as supporting, the other as refuting; "
    "a comparison counts for what differs between its sides",
    Rule.APART: "the exact (Clopper-Pearson) 95% intervals share no point; they are computed here "
    "from responders and evaluable, and printed in no document",
    Rule.FAR: f"the larger median is at least {FAR:g} times the smaller one, both in months",
}
"""What each rule says, for the answers and their documentation."""


@dataclass(frozen=True)
class Contradiction:
    """Two findings on one histology, drug or regimen and endpoint, and what they share."""

    rule: Rule
    first: Finding
    second: Finding
    histologies: frozenset[str]
    drugs: frozenset[str]
    regimens: frozenset[str]

    @property
    def is_within_study(self) -> bool:
        """Whether both findings are of one study."""
        return bool(self.first.values("study") & self.second.values("study"))


def find_contradictions(findings: Iterable[Finding]) -> Iterator[Contradiction]:
    """Yield each pair of findings that breaks a rule, in the order of their IRIs.

    Both are about the same histology itself (never about a narrower one), share a drug or a
    regimen, and measure the same endpoint, with the same adverse event, grades and time point. For
    opposed directions see ``are_of_one_subject``; of comparisons, a survival and its rate at a
    time are one endpoint, and an absent time point is any: both are named as differing.
    """
    for group in _groups(findings).values():
        for first, second in _pairs(group):
            histologies, drugs, regimens = (
                first.values(field) & second.values(field)
                for field in ("histology", "drug", "regimen")
            )
            for rule, is_broken in _RULES.items():
                if is_broken(first, second):
                    yield Contradiction(rule, first, second, histologies, drugs, regimens)


def _pairs(group: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """Yield the pairs on one histology, and one drug or regimen, in the order of the group.

    Only what shares them is compared: of all pairs there are as many as the square of findings.
    """
    held: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, finding in enumerate(group):
        for histology in finding.values("histology"):
            for treatment in finding.values("drug") | finding.values("regimen"):
                held[histology, treatment].append(place)
    places = {pair for each in held.values() for pair in combinations(each, 2)}
    for first, second in sorted(places):
        yield group[first], group[second]


def _groups(findings: Iterable[Finding]) -> dict[object, list[Finding]]:
    groups: dict[object, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.kind_measured].append(finding)
    return groups


def _are_opposed(first: Finding, second: Finding) -> bool:
    directions = {first.values("direction"), second.values("direction")}
    return (
        directions == {frozenset({"Supports"}), frozenset({"Refutes"})}
        and _are_measured_alike(first, second)
        and are_of_one_subject(first, second)
    )


def _are_measured_alike(first: Finding, second: Finding) -> bool:
    if first.is_comparison and second.is_comparison:
        times = first.values("time point"), second.values("time point")
        return times[0] == times[1] or not all(times)
    return first.measured == second.measured


def _are_apart(first: Finding, second: Finding) -> bool:
    if first.measured != second.measured or first.interval is None or second.interval is None:
        return False
    return not first.interval.overlaps(second.interval)


def _are_far(first: Finding, second: Finding) -> bool:
    if first.measured != second.measured or first.median is None or second.median is None:
        return False
    low, high = sorted((first.median, second.median))
    return low > 0 and high >= FAR * low


_RULES: Mapping[Rule, Callable[[Finding, Finding], bool]] = {
    Rule.OPPOSED: _are_opposed,
    Rule.APART: _are_apart,
    Rule.FAR: _are_far,
}
