from __future__ import annotations

import pytest

from kg.near import find_near, suggest

KEYS = ("id", "type", "label", "aboutDrug", "startDate")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("lable", "label"),
        ("startdate", "startDate"),
        ("start_date", "startDate"),
        ("Label", "label"),
    ],
)
def test_finds_the_word_that_was_meant(word: str, near: str) -> None:
    assert find_near(word, KEYS) == near
    assert suggest(word, KEYS) == f"; did you mean '{near}'?"


@pytest.mark.parametrize("word", ["zebra", "", "n"])
def test_offers_nothing_where_nothing_is_near(word: str) -> None:
    assert find_near(word, KEYS) is None
    assert suggest(word, KEYS) == ""


def test_offers_nothing_of_nothing() -> None:
    assert find_near("label", ()) is None
