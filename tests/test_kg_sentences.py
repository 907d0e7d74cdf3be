from __future__ import annotations

import time
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.blocks import blocks
from kg.sentences import Unit, line_of, units

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "documents"
with_documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="skipped: no ../shared")


@cache
def document(number: str) -> str:
    with next(DOCUMENTS.glob(f"{number}_*")).open(encoding="utf-8", newline="") as file:
        return file.read()


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in units(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One fell. Two rose.", ["One fell.", "Two rose."]),
        ("It fell by 3.3%.12 Median time rose.", ["It fell by 3.3%.12", "Median time rose."]),
        ("It rose.43,44 As seen before.", ["It rose.43,44", "As seen before."]),
        ("It rose (ABC).2 The rest fell.", ["It rose (ABC).2", "The rest fell."]),
        (
            "It rose³⁴. In 2015 it fell¹³⁻¹⁵. So be it.",
            ["It rose³⁴.", "In 2015 it fell¹³⁻¹⁵.", "So be it."],
        ),
        ("It rose^{2,5}. All fell.", ["It rose^{2,5}.", "All fell."]),
        ("It rose.[3] All fell.", ["It rose.[3]", "All fell."]),
        ("He asked why? Nobody knew!", ["He asked why?", "Nobody knew!"]),
        (
            "It is (16% vs. 10%; P = .15) and P > .05 here.",
            ["It is (16% vs. 10%; P = .15) and P > .05 here."],
        ),
        ("Given 50 Gy in 2.0 Gy doses.", ["Given 50 Gy in 2.0 Gy doses."]),
        ("Seen at M. D. Anderson Center.", ["Seen at M. D. Anderson Center."]),
        (
            "By the U.S. Food Administration. The rest not.",
            ["By the U.S. Food Administration.", "The rest not."],
        ),
        ("Sold in the U.S. The rest not.", ["Sold in the U.S.", "The rest not."]),
        ("They had hepatitis B. The rest not.", ["They had hepatitis B.", "The rest not."]),
        (
            "Some (e.g. Ewing) and others, i.e. Smith.",
            ["Some (e.g. Ewing) and others, i.e. Smith."],
        ),
        ("Kosela et al. Found in 5. It holds.", ["Kosela et al. Found in 5.", "It holds."]),
        ("See Fig. 3 and No. 5. None fell.", ["See Fig. 3 and No. 5.", "None fell."]),
        ("They inhibit it. mTOR is next.", ["They inhibit it.", "mTOR is next."]),
        ("They inhibit it. c-KIT is next.", ["They inhibit it.", "c-KIT is next."]),
        ("3. Regional nodes are rare. They are.", ["3. Regional nodes are rare.", "They are."]),
        ("Table 1. Staging of tumours", ["Table 1. Staging of tumours"]),
        ("Therapy works. (Journal 2007;5:401)", ["Therapy works.", "(Journal 2007;5:401)"]),
        ('He said "it fell." Others said more.', ['He said "it fell."', "Others said more."]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_each_line_of_a_record_is_a_unit() -> None:
    text = "Allocation\nNA\n\n- Item one\n - Item two\nPhase | 2 |\n|\n---|---|\n"
    assert parts(text) == [
        "Allocation",
        "NA",
        "- Item one",
        "- Item two",
        "Phase | 2 |",
        "|",
        "---|---|",
    ]


def test_a_table_row_is_a_unit_whatever_its_cells_hold() -> None:
    assert parts("Drug\tRisk one Risk two\tIt may fall.\n\t\tOther risk\n") == [
        "Drug\tRisk one Risk two\tIt may fall.",
        "Other risk",
    ]


def test_a_cell_with_several_sentences_is_divided() -> None:
    assert parts("Given once. Then given twice. |\n") == ["Given once.", "Then given twice. |"]


def test_items_run_together_with_bars_are_divided() -> None:
    text = "Survival, 3 years|Response, 2 years|Events, 1 year"
    assert parts(text) == ["Survival, 3 years|", "Response, 2 years|", "Events, 1 year"]


def test_a_description_glued_to_a_time_frame_is_a_unit_of_its_own() -> None:
    text = "- Toxicity by v.4.0. [ Time Frame: 2 months ]The study will stop early"
    assert parts(text) == [
        "- Toxicity by v.4.0. [ Time Frame: 2 months ]",
        "The study will stop early",
    ]


def test_brackets_inside_a_term_divide_nothing() -> None:
    assert len(units("Uptake of [18F]Fluorodeoxyglucose was noted")) == 1


def test_a_reference_entry_is_one_unit() -> None:
    text = "REFERENCES\n\n1. Jo V. A title. J Med 2014;46:95.\n2. Li W. Other. J Med 2015;4:5.\n"
    assert parts(text)[1:] == [
        "1. Jo V. A title. J Med 2014;46:95.",
        "2. Li W. Other. J Med 2015;4:5.",
    ]


def test_references_end_at_the_next_title() -> None:
    text = "References\n1. Jo V. A title. 2014.\n\nSummary\nOne fell. Two rose.\n"
    assert parts(text)[1:] == ["1. Jo V. A title. 2014.", "Summary", "One fell.", "Two rose."]


def test_a_wrapped_reference_entry_is_one_unit() -> None:
    text = (
        "a text that\nis wrapped as\nthis one.\n\nReferences\n1. Jo V. A\nlong title.\n2. Li W.\n"
    )
    assert parts(text)[-2:] == ["1. Jo V. A\nlong title.", "2. Li W."]


def test_wrapped_prose_is_joined_over_lines_blank_lines_and_indents() -> None:
    text = "The first sen-\ntence of it goes\n\non and\n on. The second\nends here.\n"
    assert parts(text) == [
        "The first sen-\ntence of it goes\n\non and\n on.",
        "The second\nends here.",
    ]


def test_headings_in_wrapped_prose_are_units() -> None:
    text = "It ends\nhere.\n\nDrugs Used for the First\nTreatment\nDocetaxel\nThe drug was\nused.\n"
    assert parts(text)[1:3] == ["Drugs Used for the First\nTreatment", "Docetaxel"]


def test_a_box_that_interrupts_a_sentence_joins_neither_end() -> None:
    text = "one arm saw a\n Abstract\nTreatment is\nhard. It can be\n response in\nmany of them.\n"
    assert parts(text) == [
        "one arm saw a",
        "Abstract",
        "Treatment is\nhard.",
        "It can be",
        "response in\nmany of them.",
    ]


def test_windows_line_ends_are_white_space() -> None:
    assert parts("One fell.\r\nTwo rose.\r\n") == ["One fell.", "Two rose."]


def test_line_of_counts_from_one() -> None:
    assert [line_of("a\nb\n\nc", offset) for offset in (0, 2, 5)] == [1, 2, 4]


PROSE = st.text(alphabet="aAbI.?!,;:()[]|-\u2013\n\r\t \f12%^{}²•\u00a0\u2028", max_size=120)


@given(st.one_of(PROSE, st.text(max_size=80)))
def test_units_cover_all_print_in_order_without_overlap(text: str) -> None:
    found = units(text)
    assert found == units(text)
    assert all(isinstance(unit, Unit) and unit.start < unit.end for unit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[unit.start : unit.end].strip() == text[unit.start : unit.end] for unit in found)
    covered = "".join(text[unit.start : unit.end] for unit in found)
    assert "".join(covered.split()) == "".join(text.split())


@given(PROSE)
def test_no_unit_crosses_a_block(text: str) -> None:
    ends = [block.end for block in blocks(text)]
    for unit in units(text):
        assert not any(unit.start < end < unit.end for end in ends)


@pytest.mark.parametrize(
    ("piece", "length"),
    [
        ("A. ", 1_000_000),
        ("abc def.\nghi jkl\n", 200_000),
        ("Abc Def\n\n", 200_000),
        ("Abc Def\nabc\n", 200_000),
        ("word ", 200_000),
        (".", 200_000),
        ("\n", 200_000),
        (".1,2,3,4", 200_000),
        (".)", 200_000),
        ("a|", 200_000),
        ("a.^{", 200_000),
    ],
)
def test_a_megabyte_takes_less_than_two_seconds(piece: str, length: int) -> None:
    text = piece * (length // len(piece))
    assert min(_seconds(text) for _ in range(3)) < 2 * length / 1_000_000


def _seconds(text: str) -> float:
    start = time.process_time()
    units(text)
    return time.process_time() - start


@with_documents
@pytest.mark.parametrize(
    ("number", "count"), [("000", 29), ("001", 50), ("002", 240), ("003", 268), ("004", 102)]
)
def test_documents_have_so_many_units(number: str, count: int) -> None:
    assert len(units(document(number))) == count


@with_documents
@pytest.mark.parametrize(
    ("number", "first_line", "last_line", "first_words", "last_words"),
    [
        ("000", 2, 2, "Eribulin, a", "in STS."),
        ("000", 5, 5, "Progression free", "patient in"),
        ("000", 6, 6, "Overall survival,", "patient in|"),
        ("000", 6, 6, "Occurence of", "patient in"),
        ("001", 2, 2, "Anlotinib inhibits", "high affinity."),
        ("001", 14, 14, "Postoperative intensity-modu¬lated", "per fraction)."),
        ("001", 17, 17, "RECRUITINGLocal Recurrence", "Survival (LRFS)"),
        ("001", 27, 27, "The occurrence", "the CTCAE\\_5.0"),
        ("002", 1, 2, "metastatic at", "is considered."),
        ("002", 19, 21, "Commonly Used", "Advanced Sarcoma"),
        ("002", 22, 22, "Doxorubicin and", "Liposomal Doxorubicin"),
        ("002", 33, 35, "For example,", "a 23%"),
        ("002", 36, 36, "Abstract", "Abstract"),
        ("002", 48, 48, "(JNCCN 2007;5:401\u2013410)", "(JNCCN 2007;5:401\u2013410)"),
        ("002", 57, 58, "Although surgical", "can be"),
        ("002", 59, 61, "response rate", "complete response.2"),
        ("002", 61, 62, "Histologies of", "this report."),
        ("002", 105, 108, "Other studies", "response rates."),
        ("002", 124, 128, "Single-agent activity", "Tumor Institute.10,11"),
        ("002", 132, 136, "A phase", "of 3.3%.12"),
        ("002", 164, 167, "Despite the", "months, respectively."),
        ("002", 178, 185, "A similar", "side effects."),
        ("002", 196, 198, "Sequential phase", "of ifosfamide."),
        ("002", 218, 222, "As a", "infusion arm."),
        ("002", 240, 243, "Several phase", "4-week cycles.22\u201324"),
        ("002", 288, 291, "The Eastern", "28 days.23"),
        ("002", 303, 305, "Three of", "306 months."),
        ("002", 337, 337, "Combination Chemotherapy", "Combination Chemotherapy"),
        ("002", 344, 348, "The Gynecologic", "> .05).29"),
        ("002", 348, 354, "In a", "5 days.4"),
        ("002", 392, 398, "In serial", "complete responses."),
        ("002", 402, 406, "A 3-arm", "DTIC (CYVADIC).2"),
        ("002", 494, 494, "Imatinib and", "in GIST"),
        ("002", 509, 513, "Two agents,", "to imatinib."),
        ("002", 518, 521, "As a", "in 28%.45"),
        ("002", 588, 591, "Imatinib also", "(aggressive fibromatosis).52\u201355"),
        ("002", 644, 644, "mTOR Inhibitors", "mTOR Inhibitors"),
        ("002", 690, 693, "Nine patients", "respec- tively."),
        ("003", 13, 13, "Less commonly,", "the liver²."),
        ("003", 15, 15, "The median", "3 years^{2,5}."),
        ("003", 44, 44, "Table 1.", "(Adapted from⁶)"),
        ("003", 52, 52, "T2 Tumour", "dimension ^a"),
        ("003", 86, 86, "3. Regional", "staging procedures)."),
        ("003", 89, 89, "6. The", "or capsule."),
        ("003", 116, 116, "- The", "poorer outcome."),
        ("003", 150, 150, "This study", "HR=1.07, p=0.67)³⁴."),
        ("003", 152, 152, "15. In", "small studies¹³⁻¹⁵."),
        ("003", 187, 187, "Trabectedin ^b", "marrow reserve"),
        ("003", 261, 261, "6. Edge", "Springer. 2010:291."),
        ("003", 281, 281, "24. van", "May 19;379(9829):1879-1886."),
        ("004", 3, 3, "Listing a", "Federal Government."),
        ("004", 20, 20, "The basis", "trunk wall."),
        ("004", 39, 39, "Three courses", "and surgery."),
        ("004", 41, 41, "- Radiological", "months ]"),
        ("004", 43, 43, "The study", "3 >30%"),
        ("004", 86, 86, "Product Manufactured", "No |"),
    ],
)
def test_documents_are_divided_as_a_reader_would(
    number: str, first_line: int, last_line: int, first_words: str, last_words: str
) -> None:
    text = document(number)
    edges = {
        (line_of(text, start), line_of(text, end - 1)): text[start:end].split()
        for start, end in units(text)
        if " ".join(text[start:end].split()[:2]) == first_words
        and " ".join(text[start:end].split()[-2:]) == last_words
    }
    assert (first_line, last_line) in edges
