"""Exact intervals, against the definition of Clopper and Pearson."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.binomial import Interval, exact_interval


def at_most(count: int, total: int, share: Fraction) -> Fraction:
    """The probability of at most so many, without rounding."""
    terms = (
        comb(total, each) * share**each * (1 - share) ** (total - each) for each in range(count + 1)
    )
    return sum(terms, Fraction(0))


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    total = draw(st.integers(1, 60))
    return draw(st.integers(0, total)), total


@given(counts())
def test_each_end_leaves_half_of_the_error(count: tuple[int, int]) -> None:
    responders, evaluable = count
    found = exact_interval(responders, evaluable)
    low, high = Fraction(found.low), Fraction(found.high)
    if responders:
        assert float(1 - at_most(responders - 1, evaluable, low)) == pytest.approx(0.025, abs=1e-9)
    if responders < evaluable:
        assert float(at_most(responders, evaluable, high)) == pytest.approx(0.025, abs=1e-9)
    assert found.low <= responders / evaluable <= found.high


def test_none_and_all_have_one_end_at_the_border() -> None:
    assert exact_interval(0, 25).low == 0.0
    assert exact_interval(25, 25).high == 1.0


def test_large_groups_do_not_overflow() -> None:
    found = exact_interval(3_000, 10_000)
    assert (round(found.low, 3), round(found.high, 3)) == (0.291, 0.309)


@pytest.mark.parametrize(("responders", "evaluable"), [(1, 0), (0, 0), (5, 4), (-1, 3)])
def test_what_is_no_proportion_is_refused(responders: int, evaluable: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        exact_interval(responders, evaluable)


def test_intervals_that_touch_overlap() -> None:
    assert Interval(0.1, 0.2).overlaps(Interval(0.2, 0.3))
    assert not Interval(0.1, 0.2).overlaps(Interval(0.21, 0.3))
