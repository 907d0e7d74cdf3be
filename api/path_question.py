"""What is asked of the paths: things along the path, and what statements must say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.path_claims import Claim
from api.path_kinds import PathKind, Reach
from api.path_reasons import Advice, TrialUse

__all__ = ["ANY", "Choice", "PathQuestion"]


@dataclass(frozen=True)
class Choice:
    """Which things of a kind are asked for: some, or any at all.

    ``standing_for`` are the histologies below terms of other systems among them.

    >>> Choice(frozenset({"kit"})).takes({"kit", "ret"}), Choice().takes([])
    (True, False)
    """

    iris: frozenset[str] = frozenset()
    standing_for: frozenset[str] = frozenset()

    def takes(self, found: Iterable[str]) -> bool:
        """Tell whether one of some things is asked for."""
        given = frozenset(found)
        return bool(given & self.iris) if self.iris else bool(given)


ANY = Choice()
"""Whatever it is, as long as there is one."""


@dataclass(frozen=True)
class PathQuestion:
    """Which paths are asked for: a kind of thing without a choice is not asked about.

    ``only_direct`` leaves out paths to narrower histologies than those asked for, and results
    in narrower ones than the path's. ``documents`` are the only ones whose statements count, or
    None for all. Terms of the ontology are given by their names; an empty set of them asks for
    nothing. ``takes_documents`` tells whether paths of the documents count, ``imports`` are the
    graphs of the only imports that do, or None for all of them.
    """

    kinds: frozenset[PathKind] = frozenset()
    reaches: frozenset[Reach] = frozenset()
    drugs: Choice | None = None
    classes: Choice | None = None
    targets: Choice | None = None
    families: Choice | None = None
    biomarkers: Choice | None = None
    histologies: Choice | None = None
    only_direct: bool = False
    endpoints: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    least_evaluable: int | None = None
    documents: frozenset[str] | None = None
    takes_documents: bool = True
    imports: frozenset[str] | None = None

    def takes_import(self, graph: str) -> bool:
        """Tell whether what an import says counts, by the graph of the import."""
        return self.imports is None or graph in self.imports

    @property
    def asks_of_results(self) -> bool:
        """Whether something is asked of the results beside the biomarker."""
        asked = (self.endpoints, self.lines, self.phases, self.modes)
        return any(asked) or self.least_evaluable is not None

    @property
    def shows_everything(self) -> bool:
        """Whether all results of the documents that count are shown, whatever is asked for."""
        return not (self.asks_of_results or self.biomarkers or self.only_direct)

    @property
    def asks_of_tumours(self) -> bool:
        """Whether something is asked that only what ends at a histology can say."""
        return self.histologies is not None or not self.shows_everything

    def asks_beyond_advice(self) -> bool:
        """Tell whether something is asked that only results can say, not recommendations."""
        return bool(self.endpoints or self.phases) or self.least_evaluable is not None

    def asks_beyond_trials(self) -> bool:
        """Tell whether something is asked that only results can say, not plans of trials."""
        return bool(self.lines) or self.least_evaluable is not None

    def takes_result(self, claim: Claim) -> bool:
        """Tell whether a result is what is asked for."""
        return (
            _says(claim, "endpoint", self.endpoints)
            and _says(claim, "line", self.lines)
            and _says(claim, "phase", self.phases)
            and _says(claim, "mode", self.modes)
            and (self.biomarkers is None or self.biomarkers.takes(claim.values("biomarker")))
            and (self.least_evaluable is None or self._is_large(claim))
        )

    def takes_advice(self, advice: Advice) -> bool:
        """Tell whether a recommendation is what is asked for, as far as one can say it."""
        return _says(advice.claim, "line", self.lines) and _says(advice.claim, "mode", self.modes)

    def takes_trial(self, use: TrialUse) -> bool:
        """Tell whether a trial and its group are what is asked for, as far as they can say it."""
        return (
            _says(use.trial, "phase", self.phases)
            and _says(use.trial, "endpoint", self.endpoints)
            and _says(use.group, "mode", self.modes)
        )

    def _is_large(self, claim: Claim) -> bool:
        evaluable = claim.find_number("evaluable")
        return evaluable is not None and evaluable >= (self.least_evaluable or 0)


def _says(claim: Claim, field: str, wanted: frozenset[str]) -> bool:
    return not wanted or bool(claim.values(field) & wanted)
