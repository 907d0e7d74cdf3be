"""What no document of a snapshot reports for a path: a closed list of things worth having."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.histologies import Match
from api.path_claims import Claim
from api.path_index import Path, PathIndex
from api.path_results import Given, Result, given_of, is_of_patients

__all__ = ["MISSING", "Missing", "Wanted", "find_missing"]


class Wanted(StrEnum):
    """A thing worth having for a path."""

    TARGET = "target-statement"
    MECHANISM = "mechanism-statement"
    RESULT = "result"
    VERY_HISTOLOGY = "result-in-this-histology"
    ALONE = "result-alone"
    RANDOMISED = "randomised-comparison"
    RESPONSE_RATE = "response-rate"
    SURVIVAL = "overall-survival"
    PROGRESSION = "progression"
    HARM = "adverse-events"
    APPROVAL = "approval"
    RECOMMENDATION = "recommendation"
    TRIAL = "trial"
    CONTRAINDICATION = "contraindication"


MISSING: Mapping[Wanted, str] = {
    Wanted.TARGET: "No document states a target of {drug}.",
    Wanted.MECHANISM: "No document gives {target} a part in {histology}, or says that an "
    "alteration of it characterises {histology}.",
    Wanted.RESULT: "No document reports a result of {drug} in patients with {histology}.",
    Wanted.VERY_HISTOLOGY: "No document reports a result of {drug} in patients with {histology} "
    "itself, whatever it reports for narrower histologies.",
    Wanted.ALONE: "No document reports a result of {drug} given alone, in patients with "
    "{histology}.",
    Wanted.RANDOMISED: "No document reports a comparison within a randomised trial in which only "
    "one side is given {drug}, in patients with {histology}.",
    Wanted.RESPONSE_RATE: "No document reports, with the number of responses and of evaluable "
    "patients, how many patients with {histology} responded to {drug}.",
    Wanted.SURVIVAL: "No document reports overall survival on {drug} in patients with {histology}.",
    Wanted.PROGRESSION: "No document reports progression-free survival or time to progression on "
    "{drug} in patients with {histology}.",
    Wanted.HARM: "No document reports unwanted effects of {drug} in patients with {histology}.",
    Wanted.APPROVAL: "No document reports an approval of {drug} for {histology} in any "
    "jurisdiction.",
    Wanted.RECOMMENDATION: "No document recommends {drug}, alone or in a regimen, in {histology}.",
    Wanted.TRIAL: "No document describes a registered trial, or one without results on {drug}, "
    "that gives {drug} to patients with {histology}.",
    Wanted.CONTRAINDICATION: "No document lists a contraindication or precaution of {drug}; that "
    "permits nothing.",
}
"""What is said where a thing is missing; 'in a histology' takes narrower ones along."""

_RESPONSES = frozenset({"ObjectiveResponseRate", "CompleteResponseRate", "PartialResponseRate"})
_SURVIVAL = frozenset({"OverallSurvival", "OverallSurvivalRate"})
_PROGRESSION = frozenset(
    {"ProgressionFreeSurvival", "ProgressionFreeSurvivalRate", "TimeToProgression"}
)
_HARM = frozenset(
    {
        "AdverseEventOccurrence",
        "DoseReductionRate",
        "Tolerability",
        "TreatmentDiscontinuation",
        "TreatmentRelatedDeath",
    }
)


@dataclass(frozen=True)
class Missing:
    """A thing that is missing, and the other histologies that it is reported for."""

    what: Wanted
    elsewhere: tuple[str, ...] = ()


def find_missing(index: PathIndex, path: Path) -> tuple[Missing, ...]:
    """Return what no document of a snapshot reports for a path, in the order of the list.

    ``index`` is that of the whole snapshot: what filters leave out is not missing.
    """
    found = [*_of_mechanism(index, path), *_of_results(index, path), *_of_drug(index, path)]
    return tuple(sorted(found, key=lambda each: list(Wanted).index(each.what)))


def _of_mechanism(index: PathIndex, path: Path) -> Iterable[Missing]:
    if path.drug not in index.ways:
        yield Missing(Wanted.TARGET)
    elif path.way and (path.way.target, path.histology) not in index.mechanisms:
        yield Missing(Wanted.MECHANISM)


def _of_results(index: PathIndex, path: Path) -> Iterable[Missing]:
    every = index.results.of(path.drug, path.histology)
    results = [each for each in every if is_of_patients(each.claim)]
    tests: Mapping[Wanted, Callable[[Result], bool]] = {
        Wanted.RESULT: lambda _: True,
        Wanted.VERY_HISTOLOGY: lambda each: each.match is Match.DIRECT,
        Wanted.ALONE: lambda each: given_of(each.claim) is Given.ALONE,
        Wanted.RANDOMISED: _is_randomised_comparison,
        Wanted.RESPONSE_RATE: lambda each: (
            _measures(each.claim, _RESPONSES) and _counts(each.claim)
        ),
        Wanted.SURVIVAL: lambda each: _measures(each.claim, _SURVIVAL),
        Wanted.PROGRESSION: lambda each: _measures(each.claim, _PROGRESSION),
        Wanted.HARM: lambda each: (
            _measures(each.claim, _HARM) or each.claim.is_a("AdverseEventResult")
        ),
    }
    return (Missing(what) for what, test in tests.items() if not any(map(test, results)))


def _of_drug(index: PathIndex, path: Path) -> Iterable[Missing]:
    drug, near = path.drug, index.scopes.around(path.histology)
    approved = {
        histology
        for claim in index.decisions.get(drug, ())
        if claim.is_a("RegulatoryStatus") and "Approved" in claim.values("decision")
        for histology in claim.values("histology")
    }
    for what, histologies in (
        (Wanted.APPROVAL, approved),
        (Wanted.RECOMMENDATION, {each for other, each in index.advice if other == drug}),
        (Wanted.TRIAL, {each for other, each in index.trials if other == drug}),
    ):
        if not near & histologies:
            yield Missing(what, tuple(sorted(histologies)))
    if drug not in index.cautions:
        yield Missing(Wanted.CONTRAINDICATION)


def _is_randomised_comparison(result: Result) -> bool:
    claim = result.claim
    is_randomised = "RandomisedTrial" in claim.values("studyType")
    return is_randomised and claim.is_a("ComparativeResult") and not result.is_on_both_sides


def _measures(claim: Claim, endpoints: frozenset[str]) -> bool:
    return bool(claim.values("endpoint") & endpoints)


def _counts(claim: Claim) -> bool:
    return claim.find_number("responders") is not None and bool(claim.find_number("evaluable"))
