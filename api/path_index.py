"""All paths of a snapshot from drugs over targets to histologies, out of its claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from api.histologies import Match
from api.imports import Imports
from api.path_claims import Claim, Claims
from api.path_kinds import PathKind, Reach
from api.path_links import Links
from api.path_reasons import (
    Advice,
    Alteration,
    Pair,
    TrialUse,
    Vocabulary,
    find_advice,
    find_alterations,
    find_by_drug,
    find_class_advice,
    find_markers,
    find_memberships,
    find_parts,
    find_trial_uses,
    find_trials_without_tumour,
)
from api.path_results import Results
from api.path_scopes import Scopes
from api.path_ways import Way, find_actions, find_prodrugs, find_ways

__all__ = ["Path", "PathIndex"]

_MOST_REMEMBERED = 16
"""How many indexes of some documents alone are kept."""


@dataclass(frozen=True)
class Path:
    """A path of one kind from a drug to a histology, over one way to a target or over none.

    ``family`` is that of the target whose part in the histology the path goes by, where it goes
    by one; only a path by the word of an import may end at its target, without a histology.
    ``match`` relates the histology to the ones asked for.
    """

    kind: PathKind
    drug: str
    histology: str
    way: Way | None = None
    family: str = ""
    match: Match | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets, and the family at the end, in the order of the path."""
        return tuple(filter(None, (*(self.way.targets if self.way else ()), self.family)))

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """How the drug reaches the target."""
        return self.way.reaches if self.way else ()

    @property
    def row(self) -> dict[str, str]:
        """What tells the path from all others, by the columns of its SPARQL query."""
        return {
            "kind": self.kind.value,
            "drug": self.drug,
            "activeDrug": self.way.active if self.way else "",
            "through": self.way.through if self.way else "",
            "target": self.way.target if self.way else "",
            "family": self.family,
            "histology": self.histology,
        }


@dataclass(frozen=True)
class PathIndex:
    """What paths are made of; ``documents`` are those of the snapshot and their dates.

    ``reported`` are the studies and the drugs that they have results on: all of the snapshot's,
    also where ``claims`` are those of some documents. ``imports`` are what other databases say.
    """

    claims: Claims
    vocabulary: Vocabulary
    links: Links
    scopes: Scopes
    documents: Mapping[str, str | None] = field(default_factory=dict)
    reported: frozenset[Pair] = frozenset()
    imports: Imports = field(default_factory=Imports)
    _of_documents: dict[frozenset[str], PathIndex] = field(default_factory=dict)

    def stated_in(self, documents: frozenset[str]) -> PathIndex:
        """Return the index of what some documents state; a few of them are remembered."""
        known = self._of_documents
        if documents not in known:
            while len(known) >= _MOST_REMEMBERED:
                del known[next(iter(known))]
            claims = self.claims.stated_in(documents)
            known[documents] = replace(self, claims=claims, _of_documents={})
        return known[documents]

    @cached_property
    def every(self) -> tuple[Path, ...]:
        """All paths, in no order of meaning."""
        return (
            *self._mechanisms(),
            *self._tests(),
            *self._over_all_ways(PathKind.RECOMMENDED, self.advice),
            *self._over_all_ways(PathKind.RECOMMENDED_CLASS, self.class_advice),
            *self._over_all_ways(PathKind.IN_TRIAL, self.trials),
            *self._imported_mechanisms(),
            *self._imported_targets(),
        )

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The ways of each drug to its targets."""
        return find_ways(self.claims)

    @cached_property
    def actions(self) -> Mapping[Way, tuple[Claim, ...]]:
        """The claims behind the way of each drug to a target, as no prodrug."""
        return find_actions(self.claims)

    @cached_property
    def prodrugs(self) -> Mapping[Pair, tuple[Claim, ...]]:
        """The claims that a drug is a prodrug of another one."""
        return find_prodrugs(self.claims)

    @cached_property
    def cautions(self) -> Mapping[str, tuple[Claim, ...]]:
        """The contraindications and precautions of each drug."""
        return find_by_drug(self.claims, "Contraindication", "Precaution")

    @cached_property
    def decisions(self) -> Mapping[str, tuple[Claim, ...]]:
        """What regulators and payers decided on each drug."""
        return find_by_drug(self.claims, "RegulatoryStatus", "FundingStatus")

    @cached_property
    def parts(self) -> Mapping[Pair, tuple[Claim, ...]]:
        """The claims that give a target or family a part in a histology."""
        return find_parts(self.claims)

    @cached_property
    def alterations(self) -> Mapping[Pair, tuple[Alteration, ...]]:
        """The claims that an alteration of a target characterises a histology."""
        return find_alterations(self.claims, self.vocabulary)

    @cached_property
    def markers(self) -> Mapping[Pair, tuple[Claim, ...]]:
        """The claims on biomarkers under a drug in a histology."""
        return find_markers(self.claims)

    @cached_property
    def advice(self) -> Mapping[Pair, tuple[Advice, ...]]:
        """The recommendations of a drug in a histology."""
        return find_advice(self.claims, self.vocabulary)

    @cached_property
    def class_advice(self) -> Mapping[Pair, tuple[Advice, ...]]:
        """The recommendations of a class of a drug in a histology."""
        return find_class_advice(self.claims, self.vocabulary)

    @cached_property
    def memberships(self) -> Mapping[Pair, tuple[Claim, ...]]:
        """The claims that a drug is a member of a class."""
        return find_memberships(self.claims)

    @cached_property
    def trials(self) -> Mapping[Pair, list[TrialUse]]:
        """The uses of a drug in trials with a histology."""
        return find_trial_uses(self.claims, self.reported)

    @cached_property
    def trials_without_tumour(self) -> Mapping[str, list[TrialUse]]:
        """The uses of each drug in trials whose tumour no document states."""
        return find_trials_without_tumour(self.claims, self.reported)

    @cached_property
    def results(self) -> Results:
        """The results of each drug in each histology."""
        return Results(self.claims, self.scopes)

    @cached_property
    def mechanisms(self) -> frozenset[Pair]:
        """The targets that have a part in a histology, by their own or a family's part."""
        return frozenset(
            (path.way.target, path.histology) for path in self._mechanisms() if path.way
        )

    def classes_of(self, drug: str) -> frozenset[str]:
        """Return the classes of a drug: those that claims state, and those of the ontology."""
        stated = self._stated_classes.get(drug, frozenset())
        return stated | self.vocabulary.classes.get(drug, frozenset())

    @cached_property
    def _stated_classes(self) -> Mapping[str, frozenset[str]]:
        drugs = {drug for drug, _ in self.memberships}
        return {
            drug: frozenset(each for member, each in self.memberships if member == drug)
            for drug in drugs
        }

    @cached_property
    def imported_ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The targets of this graph that imports say each of its drugs inhibits."""
        known, found = self.vocabulary, defaultdict[str, list[Way]](list)
        for drug, target in sorted(self.imports.inhibitions):
            if drug in known.drugs and target in known.targets | known.family_names:
                found[drug].append(Way(drug, "", "", target))
        return {drug: tuple(ways) for drug, ways in found.items()}

    def _mechanisms(self) -> Iterator[Path]:
        return self._by_parts(PathKind.MECHANISM, self.ways)

    def _imported_mechanisms(self) -> Iterator[Path]:
        return self._by_parts(PathKind.IMPORTED_MECHANISM, self.imported_ways)

    def _by_parts(self, kind: PathKind, ways: Mapping[str, tuple[Way, ...]]) -> Iterator[Path]:
        for way in (way for found in ways.values() for way in found):
            for family in ("", *sorted(self.vocabulary.families.get(way.target, ()))):
                for histology in sorted(self._histologies_of(way.target, family)):
                    yield Path(kind, way.drug, histology, way, family)

    def _imported_targets(self) -> Iterator[Path]:
        """Yield the targets without a part: in the histologies of the drug, or ending there."""
        explained = {(path.way, path.histology) for path in self._imported_mechanisms()}
        stated = (self.results.pairs, self.advice, self.class_advice, self.trials)
        standing = sorted({pair for pairs in stated for pair in pairs})
        for drug, histology in standing:
            for way in self.imported_ways.get(drug, ()):
                if (way, histology) not in explained:
                    yield Path(PathKind.IMPORTED_TARGET, drug, histology, way)
        led = {way for way, _ in explained}
        for drug in self.imported_ways.keys() - {drug for drug, _ in standing}:
            for way in self.imported_ways[drug]:
                if way not in led:
                    yield Path(PathKind.IMPORTED_TARGET, drug, "", way)

    def _histologies_of(self, target: str, family: str) -> frozenset[str]:
        parts = self._part_histologies.get(family or target, frozenset())
        return parts if family else parts | self._altered_histologies.get(target, frozenset())

    @cached_property
    def _part_histologies(self) -> Mapping[str, frozenset[str]]:
        return _histologies(self.parts)

    @cached_property
    def _altered_histologies(self) -> Mapping[str, frozenset[str]]:
        return _histologies(self.alterations)

    def _tests(self) -> Iterator[Path]:
        for path in self._over_all_ways(PathKind.TESTED, self.results.pairs):
            if path.way is None or (path.way.target, path.histology) not in self.mechanisms:
                yield path

    def _over_all_ways(self, kind: PathKind, pairs: Iterable[Pair]) -> Iterator[Path]:
        for drug, histology in sorted(pairs):
            for way in self.ways.get(drug) or (None,):
                yield Path(kind, drug, histology, way)


def _histologies(pairs: Iterable[Pair]) -> Mapping[str, frozenset[str]]:
    things = {thing for thing, _ in pairs}
    return {
        thing: frozenset(histology for each, histology in pairs if each == thing)
        for thing in things
    }
