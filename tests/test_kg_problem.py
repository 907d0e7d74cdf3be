"""Problems: each is one line, whatever stands in a value or in the name of a file."""

from __future__ import annotations

import pytest

from kg.problem import LONGEST, Place, Problem, Refused, Severity


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_a_line_break_does_not_break_the_line(end: str) -> None:
    problem = Problem(Place(f"a{end}b.yaml", 3), f"'x{end}y' is wrong", Severity.WARNING)
    assert str(problem) == r"a\nb.yaml:3: warning: 'x\ny' is wrong"
    assert len(str(Refused([problem, problem])).splitlines()) == 2


def test_an_endless_value_keeps_the_hint_behind_it() -> None:
    shown = str(Problem(Place("a.yaml"), f"'{'9' * 5000}' is too long; shorten it"))
    assert shown.startswith("a.yaml:1: '999")
    assert shown.endswith("9' is too long; shorten it")
    assert len(shown) < LONGEST + 20
