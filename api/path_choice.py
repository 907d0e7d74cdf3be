"""The paths that a question asks for, and the statements of each that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from api.histologies import Match
from api.imports import ImportedAction
from api.path_claims import Claim
from api.path_index import Path, PathIndex
from api.path_kinds import IMPORTED_KINDS, STANDING_KINDS, PathKind
from api.path_question import Choice, PathQuestion
from api.path_reasons import Advice, Alteration, TrialUse
from api.path_results import Result

__all__ = ["PathChoice", "choose_paths"]


def choose_paths(index: PathIndex, question: PathQuestion) -> PathChoice:
    """Return what a question asks for of the paths of a snapshot."""
    restricted = index if question.documents is None else index.stated_in(question.documents)
    return PathChoice(restricted, question)


@dataclass(frozen=True)
class PathChoice:
    """Paths of a snapshot under a question.

    ``index`` knows what the documents state whose statements count.
    """

    index: PathIndex
    question: PathQuestion
    _results: dict[tuple[str, str], tuple[Result, ...]] = field(default_factory=dict)

    def paths(self) -> Iterator[Path]:
        """Yield the paths asked for, each with its match where histologies are asked for."""
        for path in self.index.every:
            if not (self._has_nodes(path) and self._has_source(path) and self._stands(path)):
                continue
            match = self._match(path)
            wanted = self.question.histologies
            if wanted and wanted.iris and not self._is_near_enough(match):
                continue
            yield replace(path, match=match)

    def results(self, path: Path) -> tuple[Result, ...]:
        """Return the results asked for of the drug in the histology or a narrower one."""
        pair = (path.drug, path.histology)
        if pair not in self._results:
            found = self.index.results.of(*pair)
            self._results[pair] = tuple(
                each
                for each in found
                if self._is_near_enough(each.match) and self.question.takes_result(each.claim)
            )
        return self._results[pair]

    def parts(self, path: Path) -> tuple[Claim, ...]:
        """Return the claims on the part of the target, or of the family the path goes by."""
        over = path.family or (path.way.target if path.way else "")
        return self.index.parts.get((over, path.histology), ())

    def alterations(self, path: Path) -> tuple[Alteration, ...]:
        """Return the claims on alterations of the target; a family has none of its own."""
        if path.family or path.way is None:
            return ()
        return self.index.alterations.get((path.way.target, path.histology), ())

    def markers(self, path: Path) -> tuple[Claim, ...]:
        """Return the claims on biomarkers, as far as asked for, under the drug."""
        found = self.index.markers.get((path.drug, path.histology), ())
        wanted = self.question.biomarkers
        return tuple(each for each in found if _takes(wanted, each.values("biomarker")))

    def advice(self, path: Path) -> tuple[Advice, ...]:
        """Return the recommendations asked for that make a path."""
        is_of_class = path.kind is PathKind.RECOMMENDED_CLASS
        found = self.index.class_advice if is_of_class else self.index.advice
        pair = (path.drug, path.histology)
        return tuple(each for each in found.get(pair, ()) if self.question.takes_advice(each))

    def trials(self, path: Path) -> tuple[TrialUse, ...]:
        """Return the trials asked for that make a path."""
        found = self.index.trials.get((path.drug, path.histology), ())
        return tuple(each for each in found if self.question.takes_trial(each))

    def actions(self, path: Path) -> tuple[ImportedAction, ...]:
        """Return what the imports that count say of the first step of a path, if one does."""
        if path.kind not in IMPORTED_KINDS or path.way is None:
            return ()
        found = self.index.imports.inhibitions.get((path.drug, path.way.target), ())
        return tuple(each for each in found if self.question.takes_import(each.graph))

    def standings(self, path: Path) -> tuple[Path, ...]:
        """Return a path as those of the documents that its drug stands in the histology by."""
        if not path.histology:
            return ()
        found = (replace(path, kind=kind) for kind in STANDING_KINDS)
        return tuple(each for each in found if self._stands(each))

    def _has_source(self, path: Path) -> bool:
        if path.kind in IMPORTED_KINDS:
            return bool(self.actions(path))
        return self.question.takes_documents

    def _stands(self, path: Path) -> bool:
        if path.kind is PathKind.IMPORTED_TARGET:
            is_bare = not path.histology
            return not self.question.asks_of_tumours if is_bare else bool(self.standings(path))
        return self._has_reasons(path) and self._names_biomarker(path)

    def _has_nodes(self, path: Path) -> bool:
        question, families = self.question, self.index.vocabulary.families_of
        way = path.way.targets if path.way else ()
        over = {family for target in way for family in families(target)}
        return (
            (not question.kinds or path.kind in question.kinds)
            and (not question.reaches or bool(question.reaches & {*path.reaches}))
            and _takes(question.drugs, [path.drug])
            and _takes(question.classes, self.index.classes_of(path.drug))
            and _takes(question.targets, {*way, *over})
            and _takes(question.families, over)
        )

    def _match(self, path: Path) -> Match | None:
        wanted = self.question.histologies
        return self.index.scopes.match(wanted.iris, [path.histology]) if wanted else None

    def _is_near_enough(self, match: Match | None) -> bool:
        return match is Match.DIRECT or (match is not None and not self.question.only_direct)

    def _has_reasons(self, path: Path) -> bool:
        question = self.question
        match path.kind:
            case PathKind.TESTED:
                return any(each.match is Match.DIRECT for each in self.results(path))
            case PathKind.RECOMMENDED | PathKind.RECOMMENDED_CLASS:
                made, beyond = bool(self.advice(path)), question.asks_beyond_advice()
            case PathKind.IN_TRIAL:
                made, beyond = bool(self.trials(path)), question.asks_beyond_trials()
            case _:
                made, beyond = True, question.asks_of_results
        return made and (not beyond or bool(self.results(path)))

    def _names_biomarker(self, path: Path) -> bool:
        wanted = self.question.biomarkers
        if wanted is None or self.results(path) or self.markers(path):
            return True
        return wanted.takes(self._biomarkers(path))

    def _biomarkers(self, path: Path) -> Iterator[str]:
        named: Iterable[Claim]
        match path.kind:
            case PathKind.MECHANISM | PathKind.IMPORTED_MECHANISM:
                named = self.parts(path)
                yield from (each.biomarker for each in self.alterations(path))
            case PathKind.IN_TRIAL:
                named = [use.trial for use in self.trials(path)]
            case _:
                named = [advice.claim for advice in self.advice(path)]
        for claim in named:
            yield from claim.values("biomarker")


def _takes(choice: Choice | None, found: Iterable[str]) -> bool:
    return choice is None or choice.takes(found)
