"""The graph that the explorer draws: drugs, targets, histologies, and what is known between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from api.histologies import Match
from api.path_choice import PathChoice
from api.path_edges import edges_of
from api.path_index import Path
from api.path_kinds import IMPORTED_KINDS, EdgeKind, PathKind
from api.path_links import Edge
from api.path_results import Result, Side, is_of_patients

__all__ = ["ExploreEdge", "ExploreGraph", "How", "Span", "graph_of"]


class Span(StrEnum):
    """Between which columns an edge lies."""

    ACTION = "action"
    PART = "part"
    PAIR = "pair"


class How(StrEnum):
    """By what a drug, a target and a histology belong together."""

    ACTS = "acts on it"
    INDIRECTLY = "acts on it through another target"
    PRODRUG = "acts on it as what it becomes"
    MEMBER = "inferred: acts on a member of the family"
    IMPORTED = "by the word of an import"
    PART = "has a part in it"
    ALTERATION = "an alteration characterises it"
    RESULTS = "results"
    LABORATORY = "results in the laboratory only, none in patients"
    RECOMMENDED = "recommended"
    CLASS = "its class is recommended"
    TRIAL = "in a trial"
    HYPOTHESIS = "mechanism: a hypothesis"
    IMPORTED_HYPOTHESIS = "mechanism by the word of an import: a hypothesis"


_HOW = {
    EdgeKind.ACTION: How.ACTS,
    EdgeKind.INDIRECT_ACTION: How.INDIRECTLY,
    EdgeKind.PRODRUG: How.PRODRUG,
    EdgeKind.IMPORTED_ACTION: How.IMPORTED,
}
_STANDING = {
    PathKind.RECOMMENDED: How.RECOMMENDED,
    PathKind.RECOMMENDED_CLASS: How.CLASS,
    PathKind.IN_TRIAL: How.TRIAL,
}
_HYPOTHESES = {
    PathKind.MECHANISM: How.HYPOTHESIS,
    PathKind.IMPORTED_MECHANISM: How.IMPORTED_HYPOTHESIS,
}
_OF_PARTS = (EdgeKind.PART, EdgeKind.ALTERATION, EdgeKind.BIOMARKER)
_OF_ADVICE = (EdgeKind.RECOMMENDATION, EdgeKind.CLASS)
_NO_SIDES: Mapping[Side, int] = dict.fromkeys(Side, 0)


@dataclass(frozen=True)
class ExploreEdge:
    """What is known between two things: the statements behind it, and results of a pair.

    ``over`` are the targets that make a mechanism of a pair, ``paths`` all paths that it is on.
    """

    span: Span
    start: str
    end: str
    how: tuple[How, ...]
    claims: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    over: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """The two ends, which no other edge has."""
        return (self.start, self.end)

    @property
    def is_imported(self) -> bool:
        """Whether every path that it is on begins with the word of an import."""
        return bool(self.paths) and all(path.kind in IMPORTED_KINDS for path in self.paths)

    @property
    def sides(self) -> Mapping[Side, int]:
        """How many results are on each side."""
        counts = dict(_NO_SIDES)
        for result in self.results:
            counts[result.side] += 1
        return counts

    @property
    def inherited(self) -> int:
        """How many results are of narrower histologies."""
        return sum(result.match is Match.INHERITED for result in self.results)

    @property
    def direct(self) -> int:
        """How many results are of this very histology."""
        return len(self.results) - self.inherited


@dataclass(frozen=True)
class ExploreGraph:
    """Edges, and how many of the things that they join are left out of what is drawn."""

    edges: tuple[ExploreEdge, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    def of(self, span: Span) -> tuple[ExploreEdge, ...]:
        """Return the edges between two columns."""
        return tuple(each for each in self.edges if each.span is span)

    def find(self, start: str, end: str) -> ExploreEdge | None:
        """Return the edge between two things, or None."""
        return next((each for each in self.edges if each.key == (start, end)), None)

    @property
    def drugs(self) -> frozenset[str]:
        """The things of the first column."""
        return frozenset(each.start for each in self.edges if each.span is not Span.PART)

    @property
    def targets(self) -> frozenset[str]:
        """The targets and families of the column in the middle."""
        acted = {each.end for each in self.of(Span.ACTION)}
        return frozenset(acted | {each.start for each in self.of(Span.PART)})

    @property
    def histologies(self) -> frozenset[str]:
        """The things of the last column."""
        return frozenset(each.end for each in self.edges if each.span is not Span.ACTION)


@dataclass
class _Gathered:
    """An edge while it is put together: what comes first stands first."""

    how: dict[How, None] = field(default_factory=dict)
    claims: dict[str, None] = field(default_factory=dict)
    over: dict[str, None] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)

    def add(self, path: Path, how: Iterable[How], edges: Iterable[Edge] = ()) -> None:
        self.how |= dict.fromkeys(how)
        self.claims |= {claim.iri: None for edge in edges for claim in edge.claims}
        self.paths.append(path)


def graph_of(choice: PathChoice) -> ExploreGraph:
    """Return the whole graph of what is asked for, its edges in a settled order."""
    found: dict[tuple[Span, str, str], _Gathered] = defaultdict(_Gathered)
    for path in choice.paths():
        edges = edges_of(choice, path)
        for key, how, behind in (*_actions(choice, path, edges), *_parts(path, edges)):
            found[key].add(path, how, behind)
        if path.histology:
            pair = found[Span.PAIR, path.drug, path.histology]
            how, behind = _standing(choice, path, edges)
            pair.add(path, how, behind)
            if path.kind in _HYPOTHESES and path.way:
                pair.over[path.family or path.way.target] = None
    return ExploreGraph(tuple(_settled(choice, key, found[key]) for key in sorted(found)))


_Step = tuple[tuple[Span, str, str], tuple[How, ...], tuple[Edge, ...]]


def _actions(choice: PathChoice, path: Path, edges: Iterable[Edge]) -> Iterator[_Step]:
    """Yield how the drug of a path acts on each target, and on the family where one counts."""
    if path.way is None:
        return
    first = tuple(edge for edge in edges if edge.kind in _HOW)
    for target in path.way.targets:
        own = (*(edge for edge in first if edge.object == target),)
        become = tuple(edge for edge in first if edge.kind is EdgeKind.PRODRUG)
        behind = (*own, *become)
        how = tuple(_HOW[edge.kind] for edge in (become or own))
        yield (Span.ACTION, path.drug, target), how, behind
        for family in _families(choice, path, target):
            by_import = (How.IMPORTED,) if path.kind in IMPORTED_KINDS else ()
            yield (Span.ACTION, path.drug, family), (How.MEMBER, *by_import), behind


def _families(choice: PathChoice, path: Path, target: str) -> list[str]:
    """Return the families that a path goes by or is found by, beside the target itself."""
    asked = {
        iri
        for wanted in (choice.question.targets, choice.question.families)
        for iri in (wanted.iris if wanted else ())
    }
    over = choice.index.vocabulary.families_of(target) - {target}
    return sorted(over & (asked | {path.family}))


def _parts(path: Path, edges: Iterable[Edge]) -> Iterator[_Step]:
    behind = tuple(edge for edge in edges if edge.kind in _OF_PARTS)
    if behind and path.way:
        kinds = {edge.kind for edge in behind}
        how = ((EdgeKind.PART, How.PART), (EdgeKind.ALTERATION, How.ALTERATION))
        held = tuple(each for kind, each in how if kind in kinds)
        yield (Span.PART, path.family or path.way.target, path.histology), held, behind


def _standing(
    choice: PathChoice, path: Path, edges: Iterable[Edge]
) -> tuple[tuple[How, ...], tuple[Edge, ...]]:
    """Return by what the drug of a path stands in its histology, and the statements behind."""
    is_imported = path.kind is PathKind.IMPORTED_TARGET
    kinds = [each.kind for each in choice.standings(path)] if is_imported else [path.kind]
    how = [_STANDING[kind] for kind in kinds if kind in _STANDING]
    if path.kind in _HYPOTHESES:
        how.append(_HYPOTHESES[path.kind])
    if results := choice.results(path):
        is_clinical = any(is_of_patients(each.claim) for each in results)
        how.insert(0, How.RESULTS if is_clinical else How.LABORATORY)
    told = [_OF_ADVICE if each in (How.RECOMMENDED, How.CLASS) else () for each in how]
    wanted = {kind for kinds_of in told for kind in kinds_of}
    if How.TRIAL in how:
        wanted.add(EdgeKind.TRIAL)
    return tuple(how), tuple(edge for edge in edges if edge.kind in wanted)


def _settled(choice: PathChoice, key: tuple[Span, str, str], made: _Gathered) -> ExploreEdge:
    span, start, end = key
    paths = tuple(made.paths)
    return ExploreEdge(
        span=span,
        start=start,
        end=end,
        how=tuple(how for how in How if how in made.how),
        claims=tuple(made.claims),
        results=choice.results(paths[0]) if span is Span.PAIR else (),
        over=tuple(made.over),
        paths=paths,
    )
