"""The plot of medians by study: times to an event, in months, with the intervals as printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from api.pages.parts_evidence import Evidence
from api.pages.parts_scale import Scale, scale_up_to

__all__ = ["TIMES", "MedianGroup", "MedianRow", "Medians", "medians_of"]

TIMES = ("ProgressionFreeSurvival", "OverallSurvival", "TimeToProgression")
"""The endpoints that are plotted, each in a group of its own."""


@dataclass(frozen=True)
class MedianRow:
    """A time in months; ``low`` and ``high`` are limits as printed, None where none are."""

    evidence: Evidence
    label: str
    months: float
    low: float | None
    high: float | None
    scale: Scale

    @property
    def is_computed(self) -> bool:
        """Whether the document prints the time in another unit."""
        return self.evidence.figures.value != self.months

    @property
    def interval(self) -> str:
        """The printed interval in words."""
        if self.low is None or self.high is None:
            return "no interval printed"
        level = self.evidence.figures.level
        return f"{f'{level}% ' if level else ''}CI {self.low:g} to {self.high:g}"

    @property
    def shown(self) -> str:
        """The time in months."""
        return f"{self.months:.3g}"

    def at(self, value: float) -> str:
        """Return where a value lies, in percent of the width."""
        return self.scale.place(value)


@dataclass(frozen=True)
class MedianGroup:
    """The times of one endpoint."""

    endpoint: str
    rows: tuple[MedianRow, ...]


@dataclass(frozen=True)
class Medians:
    """The plot, and the results on the same endpoints that print no time."""

    groups: tuple[MedianGroup, ...]
    unplotted: tuple[Evidence, ...]
    scale: Scale

    @property
    def plotted(self) -> int:
        """How many results are plotted."""
        return sum(len(group.rows) for group in self.groups)


def medians_of(
    results: Iterable[Evidence], label: Callable[[Evidence], str] | None = None
) -> Medians | None:
    """Return the plot of the times among some results, or None where no time is printed.

    Times that the document does not call medians are in it too, and their rows say so.
    """
    times = sorted((each for each in results if each.endpoint in TIMES), key=_place)
    timed = [each for each in times if _is_time(each)]
    if not timed:
        return None
    named = label or (lambda each: each.treatment)
    ends = (_limits(each)[1] or each.figures.months or 0 for each in timed)
    scale = scale_up_to(max(ends))
    groups = tuple(
        MedianGroup(
            members[0].endpoints[0].label,
            tuple(_row(each, named(each), scale) for each in members),
        )
        for _, found in groupby(timed, key=lambda each: each.endpoint)
        if (members := list(found))
    )
    left = tuple(each for each in times if not _is_time(each) and not each.is_comparison)
    return Medians(groups, left, scale)


def _is_time(each: Evidence) -> bool:
    months = each.figures.months
    return months is not None and 0 <= months < 10_000


def _row(each: Evidence, label: str, scale: Scale) -> MedianRow:
    low, high = _limits(each)
    return MedianRow(each, label, each.figures.months or 0.0, low, high, scale)


def _limits(each: Evidence) -> tuple[float | None, float | None]:
    """Return the printed limits in months: those of a time in another unit are left out."""
    figures = each.figures
    if figures.low is None or figures.high is None or figures.value != figures.months:
        return None, None
    return (figures.low, figures.high) if figures.low <= figures.high else (None, None)


def _place(each: Evidence) -> tuple[int, str, str, str]:
    histologies = " ".join(thing.label for thing in each.histologies).casefold()
    return (TIMES.index(each.endpoint), each.treatment.casefold(), histologies, each.claim.iri)
