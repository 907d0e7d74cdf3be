"""One scale for all columns of a comparison, and where a result lies on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.binomial import exact_interval
from api.pages.parts_evidence import Evidence
from api.pages.parts_scale import PERCENT, Scale, scale_up_to

__all__ = ["Drawn", "draw", "scale_for"]

_MOST_COUNTED = 100_000
"""Evaluable patients above which no interval is computed: no trial is so large."""

_MOST_MONTHS = 10_000


@dataclass(frozen=True)
class Drawn:
    """A result on the scale: a point, and an interval where one is printed or computed."""

    scale: Scale
    value: float
    low: float | None = None
    high: float | None = None
    is_computed: bool = False

    @property
    def unit(self) -> str:
        """What the scale counts."""
        return "%" if self.scale is PERCENT else " months"

    @property
    def words(self) -> str:
        """The point and its interval in words.

        >>> Drawn(PERCENT, 55.5556, 21.2, 86.3, True).words
        '55.6%, exact 95% interval 21.2 to 86.3%, computed here'
        """
        point = f"{_one_decimal(self.value)}{self.unit}"
        if self.low is None or self.high is None:
            return f"{point}, no interval"
        interval = f"{_one_decimal(self.low)} to {_one_decimal(self.high)}{self.unit}"
        if self.is_computed:
            return f"{point}, exact 95% interval {interval}, computed here"
        return f"{point}, printed interval {interval}"

    def at(self, value: float) -> str:
        """Return where a value lies, in percent of the width."""
        return self.scale.place(value)


def scale_for(results: Iterable[Evidence]) -> Scale | None:
    """Return the scale that holds all results of an endpoint: months, else percent, else none."""
    found = list(results)
    if times := [months for each in found if (months := _months(each)) is not None]:
        ends = (_printed_limits(each)[1] or 0.0 for each in found)
        return scale_up_to(max(*times, *ends, 0.0))
    return PERCENT if any(_rate(each) for each in found) else None


def draw(each: Evidence, scale: Scale | None) -> Drawn | None:
    """Return a result on a scale, or None where it states nothing that lies there."""
    if scale is None:
        return None
    if scale is PERCENT:
        return _rate(each)
    months = _months(each)
    return None if months is None else Drawn(scale, months, *_printed_limits(each))


def _rate(each: Evidence) -> Drawn | None:
    figures = each.figures
    counted, of = figures.responders, figures.evaluable
    if counted is not None and of and 0 <= counted <= of <= _MOST_COUNTED:
        interval = exact_interval(counted, of)
        share, low, high = (100 * part for part in (counted / of, interval.low, interval.high))
        return Drawn(PERCENT, share, low, high, is_computed=True)
    if figures.percent is not None and 0 <= figures.percent <= 100:
        return Drawn(PERCENT, figures.percent)
    return None


def _months(each: Evidence) -> float | None:
    months = each.figures.months
    return months if months is not None and 0 <= months < _MOST_MONTHS else None


def _printed_limits(each: Evidence) -> tuple[float | None, float | None]:
    """Return the printed limits of a time in months: those in another unit are left out."""
    figures = each.figures
    if figures.low is None or figures.high is None or figures.value != figures.months:
        return None, None
    is_interval = 0 <= figures.low <= figures.high < _MOST_MONTHS
    return (figures.low, figures.high) if is_interval else (None, None)


def _one_decimal(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
