"""Results side by side: a column for each drug or arm, aligned by endpoint and by study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from api.pages.compare_scale import Drawn, draw, scale_for
from api.pages.parts_evidence import Evidence
from api.pages.parts_scale import PERCENT, Scale
from api.pages.parts_things import Thing

__all__ = ["AlignedRow", "EndpointShown", "ResultShown", "align", "place_of_endpoint"]

_ORDER = (
    "ObjectiveResponseRate",
    "CompleteResponseRate",
    "PartialResponseRate",
    "DiseaseControlRate",
    "ClinicalBenefitRate",
    "StableDiseaseRate",
    "ProgressionFreeSurvival",
    "ProgressionFreeSurvivalRate",
    "TimeToProgression",
    "OverallSurvival",
    "OverallSurvivalRate",
)
"""The endpoints that come first, in this order; others follow by name, unwanted effects last."""

_LAST = frozenset(
    {
        "AdverseEventOccurrence",
        "DoseReductionRate",
        "Tolerability",
        "TreatmentDiscontinuation",
        "TreatmentRelatedDeath",
    }
)

Columns = Sequence[Iterable[Evidence]]


@dataclass(frozen=True)
class ResultShown:
    """A result in a column, drawn on the scale of its endpoint where it has a place there."""

    evidence: Evidence
    drawn: Drawn | None


@dataclass(frozen=True)
class AlignedRow:
    """What stands side by side: the results of one study, or those of different ones."""

    studies: tuple[Thing, ...]
    cells: tuple[tuple[ResultShown, ...], ...]

    @property
    def is_one_study(self) -> bool:
        """Whether one study made all results of the row."""
        return bool(self.studies)


@dataclass(frozen=True)
class EndpointShown:
    """The results of one endpoint; ``together`` are about several of the columns at once."""

    name: str
    title: str
    scale: Scale | None
    unit: str
    rows: tuple[AlignedRow, ...]
    together: tuple[ResultShown, ...]

    @property
    def breadth(self) -> int:
        """How many columns have results of their own."""
        return len({place for row in self.rows for place, cell in enumerate(row.cells) if cell})


def align(columns: Columns, *, without: Container[str] = ()) -> tuple[EndpointShown, ...]:
    """Return the results of some columns by endpoint; ``without`` are IRIs to leave out.

    A result that stands in several columns is about all of these at once, and about none alone.
    """
    found = [[each for each in column if each.claim.iri not in without] for column in columns]
    places: dict[str, set[int]] = defaultdict(set)
    for place, column in enumerate(found):
        for each in column:
            places[each.claim.iri].add(place)
    endpoints: dict[str, list[Evidence]] = defaultdict(list)
    for each in {each.claim.iri: each for column in found for each in column}.values():
        endpoints[each.endpoint].append(each)
    shown = (
        _endpoint(results, len(found), lambda each: places[each.claim.iri])
        for results in endpoints.values()
    )
    # What is reported of several columns can be read side by side, so it comes first.
    return tuple(
        sorted(
            shown,
            key=lambda each: (-each.breadth, place_of_endpoint(each.name, each.title)),
        )
    )


def _endpoint(
    results: list[Evidence], width: int, places: Callable[[Evidence], set[int]]
) -> EndpointShown:
    scale = scale_for(results)
    title = results[0].endpoints[0].label if results[0].endpoints else "endpoint not stated"
    alone = [each for each in results if len(places(each)) == 1]
    shared = _shared_studies(alone, places)

    def row(members: Iterable[Evidence], studies: tuple[Thing, ...] = ()) -> AlignedRow:
        cells: list[list[ResultShown]] = [[] for _ in range(width)]
        for each in members:
            cells[min(places(each))].append(ResultShown(each, draw(each, scale)))
        return AlignedRow(studies, tuple(tuple(cell) for cell in cells))

    rows = [row([each for each in alone if _study(each) == iri], (thing,)) for iri, thing in shared]
    others = [each for each in alone if _study(each) not in dict(shared)]
    return EndpointShown(
        name=results[0].endpoint,
        title=title,
        scale=scale,
        unit="%" if scale is PERCENT else " months",
        rows=tuple(rows) + ((row(others),) if others else ()),
        together=tuple(
            ResultShown(each, draw(each, scale)) for each in results if len(places(each)) > 1
        ),
    )


def _shared_studies(
    results: Iterable[Evidence], places: Callable[[Evidence], set[int]]
) -> list[tuple[str, Thing]]:
    """Return the studies that report on more than one column, in the order of their names."""
    columns: dict[str, set[int]] = defaultdict(set)
    things: dict[str, Thing] = {}
    for each in results:
        for study in each.studies[:1]:
            columns[study.iri] |= places(each)
            things[study.iri] = study
    found = [(iri, things[iri]) for iri in columns if len(columns[iri]) > 1]
    return sorted(found, key=lambda pair: (pair[1].label.casefold(), pair[0]))


def _study(each: Evidence) -> str:
    return each.studies[0].iri if each.studies else ""


def place_of_endpoint(name: str, title: str) -> tuple[int, str]:
    """Return what endpoints are sorted by: response and survival first, unwanted effects last.

    >>> place_of_endpoint("OverallSurvival", "") < place_of_endpoint("Tolerability", "tolerability")
    True
    """
    if name in _ORDER:
        return _ORDER.index(name), ""
    return len(_ORDER) + (name in _LAST), title.casefold()
