from __future__ import annotations

import pytest

from kg.passages import Range
from kg.snippets import Snippet, find_ranges, get_range

TEXT = (
    "High-dose ifos-\nfamide was given to 5 of 7. It rose in 3 of 9.\n"
    "\n"
    "It rose in 3 of 9.\n"
    "The patients\u2019 risk was 8\u201310% in men.4 It fell.\n"
)


def found(words: str) -> list[str]:
    return [TEXT[one.start : one.end] for one in find_ranges(TEXT, words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ifosfamide", ["ifos-\nfamide"]),
        ("High dose ifosfamide was", ["High-dose ifos-\nfamide was"]),
        ("rose in 3 of 9", ["rose in 3 of 9", "rose in 3 of 9"]),
        ("The patients' risk", ["The patients\u2019 risk"]),
        ("8-10%", ["8\u201310%"]),
        ("in men.", ["in men."]),
        ("in men.4", ["in men.4"]),
        ("ifos", ["ifos"]),
        ("fos", []),
        ("famide", ["famide"]),
        ("10% ... It", []),
        ("The ... in men.4", ["The patients\u2019 risk was 8\u201310% in men.4"]),
        ("High-dose ... given ... 7.", ["High-dose ifos-\nfamide was given to 5 of 7."]),
        ("High-dose \u2026 of 7", ["High-dose ifos-\nfamide was given to 5 of 7"]),
        ("high-dose", []),
        ("given ... High", []),
    ],
)
def test_words_are_found_whatever_the_line_ends(words: str, expected: list[str]) -> None:
    assert found(words) == expected


def test_digits_are_whole() -> None:
    assert find_ranges("It rose in 15 of 25.", "5") == ()
    assert find_ranges("poorer9 it was", "poorer") == (Range(0, 6),)


def test_no_words_are_refused() -> None:
    with pytest.raises(ValueError, match="there are no words"):
        find_ranges(TEXT, " - ... ")


def test_the_only_range_is_returned() -> None:
    assert get_range(TEXT, Snippet("It fell.")).end == len(TEXT) - 1


def test_a_line_chooses_among_several() -> None:
    chosen = get_range(TEXT, Snippet("It rose in 3 of 9.", 3))
    assert TEXT[: chosen.start].count("\n") == 3
    assert get_range(TEXT, Snippet("It rose in 3 of 9.", 1)).start < chosen.start


@pytest.mark.parametrize(
    ("snippet", "message"),
    [
        (Snippet("It rose in 3 of 9."), r"2 times, in lines 2, 4; quote more words"),
        (Snippet("It fell.", 6), r"'It fell.' stands before line 6, in line 5"),
        (Snippet("it fell."), r"the text does not have 'it fell.'"),
        (Snippet("The ... It fell."), r"no sentence or table row runs over .* \(line 5\)"),
        (Snippet("High-dose ... risk"), r"runs over .* \(lines 1, 5\); give each sentence"),
    ],
)
def test_what_is_not_one_range_is_refused(snippet: Snippet, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        get_range(TEXT, snippet)
