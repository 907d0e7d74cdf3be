"""The forest plot of response rates: exact intervals of printed counts, and nothing pooled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

from api.binomial import exact_interval
from api.pages.parts_evidence import Evidence
from api.pages.parts_scale import PERCENT, Scale
from api.pages.parts_things import Thing

__all__ = ["RATES", "Forest", "ForestGroup", "ForestRow", "forest_of"]

RATES = ("ObjectiveResponseRate", "CompleteResponseRate", "PartialResponseRate")
"""The endpoints that are plotted, each in a group of its own."""

_SMALLEST, _LARGEST = 5.0, 13.0
"""Sides of the square of the smallest and the largest group, in pixels."""

_MANY = 150
"""Evaluable patients from which on squares do not grow."""

_AS_PRINTED = 0.6
"""Percentage points by which a rounded figure may differ from the computed one."""

_MOST_COUNTED = 100_000
"""Evaluable patients above which no interval is computed: no trial is so large."""


@dataclass(frozen=True)
class ForestRow:
    """A result in the plot: its counts as printed, and what is computed from them, in percent."""

    evidence: Evidence
    label: str
    histologies: tuple[Thing, ...]
    rate: float
    low: float
    high: float
    side: float
    scale: Scale = PERCENT

    @property
    def computed(self) -> str:
        """The rate and its exact interval in words.

        Both ends are rounded to a whole percent, and to a tenth where they are small.
        """
        return f"{_shown(self.rate)}% ({_shown(self.low)} to {_shown(self.high)})"

    @property
    def printed(self) -> str:
        """The percentage that the document prints, or nothing."""
        return self.evidence.figures.percent_printed

    @property
    def differs(self) -> bool:
        """Whether the printed percentage is another one than the printed counts give."""
        percent = self.evidence.figures.percent
        return percent is not None and abs(percent - self.rate) > _AS_PRINTED

    def at(self, value: float) -> str:
        """Return where a value lies, in percent of the width."""
        return self.scale.place(value)


@dataclass(frozen=True)
class ForestGroup:
    """The results of one endpoint."""

    endpoint: str
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True)
class Forest:
    """The plot: groups of one endpoint each, and results that lack the counts to be in it."""

    groups: tuple[ForestGroup, ...]
    unplotted: tuple[Evidence, ...]
    scale: Scale = PERCENT

    @property
    def plotted(self) -> int:
        """How many results are plotted."""
        return sum(len(group.rows) for group in self.groups)


def forest_of(
    results: Iterable[Evidence], label: Callable[[Evidence], str] | None = None
) -> Forest | None:
    """Return the plot of the response rates among some results, or None where there are none.

    ``label`` says what a row is called; by default, it is what was given.
    """
    rates = sorted((each for each in results if each.endpoint in RATES), key=_place)
    named = label or (lambda each: each.treatment)
    groups = []
    for _, members in groupby(rates, key=lambda each: each.endpoint):
        rows = [row for each in members if (row := _row(each, named(each)))]
        if rows:
            title = rows[0].evidence.endpoints[0].label
            groups.append(ForestGroup(title, tuple(rows)))
    plotted = {row.evidence.claim.iri for group in groups for row in group.rows}
    left = tuple(each for each in rates if each.claim.iri not in plotted)
    return Forest(tuple(groups), left) if rates else None


def _row(each: Evidence, label: str) -> ForestRow | None:
    counted, of = each.figures.responders, each.figures.evaluable
    if counted is None or not of or not 0 <= counted <= of or of > _MOST_COUNTED:
        return None
    interval = exact_interval(counted, of)
    return ForestRow(
        evidence=each,
        label=label,
        histologies=each.histologies,
        rate=100 * counted / of,
        low=100 * interval.low,
        high=100 * interval.high,
        side=_SMALLEST + (_LARGEST - _SMALLEST) * sqrt(min(of, _MANY) / _MANY),
    )


def _place(each: Evidence) -> tuple[int, str, str, str]:
    histologies = " ".join(thing.label for thing in each.histologies).casefold()
    return (RATES.index(each.endpoint), each.treatment.casefold(), histologies, each.claim.iri)


def _shown(percent: float) -> str:
    """Return a percentage as the plot has it.

    >>> _shown(0.0), _shown(3.26), _shown(29.4)
    ('0', '3.3', '29')
    """
    return f"{percent:.1f}".removesuffix(".0") if percent < 10 else f"{percent:.0f}"
