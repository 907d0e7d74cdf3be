"""The rules of omissions: what may stand in one, and how far it may reach."""

from __future__ import annotations

import pytest

from kg.omissions import Names, check_omission
from kg.passages import Passage, Range, digest
from kg.recorded import Omission
from kg.sentences import units

TEXT = "Toxicity\n\nAll rested. Alphanib helped 7 men. Alphanib worked. All rested.\n"
NAMES = Names.from_words(["alphanib", "KIT", "soft tissue sarcoma"])


def omission(start: int, words: str, **other: object) -> Omission:
    stretch = Range(start, TEXT.index(words) + len(words))
    passage = Passage("document:a", digest(TEXT, [stretch]), (stretch,))
    values: dict[str, object] = {"reason": "ConnectiveText", **other}
    return Omission("claim:a", passage, **values)  # type: ignore[arg-type]


def problems(one: Omission) -> str:
    return " ".join(check_omission(TEXT, one, NAMES, text_units=units(TEXT)))


def test_a_heading_is_passed_over() -> None:
    assert problems(omission(0, "Toxicity", reason="NavigationText")) == ""


def test_two_units_are_too_much() -> None:
    assert "longer than its sentence" in problems(omission(0, "All rested."))


def test_several_ranges_are_too_many() -> None:
    ranges = (Range(0, 8), Range(10, 21))
    passage = Passage("document:a", digest(TEXT, ranges), ranges)
    assert "one range, not 2" in problems(Omission("claim:a", passage, "ConnectiveText"))


def test_a_number_or_a_name_asks_for_an_explanation() -> None:
    start = TEXT.index("Alphanib helped")
    assert "number '7'" in problems(omission(start, "helped 7 men."))
    start = TEXT.index("Alphanib worked")
    assert "name 'Alphanib'" in problems(omission(start, "Alphanib worked."))
    assert problems(omission(start, "Alphanib worked.", explanation="Invented.")) == ""


def test_a_duplicate_names_the_other_stretch() -> None:
    start = TEXT.index("All rested.")
    assert "write duplicates" in problems(omission(start, "All rested.", reason="DuplicateText"))
    for duplicates, message in ((Range(60, 900), "outside"), (Range(12, 16), "overlaps")):
        one = omission(start, "All rested.", reason="DuplicateText", duplicates=duplicates)
        assert message in problems(one)
    second = TEXT.rindex("All rested.")
    other = Range(second, second + 11)
    assert problems(omission(start, "All rested.", reason="DuplicateText", duplicates=other)) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in Soft\nTissue sarcoma", "Soft Tissue sarcoma"),
        ("a kit", None),
        ("KIT", "KIT"),
        ("KITs", None),
    ],
)
def test_acronyms_count_in_their_own_case(text: str, found: str | None) -> None:
    assert NAMES.find(text) == found


def test_no_names_find_nothing() -> None:
    assert Names.from_words([]).find("anything") is None
