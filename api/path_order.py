"""The order of paths, and the reasons for it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from api.histologies import Match
from api.path_choice import PathChoice
from api.path_index import Path
from api.path_kinds import PathKind
from api.path_results import UNRANKED, Side, level_of

__all__ = ["ORDER", "Place", "sort_paths"]

ORDER = (
    "kind",
    "match",
    "strongest result for",
    "drug",
    "histology",
    "targets",
)
"""What paths are sorted by, the first one first."""

Label = Callable[[str], str]


@dataclass(frozen=True)
class Place:
    """A path and what it is sorted by; the IRIs settle what the rest leaves open."""

    path: Path
    level: int
    labels: tuple[str, str, str]

    @property
    def key(self) -> tuple[object, ...]:
        """What paths are compared by: smaller comes first."""
        path = self.path
        match = list(Match).index(path.match) if path.match else -1
        iris = (path.drug, path.histology, *path.targets, *path.reaches)
        return (
            list(PathKind).index(path.kind),
            match,
            self.level,
            *(label.casefold() for label in self.labels),
            iris,
        )

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """What the path is sorted by, in words."""
        match = self.path.match.value if self.path.match else "no histology asked for"
        level = "none" if self.level == UNRANKED else f"level {self.level}"
        return tuple(zip(ORDER, (self.path.kind.value, match, level, *self.labels), strict=True))


def sort_paths(choice: PathChoice, paths: Iterable[Path], label: Label) -> list[Place]:
    """Return paths in the order of the answers; ``label`` gives the label of a thing."""
    levels: dict[tuple[str, str], int] = {}
    places = [
        Place(
            path,
            level=_strongest(choice, path, levels),
            labels=(label(path.drug), label(path.histology), ", ".join(map(label, path.targets))),
        )
        for path in paths
    ]
    return sorted(places, key=lambda place: place.key)


def _strongest(choice: PathChoice, path: Path, known: dict[tuple[str, str], int]) -> int:
    """Return the strongest level among the shown results for the drug: 1 is the strongest."""
    pair = (path.drug, path.histology)
    if pair not in known:
        found = (each.claim for each in choice.results(path) if each.side is Side.FOR)
        known[pair] = min((level_of(claim) or UNRANKED for claim in found), default=UNRANKED)
    return known[pair]
