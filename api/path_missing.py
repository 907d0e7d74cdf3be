"""What no document of a snapshot reports for a path: a closed list of things worth having."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.histologies import Match
from api.path_claims import Claim
from api.path_index import Path, PathIndex
from api.path_kinds import IMPORTED_KINDS, PathKind
from api.path_results import Given, Result, given_of, is_of_patients

__all__ = ["MISSING", "NEAR", "Missing", "Near", "NearBy", "Wanted", "find_missing"]


class Wanted(StrEnum):
    """A thing worth having for a path."""

    TARGET = "target-statement"
    ACTION = "action-statement"
    MECHANISM = "mechanism-statement"
    HISTOLOGY = "histology-statement"
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
    Wanted.ACTION: "No document says that {drug} acts on {target}; the import of the path does.",
    Wanted.MECHANISM: "No document gives {target} a part in {histology}, or says that an "
    "alteration of it characterises {histology}.",
    Wanted.HISTOLOGY: "No document gives {target} a part in any histology, and none reports a "
    "result, a recommendation or a trial of {drug} in one.",
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
    Wanted.TRIAL: "No document states of a registered trial, or of one without results on {drug}, "
    "that it gives {drug} to patients with {histology}.",
    Wanted.CONTRAINDICATION: "No document lists a contraindication or precaution of {drug}; that "
    "permits nothing.",
}
"""What is said where a thing is missing; 'in a histology' takes narrower ones along."""


class NearBy(StrEnum):
    """Why something that comes near is not what is missing."""

    MEMBER = "stated of a member of the family"
    PLACEBO = "placebo-controlled, randomisation not stated"
    TUMOUR = "tumour not stated"


NEAR: Mapping[NearBy, str] = {
    NearBy.MEMBER: "It is stated of its member {near}.",
    NearBy.PLACEBO: "'{near}' is placebo-controlled; that it was randomised is not stated.",
    NearBy.TUMOUR: "'{near}' gives {drug}; to patients with which tumour is not stated.",
}
"""What is said of what comes near."""

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
class Near:
    """A target or study that comes near what is missing, why it is not it, and its claims."""

    iri: str
    by: NearBy
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """A thing that is missing, the other histologies it is reported for, and what comes near."""

    what: Wanted
    elsewhere: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()


def find_missing(index: PathIndex, path: Path) -> tuple[Missing, ...]:
    """Return what no document of a snapshot reports for a path, in the order of the list.

    ``index`` is that of the whole snapshot: what filters leave out is not missing.
    """
    found = [*_of_mechanism(index, path)]
    if path.histology:
        found += [*_of_results(index, path), *_of_drug(index, path)]
    return tuple(sorted(found, key=lambda each: list(Wanted).index(each.what)))


def _of_mechanism(index: PathIndex, path: Path) -> Iterable[Missing]:
    if path.kind in IMPORTED_KINDS:
        yield from _of_import(index, path)
    elif path.drug not in index.ways:
        yield Missing(Wanted.TARGET)
    elif path.way and (path.way.target, path.histology) not in index.mechanisms:
        yield Missing(Wanted.MECHANISM, near=tuple(_members(index, path.way.target, path)))


def _of_import(index: PathIndex, path: Path) -> Iterable[Missing]:
    """Yield what no document states of a path whose first step is the word of an import."""
    ways, target = index.ways.get(path.drug, ()), path.way.target if path.way else ""
    if not ways:
        yield Missing(Wanted.TARGET)
    elif all(target not in way.targets for way in ways):
        yield Missing(Wanted.ACTION)
    if not path.histology:
        yield Missing(Wanted.HISTOLOGY)
    elif path.kind is PathKind.IMPORTED_TARGET:
        yield Missing(Wanted.MECHANISM, near=tuple(_members(index, target, path)))


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
    near = {Wanted.RANDOMISED: _against_placebo(results)}
    for what, test in tests.items():
        if not any(map(test, results)):
            yield Missing(what, near=near.get(what, ()))


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
            unsaid = _without_tumour(index, drug) if what is Wanted.TRIAL else ()
            yield Missing(what, tuple(sorted(histologies)), unsaid)
    if drug not in index.cautions:
        yield Missing(Wanted.CONTRAINDICATION)


def _members(index: PathIndex, family: str, path: Path) -> Iterable[Near]:
    """Yield the members of a family that have a part in the histology, or an alteration that has.

    What is stated of a member is stated of nothing else: it is no mechanism of the family.
    """
    for member in sorted(index.vocabulary.families):
        if family in index.vocabulary.families[member]:
            pair = (member, path.histology)
            stated = {claim.iri for claim in index.parts.get(pair, ())}
            stated |= {each.claim.iri for each in index.alterations.get(pair, ())}
            if stated:
                yield Near(member, NearBy.MEMBER, tuple(sorted(stated)))


def _against_placebo(results: Iterable[Result]) -> tuple[Near, ...]:
    """Return the studies with placebo of which no document says that they were randomised."""
    found: dict[str, set[str]] = {}
    for claim in (each.claim for each in results if not each.is_on_both_sides):
        is_controlled = "PlaceboControlled" in claim.values("masking")
        if is_controlled and "RandomisedTrial" not in claim.values("studyType"):
            for study in claim.values("study"):
                found.setdefault(study, set()).add(claim.iri)
    return tuple(
        Near(study, NearBy.PLACEBO, tuple(sorted(stated)))
        for study, stated in sorted(found.items())
    )


def _without_tumour(index: PathIndex, drug: str) -> tuple[Near, ...]:
    """Return the trials that count but for the tumour of their patients, which is not stated."""
    trials = sorted({use.trial.iri for use in index.trials_without_tumour.get(drug, ())})
    return tuple(Near(trial, NearBy.TUMOUR, (trial,)) for trial in trials)


def _is_randomised_comparison(result: Result) -> bool:
    claim = result.claim
    is_randomised = "RandomisedTrial" in claim.values("studyType")
    return is_randomised and claim.is_a("ComparativeResult") and not result.is_on_both_sides


def _measures(claim: Claim, endpoints: frozenset[str]) -> bool:
    return bool(claim.values("endpoint") & endpoints)


def _counts(claim: Claim) -> bool:
    return claim.find_number("responders") is not None and bool(claim.find_number("evaluable"))
