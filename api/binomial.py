"""Exact confidence intervals of a proportion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log

__all__ = ["LEVEL", "Interval", "exact_interval"]

LEVEL = 0.95
_HALVINGS = 60


@dataclass(frozen=True)
class Interval:
    """A confidence interval of a proportion, both ends between 0 and 1."""

    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        """Tell whether two intervals share a point.

        >>> Interval(0.0, 0.2).overlaps(Interval(0.2, 0.4))
        True
        """
        return self.low <= other.high and other.low <= self.high


@lru_cache(maxsize=4096)
def exact_interval(responders: int, evaluable: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of Clopper and Pearson for ``responders`` of ``evaluable``.

    Each end is the proportion at which what was seen, or more extreme, has half of the error
    probability. Raises ValueError where the two are no counts of one group. Source:
    C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413.

    >>> interval = exact_interval(0, 10)
    >>> interval.low, round(interval.high, 4)
    (0.0, 0.3085)
    >>> found = exact_interval(8, 19)
    >>> round(found.low, 4), round(found.high, 4)
    (0.2025, 0.665)
    """
    if not 0 <= responders <= evaluable or evaluable == 0:
        raise ValueError(f"{responders} of {evaluable} is no proportion of a group")
    tail = (1 - level) / 2
    low = 0.0
    if responders > 0:
        low = _boundary(lambda share: 1 - _at_most(responders - 1, evaluable, share) < tail)
    high = 1.0
    if responders < evaluable:
        high = _boundary(lambda share: _at_most(responders, evaluable, share) > tail)
    return Interval(low, high)


def _boundary(is_below: Callable[[float], bool]) -> float:
    """Return the proportion up to which something holds, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _at_most(count: int, total: int, share: float) -> float:
    """Return the probability of at most ``count`` among ``total``, by logarithms."""
    if share <= 0.0 or share >= 1.0:
        return 1.0 if share <= 0.0 or count >= total else 0.0
    chances = (
        lgamma(total + 1)
        - lgamma(each + 1)
        - lgamma(total - each + 1)
        + each * log(share)
        + (total - each) * log(1 - share)
        for each in range(count + 1)
    )
    return min(1.0, sum(map(exp, chances)))
