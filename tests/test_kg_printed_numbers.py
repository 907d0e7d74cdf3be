from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.printed_numbers import (
    is_stated,
    missing_numbers,
    printed_dates,
    printed_numbers,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a rate of 15.5%", ["15.5"]),
        ("P = .026 and (P < .01).", ["0.01", "0.026"]),
        ("HR=1.28, p=0.07; HR:1.07", ["0.07", "1.07", "1.28"]),
        ("1000 to 1,250 mg/m2", ["1000", "1250"]),
        ("21 days,33 21 of 33 evaluable", ["21", "33"]),
        ("33 days,21 then 34", ["33", "34"]),
        ("the trial.2 Histologies", []),
        ("in 28%.45 Responses", ["28"]),
        ("weekly)4 or the dosage)5,6 did", []),
        ("similar8 or poorer9", []),
        ("patients:17\n\n10 of 28 (36%)", ["10", "28", "36"]),
        ("anlotinib¹², two^{2,5}", ["2"]),
        ("VEGFR2, CD117 and mg/m2", []),
        ("12mg, 5x5 Gy, ~14g/m²", ["5", "12", "14"]),
        ("11-15 months, 35\u201367%, 5/9", ["5", "9", "11", "15", "35", "67"]),
        ("Given in 2.0 Gy", ["2.0"]),
        ("Sixteen of thirty-six, forty two", ["16", "36", "42"]),
        ("thirty-\nsix and six-\nteen", ["6", "16", "36"]),
        ("No responses, none at all", ["0"]),
        ("twice daily, once more", ["1", "2"]),
        ("someone, tenth, nonetheless, notone", []),
        ("", []),
    ],
)
def test_numbers_that_a_reader_would_read(text: str, expected: list[str]) -> None:
    assert sorted(printed_numbers(text)) == sorted(map(Decimal, expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("February 11, 2017", {"2017-02-11", "2017-02", "2017"}),
        ("11 Feb. 2017", {"2017-02-11", "2017-02", "2017"}),
        (
            "2017-02-11 or 2014/06/01",
            {"2017-02-11", "2017-02", "2017", "2014-06-01", "2014-06", "2014"},
        ),
        ("1-JUL-14", {"2014-07-01", "2014-07", "2014"}),
        ("March, 2017", {"2017-03", "2017"}),
        ("Sept 2012", {"2012-09", "2012"}),
        ("they may, marketing 2015", {"2015"}),
        ("May 40, 2015", {"2015-05", "2015"}),
        ("2015-13-01", {"2015"}),
    ],
)
def test_dates_that_a_reader_would_read(text: str, expected: set[str]) -> None:
    assert printed_dates(text) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("15.5", "15.5%"),
        ("0.026", "P = .026"),
        ("1200", "1,200 mg"),
        ("1200", "1200 mg"),
        ("5", "5.0 Gy"),
        ("5.50", "5.5 months"),
        ("0", "No responses were seen"),
        ("16", "Sixteen of 34"),
        ("2017-02-11", "February 11, 2017"),
        ("2022-03", "March 2022"),
        ("2007", "in 2007"),
    ],
)
def test_a_value_is_stated_however_it_is_printed(value: str, text: str) -> None:
    assert is_stated(value, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("15", "15.5%"),
        ("5", "15.5%"),
        ("33", "5 days,33 of them"),
        ("2", "the trial.2 Then"),
        ("200", "1,200 mg"),
        ("17", "MAP17 and VEGFR-x17"),
        ("0", "10 of 20"),
        ("2017-02-11", "February 12, 2017"),
        ("2022-03", "in 2022"),
        ("2007-05", "(JNCCN 2007;5:401)"),
    ],
)
def test_a_value_that_is_not_printed_is_missing(value: str, text: str) -> None:
    assert missing_numbers([value], text) == (value,)


def test_missing_values_keep_their_order() -> None:
    assert missing_numbers(["9", "5", "1"], "5 of 7") == ("9", "1")


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="'many' is neither a number nor a date"):
        missing_numbers(["many"], "many")


@given(st.integers(min_value=0, max_value=10**9))
def test_an_integer_is_stated_plain_and_grouped(number: int) -> None:
    assert is_stated(str(number), f"there were {number} patients")
    assert is_stated(str(number), f"there were {number:,} patients")


@given(st.decimals(min_value=0, max_value=1000, places=3))
def test_a_decimal_is_stated_with_and_without_its_zero(number: Decimal) -> None:
    assert is_stated(str(number), f"P = {str(number).removeprefix('0')}")
    assert is_stated(str(number), f"(P = {number})")


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    printed_numbers(text)
    printed_dates(text)
