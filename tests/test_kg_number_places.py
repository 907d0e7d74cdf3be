"""The numbers of a text at their places, and those that records state."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.number_places import number_places, stated_numbers


def shown(text: str) -> list[str]:
    return [str(one.value) for one in number_places(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Three of 18 (16.7%) fell.26", ["3", "18", "16.7"]),
        ("  4. Give 75 mg/m2 for CD117 and Ki-67", ["75"]),
        ("exon 11 or 9 of KIT, 3-kinase, VEGFR-2,-3", ["3"]),
        ("Table 2 of 1-JUL-14", ["1", "14"]),
        ("no response, none, one of them", []),
        ("twenty-one in 1,250", ["21", "1250"]),
    ],
)
def test_numbers_are_found_and_marks_are_not(text: str, numbers: list[str]) -> None:
    assert shown(text) == numbers


def test_a_number_knows_its_place() -> None:
    (number,) = number_places("only 29 fell")
    assert (number.start, number.end) == (5, 7)


@pytest.mark.parametrize(
    ("value", "number"),
    [("2017-02-11", "2"), ("2017-02-11", "11"), ("1,250 mg", "1250"), ("two arms", "2")],
)
def test_a_value_states_its_numbers(value: str, number: str) -> None:
    assert Decimal(number) in stated_numbers([value])


def test_digits_in_a_name_state_nothing() -> None:
    assert stated_numbers(["VEGFR2"]) == frozenset()
