"""What makes a path: parts of targets in histologies, their alterations, advice and trials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from api.path_claims import Claim, Claims

__all__ = [
    "Advice",
    "Alteration",
    "Pair",
    "TrialUse",
    "Vocabulary",
    "find_advice",
    "find_alterations",
    "find_by_drug",
    "find_class_advice",
    "find_markers",
    "find_memberships",
    "find_parts",
    "find_trial_uses",
    "find_trials_without_tumour",
    "find_wide_classes",
]

Pair = tuple[str, str]
"""What the histology is related to, and the histology."""

Thing = TypeVar("Thing")
Links = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Vocabulary:
    """What the vocabularies say, whatever the documents: each link from its subject.

    ``classes`` are those that the ontology defines, by their members; ``wide_classes`` are those
    of the documents that take in another one.
    """

    drugs: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    family_names: frozenset[str] = frozenset()
    families: Links = field(default_factory=dict)
    alteration_of: Links = field(default_factory=dict)
    includes_drug: Links = field(default_factory=dict)
    includes_class: Links = field(default_factory=dict)
    classes: Links = field(default_factory=dict)
    wide_classes: frozenset[str] = frozenset()

    def families_of(self, target: str) -> frozenset[str]:
        """Return the families of a target; of a family, the family itself."""
        own = frozenset({target}) & self.family_names
        return own | self.families.get(target, frozenset())


@dataclass(frozen=True)
class Alteration:
    """A claim that an alteration of a target characterises a histology."""

    biomarker: str
    claim: Claim


@dataclass(frozen=True)
class Advice:
    """A recommendation of a drug: itself, in a regimen, or as a member of a class."""

    claim: Claim
    regimen: str = ""
    drug_class: str = ""


@dataclass(frozen=True)
class TrialUse:
    """A trial, and a group in it that is given the drug."""

    trial: Claim
    group: Claim


def find_parts(claims: Claims) -> Mapping[Pair, tuple[Claim, ...]]:
    """Return the claims that give a target or family a part in a histology."""
    return _grouped(
        ((target, histology), claim)
        for claim in claims.of("TargetHistologyAssertion")
        for target in claim.values("target")
        for histology in claim.values("histology")
    )


def find_alterations(
    claims: Claims, vocabulary: Vocabulary
) -> Mapping[Pair, tuple[Alteration, ...]]:
    """Return the claims that an alteration of a target characterises a histology."""
    return _grouped(
        ((target, histology), Alteration(biomarker, claim))
        for claim in claims.of("BiomarkerAssertion")
        if "Characterises" in claim.values("role")
        for biomarker in sorted(claim.values("biomarker"))
        for target in vocabulary.alteration_of.get(biomarker, ())
        for histology in claim.values("histology")
    )


def find_markers(claims: Claims) -> Mapping[Pair, tuple[Claim, ...]]:
    """Return the claims on biomarkers under a drug in a histology, such as at resistance."""
    return _grouped(
        ((drug, histology), claim)
        for claim in claims.of("BiomarkerAssertion")
        for drug in claim.values("drug")
        for histology in claim.values("histology")
    )


def find_advice(claims: Claims, vocabulary: Vocabulary) -> Mapping[Pair, tuple[Advice, ...]]:
    """Return the recommendations of each drug in a histology, itself or in a regimen.

    A claim that only reports evidence on a drug recommends nothing, and is not among them.
    """

    def given(claim: Claim) -> Iterator[tuple[str, Advice]]:
        for thing in sorted(claim.values("recommends")):
            if thing in vocabulary.drugs:
                yield thing, Advice(claim)
            for drug in vocabulary.includes_drug.get(thing, ()):
                yield drug, Advice(claim, regimen=thing)

    return _by_histology((claim, given(claim)) for claim in claims.of("Recommendation"))


def find_class_advice(claims: Claims, vocabulary: Vocabulary) -> Mapping[Pair, tuple[Advice, ...]]:
    """Return the recommendations of a class that each drug is stated to be a member of.

    A class as wide as chemotherapy, which takes in another one, says nothing of its members.
    """
    members = defaultdict(set)
    for drug, drug_class in find_memberships(claims):
        members[drug_class].add(drug)

    def given(claim: Claim) -> Iterator[tuple[str, Advice]]:
        named = [("", each) for each in claim.values("recommendsClass")]
        for regimen in claim.values("recommends"):
            named += [(regimen, each) for each in vocabulary.includes_class.get(regimen, ())]
        narrow = (pair for pair in named if pair[1] not in vocabulary.wide_classes)
        for regimen, drug_class in sorted(narrow):
            for drug in members.get(drug_class, ()):
                yield drug, Advice(claim, regimen, drug_class)

    return _by_histology((claim, given(claim)) for claim in claims.of("Recommendation"))


def find_by_drug(claims: Claims, *classes: str) -> Mapping[str, tuple[Claim, ...]]:
    """Return the claims of some classes about each drug."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in (claim for name in classes for claim in claims.of(name)):
        for drug in claim.values("drug"):
            found[drug].append(claim)
    return {drug: tuple(claims) for drug, claims in found.items()}


def find_memberships(claims: Claims) -> Mapping[Pair, tuple[Claim, ...]]:
    """Return the claims that a drug is a member of a class, by drug and class."""
    return _grouped(
        ((drug, drug_class), claim)
        for claim in claims.of("DrugClassAssertion")
        for drug in claim.values("drug")
        for drug_class in claim.values("class")
    )


def find_wide_classes(memberships: Iterable[Pair]) -> frozenset[str]:
    """Return the classes whose stated members are all those of another class, and more.

    >>> sorted(find_wide_classes([("a", "anthracyclines"), ("a", "chemotherapy"),
    ...                           ("b", "chemotherapy"), ("b", "others")]))
    ['chemotherapy']
    """
    members: dict[str, set[str]] = defaultdict(set)
    for drug, drug_class in memberships:
        members[drug_class].add(drug)
    return frozenset(
        wide
        for wide, held in members.items()
        if any(each < held for other, each in members.items() if other != wide)
    )


def find_trial_uses(claims: Claims, reported: Collection[Pair]) -> Mapping[Pair, list[TrialUse]]:
    """Return the groups that are given each drug in trials with a histology.

    ``reported`` are trials and the drugs that they have results on: such a trial counts only
    if it is known by its registration.
    """
    found: dict[Pair, list[TrialUse]] = defaultdict(list)
    for drug, use in _uses(claims, reported):
        for histology in _tumours(use.trial):
            found[drug, histology].append(use)
    return found


def find_trials_without_tumour(
    claims: Claims, reported: Collection[Pair]
) -> Mapping[str, list[TrialUse]]:
    """Return the uses of each drug in trials whose tumour no document states."""
    found: dict[str, list[TrialUse]] = defaultdict(list)
    for drug, use in _uses(claims, reported):
        if not _tumours(use.trial):
            found[drug].append(use)
    return found


def _uses(claims: Claims, reported: Collection[Pair]) -> Iterator[tuple[str, TrialUse]]:
    groups = [claim for iri, claim in sorted(claims.by_iri.items()) if claim.values("partOf")]
    for group in groups:
        for trial in (claims.by_iri[iri] for iri in sorted(group.values("partOf"))):
            for drug in group.values("drug"):
                if trial.is_a("RegisteredTrial") or (trial.iri, drug) not in reported:
                    yield drug, TrialUse(trial, group)


def _tumours(trial: Claim) -> frozenset[str]:
    return trial.values("includes") | trial.values("condition")


def _by_histology(
    found: Iterable[tuple[Claim, Iterator[tuple[str, Advice]]]],
) -> Mapping[Pair, tuple[Advice, ...]]:
    return _grouped(
        ((drug, histology), advice)
        for claim, given in found
        for drug, advice in given
        for histology in claim.values("histology")
    )


def _grouped(pairs: Iterable[tuple[Pair, Thing]]) -> Mapping[Pair, tuple[Thing, ...]]:
    grouped: dict[Pair, list[Thing]] = defaultdict(list)
    for pair, thing in pairs:
        grouped[pair].append(thing)
    return {pair: tuple(things) for pair, things in grouped.items()}
