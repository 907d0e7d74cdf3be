"""The scale of a plot: round ticks, and where on it a value lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

__all__ = ["PERCENT", "Scale", "Tick", "scale_up_to"]

_STEPS = (1, 2, 5, 10)
_MOST_TICKS = 6


@dataclass(frozen=True)
class Tick:
    """A mark on the scale: what it says, and its place in percent of the width."""

    label: str
    place: str


@dataclass(frozen=True)
class Scale:
    """A scale from 0 to its end; ``step`` lies between two ticks."""

    end: float
    step: float

    def place(self, value: float) -> str:
        """Return where a value lies, in percent of the width; what is outside lies at an end.

        >>> PERCENT.place(25.0), PERCENT.place(140.0)
        ('25%', '100%')
        """
        share = min(max(value / self.end, 0.0), 1.0)
        return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The marks, from 0 on.

        >>> [tick.label for tick in scale_up_to(17).ticks]
        ['0', '5', '10', '15', '20']
        """
        count = floor(self.end / self.step + 1e-9) + 1
        values = (each * self.step for each in range(count))
        return tuple(Tick(f"{value:g}", self.place(value)) for value in values)


PERCENT = Scale(100.0, 25.0)
"""The scale of rates, in percent."""


def scale_up_to(largest: float) -> Scale:
    """Return a scale of round steps that holds a value.

    >>> scale_up_to(17)
    Scale(end=20, step=5)
    >>> scale_up_to(0)
    Scale(end=1, step=1)
    """
    if largest <= 0:
        return Scale(1, 1)
    power = 10.0 ** floor(log10(largest / _MOST_TICKS))
    step = next(each * power for each in _STEPS if largest <= each * power * _MOST_TICKS)
    whole = int(step) if step >= 1 else step
    return Scale(whole * ceil(largest / whole), whole)
