"""The paths of a drug on its card: one row a histology, with why they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.desk import PageDesk
from api.pages.parts_things import Thing, Things
from api.path_index import Path
from api.path_kinds import IMPORTED_KINDS, KINDS_OF_PATHS, PathKind
from api.path_results import Side

__all__ = ["PathsShown", "Standing", "paths_of"]

_WORDS: Mapping[PathKind, str] = {
    PathKind.MECHANISM: "mechanism, a hypothesis",
    PathKind.TESTED: "tested",
    PathKind.RECOMMENDED: "recommended",
    PathKind.RECOMMENDED_CLASS: "its class is recommended",
    PathKind.IN_TRIAL: "in a trial",
    PathKind.IMPORTED_MECHANISM: "mechanism by an import, a hypothesis",
    PathKind.IMPORTED_TARGET: "target by an import",
}


@dataclass(frozen=True)
class Standing:
    """Why paths of a kind stand, and over which targets they lead."""

    kind: str
    words: str
    meaning: str
    targets: tuple[Thing, ...]
    is_imported: bool


@dataclass(frozen=True)
class PathsShown:
    """The paths from a drug to a histology; ``sides`` counts the results there by direction."""

    histology: Thing | None
    standings: tuple[Standing, ...]
    sides: Mapping[str, int]
    explore: str
    records: str


def paths_of(desk: PageDesk, drug: str) -> tuple[PathsShown, ...]:
    """Return the paths of a drug by histology, in the order of the kinds of paths."""
    found: dict[str, list[Path]] = {}
    for path in desk.library.paths.every:
        if path.drug == drug:
            found.setdefault(path.histology, []).append(path)
    order = list(PathKind)
    things = Things.at(desk)

    def rank(histology: str) -> tuple[int, str]:
        first = min(order.index(path.kind) for path in found[histology])
        return first, things.get(histology).label.casefold() if histology else "~"

    return tuple(
        _shown(desk, things, drug, histology, found[histology])
        for histology in sorted(found, key=rank)
    )


def _shown(
    desk: PageDesk, things: Things, drug: str, histology: str, paths: Iterable[Path]
) -> PathsShown:
    kinds: dict[PathKind, set[str]] = {}
    for path in paths:
        kinds.setdefault(path.kind, set()).update(path.targets[-1:])
    results = desk.library.paths.results.of(drug, histology) if histology else ()
    curie = desk.library.directory.shorten
    query = {"drug": curie(drug), **({"histology": curie(histology)} if histology else {})}
    asked = urlencode(query)
    return PathsShown(
        histology=things.get(histology) if histology else None,
        standings=tuple(
            Standing(
                kind.value,
                _WORDS[kind],
                KINDS_OF_PATHS[kind],
                things.all(kinds[kind]),
                kind in IMPORTED_KINDS,
            )
            for kind in PathKind
            if kind in kinds
        ),
        sides={side.value: sum(each.side is side for each in results) for side in Side},
        explore=f"/explore?{asked}",
        records=f"/api/v1/paths?{asked}",
    )
