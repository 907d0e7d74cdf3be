"""Paths from drugs over targets to histologies, out of the claims of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.evidence import Chosen, Evidence
from api.histologies import Match, Scope

__all__ = ["Action", "Edge", "Effect", "Links", "Path", "PathIndex", "PathKind"]


class PathKind(StrEnum):
    """Why a path stands: a mechanism says it could work, a test says that it was tried."""

    MECHANISM = "mechanism"
    TESTED = "tested"


class Effect(StrEnum):
    """What a drug does to a target or family, by the word of a claim."""

    INHIBITS = "inhibits"
    ACTS = "acts on"
    INDIRECT = "acts indirectly on"


@dataclass(frozen=True)
class Action:
    """What claims say of a drug and a target or family, by effect."""

    drug: str
    target: str
    claims: Mapping[Effect, tuple[str, ...]]


@dataclass(frozen=True)
class Edge:
    """A step of a path: its predicate, the graphs that hold it, and the claims behind it."""

    subject: str
    predicate: str
    object: str
    graphs: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Path:
    """A way from a drug to a histology; ``match`` relates that to the histology asked for."""

    kind: PathKind
    drug: str
    targets: tuple[str, ...]
    histology: str
    edges: tuple[Edge, ...]
    match: Match | None = None


@dataclass(frozen=True)
class Links:
    """The direct links of the graph: (subject, object) to predicates to the graphs with them."""

    graphs: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]

    def edge(
        self, subject: str, target: str, predicates: Iterable[str], claims: Iterable[str] = ()
    ) -> Edge:
        """Return the edge with the first of some predicates that the graph holds."""
        held = self.graphs.get((subject, target), {})
        wanted = tuple(predicates)
        predicate = next((each for each in wanted if each in held), wanted[-1])
        return Edge(subject, predicate, target, held.get(predicate, ()), tuple(sorted(claims)))


_PREDICATES = {
    Effect.INHIBITS: ("inhibits", "inhibitsMemberOf"),
    Effect.ACTS: ("actsOn",),
    Effect.INDIRECT: ("actsIndirectlyOn",),
}


@dataclass(frozen=True)
class PathIndex:
    """What paths are made of: actions of drugs, families of targets, parts in histologies.

    ``parts`` are the claims that give a target or family (first key) a part in a histology
    (second key).
    """

    actions: tuple[Action, ...]
    families: Mapping[str, frozenset[str]]
    parts: Mapping[str, Mapping[str, tuple[str, ...]]]
    links: Links
    evidence: Evidence

    def find(
        self, *, drug: str | None = None, target: str | None = None, histology: str | None = None
    ) -> Iterator[Path]:
        """Yield the paths with a drug, over a target or family, to a histology or narrower ones.

        What is None may be anything. A claim on a family says nothing of its members: it is
        found by the family only; a claim on a member is found by its families too.
        """
        actions = [
            each
            for each in self.actions
            if drug in (None, each.drug) and target in (None, each.target, *self._over(each.target))
        ]
        scope = None if histology is None else self.evidence.histologies.scope(histology)
        yield from self._mechanisms(actions, scope)
        yield from self._tests(drug, None if target is None else actions, scope)

    def results(self, path: Path) -> tuple[Chosen, ...]:
        """Return the results of the drug in the histology of a path, or in a narrower one."""
        return tuple(self.evidence.choose(histology=path.histology, aboutDrug=path.drug))

    def _mechanisms(self, actions: Iterable[Action], scope: Scope | None) -> Iterator[Path]:
        for action in actions:
            for over in (action.target, *sorted(self._over(action.target))):
                for histology, claims in sorted(self.parts.get(over, {}).items()):
                    match = scope.match([histology]) if scope else None
                    if scope and match is None:
                        continue
                    steps = self._steps(action, over, histology, claims)
                    yield Path(
                        PathKind.MECHANISM,
                        action.drug,
                        tuple(dict.fromkeys((action.target, over))),
                        histology,
                        steps,
                        match,
                    )

    def _steps(
        self, action: Action, over: str, histology: str, claims: tuple[str, ...]
    ) -> tuple[Edge, ...]:
        part = self.links.edge(over, histology, ("implicatedIn",), claims)
        if over == action.target:
            return (*self._acts(action), part)
        member = self.links.edge(action.target, over, ("memberOfFamily",))
        return (*self._acts(action), member, part)

    def _tests(
        self, drug: str | None, actions: Iterable[Action] | None, scope: Scope | None
    ) -> Iterator[Path]:
        by_drug: dict[str, list[Action]] = defaultdict(list)
        for action in actions or ():
            by_drug[action.drug].append(action)
        for tested, histology in self._tested(drug):
            match = scope.match([histology]) if scope else None
            if (scope and match is None) or (actions is not None and tested not in by_drug):
                continue
            acts = tuple(edge for each in by_drug[tested] for edge in self._acts(each))
            yield Path(
                PathKind.TESTED,
                tested,
                tuple(each.target for each in by_drug[tested]),
                histology,
                (*acts, self.links.edge(tested, histology, ("testedIn",))),
                match,
            )

    def _acts(self, action: Action) -> tuple[Edge, ...]:
        return tuple(
            self.links.edge(action.drug, action.target, predicates, action.claims[effect])
            for effect, predicates in _PREDICATES.items()
            if effect in action.claims
        )

    def _over(self, target: str) -> frozenset[str]:
        return self.families.get(target, frozenset())

    def _tested(self, drug: str | None) -> list[tuple[str, str]]:
        drugs = self.evidence.by_drug if drug is None else [drug]
        pairs = {
            (each, histology)
            for each in drugs
            for item in self.evidence.by_drug.get(each, ())
            for histology in item.about.get("aboutHistology", ())
        }
        return sorted(pairs)
