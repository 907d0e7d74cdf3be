from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.passages import (
    Passage,
    Range,
    check_passage,
    digest,
    lines_to_range,
    make_passage,
    passage_text,
    to_yaml,
)
from kg.sentences import line_of, units
from kg.yaml_source import parse_yaml

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "documents"
with_documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="skipped: no ../shared")

TEXT = "One of 5 fell. Two of 6 rose.\nHeading\nThree of 7 stood.\n"
FIRST, SECOND = Range(0, 14), Range(15, 29)


def passage(*ranges: Range, sha256: str | None = None) -> Passage:
    return Passage("doc", sha256 or digest(TEXT, ranges), ranges)


def test_a_passage_of_whole_sentences_is_sound() -> None:
    assert check_passage(TEXT, passage(FIRST, SECOND)) == ()


def test_a_part_of_a_sentence_is_sound() -> None:
    assert check_passage(TEXT, passage(Range(4, 8))) == ()


def test_ranges_may_go_backwards_as_reading_does() -> None:
    assert check_passage(TEXT, passage(SECOND, FIRST)) == ()


def test_the_digest_depends_on_the_order_of_the_ranges() -> None:
    assert digest(TEXT, [FIRST, SECOND]) != digest(TEXT, [SECOND, FIRST])


def test_the_digest_is_that_of_the_texts_joined_by_line_feeds() -> None:
    text = "é one. Two."
    expected = hashlib.sha256("é one.\nTwo.".encode()).hexdigest()
    assert digest(text, [Range(0, 6), Range(7, 11)]) == expected


@pytest.mark.parametrize(
    ("ranges", "problem"),
    [
        ((Range(0, 29),), r"range 1 \(0 to 29\) is longer .* ends at character 14 \(line 1\)"),
        ((FIRST, Range(15, 37)), r"range 2 \(15 to 37\) is longer .* character 29 \(line 1\)"),
        ((Range(9, 20),), r"is longer than its sentence or table row, which ends at character 14"),
        ((Range(0, 15),), r"begins or ends with white space; trim it to 0 to 14"),
        ((Range(14, 29),), r"begins or ends with white space; trim it to 15 to 29"),
        ((Range(14, 15),), r"begins or ends with white space"),
        ((Range(5, 5),), r"\(5 to 5\) is empty: its start is not before its end"),
        ((Range(9, 5),), r"\(9 to 5\) is empty"),
        ((Range(-1, 4),), r"\(-1 to 4\) reaches outside the text, which has 56 characters"),
        ((Range(50, 57),), r"\(50 to 57\) reaches outside the text"),
        ((FIRST, Range(9, 13)), r"the ranges 0 to 14 and 9 to 13 overlap"),
        ((SECOND, FIRST, SECOND), r"the ranges 15 to 29 and 15 to 29 overlap"),
        ((), r"the passage has no range"),
    ],
)
def test_an_unsound_range_is_one_problem(ranges: tuple[Range, ...], problem: str) -> None:
    (found,) = check_passage(TEXT, passage(*ranges, sha256="0" * 64))
    assert re.search(problem, found)


def test_a_foreign_digest_is_a_problem() -> None:
    (problem,) = check_passage(TEXT, passage(FIRST, sha256="0" * 64))
    assert problem.startswith("the digest is not that of the text")


def test_a_changed_text_is_a_problem() -> None:
    sound = passage(FIRST)
    assert check_passage(TEXT, sound) == ()
    assert check_passage(TEXT.replace("5", "6"), sound) != ()


def test_units_given_beforehand_are_used() -> None:
    assert check_passage(TEXT, passage(FIRST), text_units=units(TEXT)) == ()


def test_making_an_unsound_passage_is_refused() -> None:
    with pytest.raises(ValueError, match="is longer than its sentence"):
        make_passage(TEXT, "doc", [Range(0, 29)])


def test_a_made_passage_is_sound() -> None:
    made = make_passage(TEXT, "doc", [SECOND], section="Heading", citations=["3"])
    assert check_passage(TEXT, made) == ()
    assert (made.section, made.citations) == ("Heading", ("3",))


@pytest.mark.parametrize(
    "section",
    [
        "Doxorubicin, Ifosfamide, and DTIC",
        "General: the rest",
        "no",
        "# 3",
        "Table 1. Staging (T/N/M)",
        'a "b"',
        "12",
        "[x]",
        "- y",
        "é",
        "a #b",
    ],
)
def test_the_block_reads_back_as_written(section: str) -> None:
    made = Passage("doc-1", "ab" * 32, (Range(3, 9), Range(0, 2)), section, ("22", "23"))
    read = yaml.load(to_yaml(made, indent=2), Loader=yaml.BaseLoader)
    assert read == {
        "passage": {
            "inDocument": "doc-1",
            "section": section,
            "citation": ["22", "23"],
            "sha256": "ab" * 32,
            "ranges": [
                {"order": "1", "start": "3", "end": "9"},
                {"order": "2", "start": "0", "end": "2"},
            ],
        }
    }


@pytest.mark.parametrize("section", ["null", "Null", "Nullity"])
def test_the_loader_of_records_takes_the_block(section: str) -> None:
    block = to_yaml(Passage("doc-1", "ab" * 32, (Range(3, 9),), section))
    assert parse_yaml(block, shown_as="a.yaml").problems == ()


def test_the_block_leaves_out_what_is_not_known() -> None:
    assert "section" not in to_yaml(passage(FIRST))
    assert "citation" not in to_yaml(passage(FIRST))


def test_the_block_is_indented_throughout() -> None:
    assert all(row.startswith("    ") for row in to_yaml(passage(FIRST), indent=4).split("\n"))


def test_lines_are_trimmed() -> None:
    text = "\ta\t\n\n  b c  \nd"
    assert [lines_to_range(text, 1, 1), lines_to_range(text, 2, 3)] == [Range(1, 2), Range(7, 10)]
    assert lines_to_range(text, 4, 4) == Range(13, 14)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (0, 1, "are not lines of a text with 3 lines"),
        (2, 1, "are not lines"),
        (3, 4, "are not lines"),
        (2, 2, "are blank"),
    ],
)
def test_lines_that_a_text_lacks_are_refused(first: int, last: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lines_to_range("a\n \nb", first, last)


@given(st.text(alphabet="aB. \n\t|2", max_size=60))
def test_every_unit_makes_a_sound_passage(text: str) -> None:
    for unit in units(text):
        one = Range(unit.start, unit.end)
        assert check_passage(text, Passage("doc", digest(text, [one]), (one,))) == ()


@given(st.text(alphabet="aB. \n", max_size=40), st.integers(-2, 45), st.integers(-2, 45))
def test_any_range_is_either_within_a_unit_or_a_problem(text: str, start: int, end: int) -> None:
    one = Range(start, end)
    problems = check_passage(text, Passage("doc", digest(text, [one]), (one,)))
    within = any(unit.start <= start < end <= unit.end for unit in units(text))
    printed = text[max(start, 0) : end]
    assert (not problems) == (within and printed.strip() == printed)


@with_documents
def test_a_sentence_that_the_file_splits_takes_two_ranges() -> None:
    with next(DOCUMENTS.glob("002_*")).open(encoding="utf-8", newline="") as file:
        text = file.read()
    start, resumed = lines_to_range(text, 33, 35), lines_to_range(text, 59, 61)
    first = Range(text.index("For example", start.start), start.end)
    second = Range(resumed.start, text.index(" Histologies", resumed.start))
    assert (line_of(text, first.start), line_of(text, second.end)) == (33, 61)
    made = make_passage(text, "jnccn-2007", [first, second], citations=["2"])
    assert passage_text(text, made.ranges).count("\n") == 5
    joined = Passage("jnccn-2007", "", (Range(first.start, second.end),))
    assert "longer than its sentence" in check_passage(text, joined)[0]
