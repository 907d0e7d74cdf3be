"""The notebook on the review runs as it stands, and its figures are those of the text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell
from notebooks import outputs_of, read_notebook, run_apart

from kg.snapshot import Snapshot

NAME = "review-tables.ipynb"
TABLES = ("single_drugs", "combinations", "gist")
TELL = f"""
import json
print(json.dumps({{
    name: [[None if str(cell) == "<NA>" else cell for cell in row]
           for row in globals()[name].astype("object").values.tolist()]
    for name in {TABLES!r}
}}, default=str))
"""

Row = tuple[Any, ...]


Run = tuple[dict[str, str], dict[str, list[list[Any]]]]


@pytest.fixture(scope="module")
def run(snapshot: Snapshot) -> Run:
    """What the cells print, and the three tables."""
    notebook = read_notebook(NAME)
    told = new_code_cell(TELL, id="tell")  # type: ignore[no-untyped-call]
    notebook.cells.insert(-1, told)
    home = snapshot.directory.parent.parent
    printed = outputs_of(run_apart(notebook, {"SARCOMA_KG_HOME": str(home)}))
    return printed, json.loads(printed.pop("tell"))


def test_it_prints_what_is_kept_in_it(run: Run) -> None:
    printed, _ = run
    assert printed == outputs_of(read_notebook(NAME)), "run python tests/notebooks.py"


# Worked out from the text of the review by hand; None: the text prints no such figure.
# Reference, drug, kind of response, responders, evaluable, percent, low and high of a range.
DOX, PLD, DTIC, TMZ = (
    "doxorubicin",
    "pegylated liposomal doxorubicin",
    "dacarbazine",
    "temozolomide",
)
IFO, CTX, GEM, DOC, VCR = (
    "ifosfamide",
    "cyclophosphamide",
    "gemcitabine",
    "docetaxel",
    "vincristine",
)
ORR, CR, PR = "objective response rate", "complete response rate", "partial response rate"
SD, DC = "stable disease rate", "disease control rate"
SINGLE_DRUGS: list[Row] = [
    ("1", DOX, ORR, None, None, None, 20, 25),
    ("2", DOX, ORR, None, 263, 23, None, None),
    ("2", DOX, CR, None, 263, 4, None, None),
    ("3", DOC, ORR, 0, None, None, None, None),
    ("6", IFO, ORR, None, 37, 19, None, None),
    ("6", IFO, ORR, None, 9, 45, None, None),
    ("7", f"{DOX} | {PLD}", ORR, None, None, 10, None, None),
    ("10 | 11", DTIC, ORR, None, None, 17, None, None),
    ("12", TMZ, ORR, 1, 31, 3.3, None, None),
    ("13", TMZ, ORR, None, 25, 8, None, None),
    ("14", TMZ, ORR, None, 39, 5, None, None),
    ("15", TMZ, PR, 7, 45, None, None, None),
    ("15", TMZ, ORR, 7, 45, 15.5, None, None),
    ("16", IFO, CR, 6, 42, 15, None, None),
    ("16", IFO, PR, 9, 42, 23, None, None),
    ("17", IFO, PR, 10, 28, 36, None, None),
    ("18", IFO, ORR, None, 68, 18, None, None),
    ("18", CTX, ORR, None, 67, 7.5, None, None),
    ("19", IFO, ORR, None, None, 10, None, None),
    ("19", IFO, ORR, None, None, 21, None, None),
    ("22 | 23 | 24", GEM, ORR, None, None, None, 4, 18),
    ("22", GEM, ORR, None, 18, 5.5, None, None),
    ("23", GEM, ORR, 1, 25, 4, None, None),
    ("24", GEM, ORR, 0, 17, None, None, None),
    ("24", GEM, ORR, 7, 39, 18, None, None),
    ("25", GEM, PR, 3, 18, None, None, None),
    ("26", DOC, PR, 5, 29, 17, None, None),
    ("27", DOC, PR, 1, 17, 6, None, None),
    ("28", DOC, PR, 4, 27, 15, None, None),
]

# Reference, drugs, endpoint, responders, evaluable, percent, value, unit, p.
OS, PFS, TTP = "overall survival", "progression-free survival", "time to progression"
AD, AI, GD = f"{DTIC} | {DOX}", f"{DOX} | {IFO}", f"{DOC} | {GEM}"
AID = f"{DTIC} | {DOX} | {IFO}"
COMBINATIONS: list[Row] = [
    ("1", AD, ORR, None, None, 42, None, None, None),
    ("29", AD, ORR, None, None, 24, None, None, None),
    ("29", DOX, ORR, None, None, 16, None, None, None),
    ("29", AD, ORR, None, None, None, None, None, 0.05),
    ("4", AD, ORR, None, None, 30, None, None, None),
    ("4", DOX, ORR, None, None, 17, None, None, None),
    ("4", AD, OS, None, None, None, 8, "month", None),
    ("30", AID, ORR, None, 105, 47, None, None, None),
    ("30", AID, CR, None, 105, 10, None, None, None),
    ("30", AID, TTP, None, None, None, 10, "month", None),
    ("30", AID, OS, None, None, None, 16, "month", None),
    ("31", AID, ORR, None, None, 32, None, None, None),
    ("31", AD, ORR, None, None, 17, None, None, None),
    ("31", AID, TTP, None, None, None, 6, "month", None),
    ("31", AD, TTP, None, None, None, 4, "month", None),
    ("31", AD, OS, None, None, None, 13, "month", None),
    ("31", AID, OS, None, None, None, 12, "month", None),
    ("31", AID, OS, None, None, None, None, None, 0.05),
    ("32", AI, ORR, 15, 42, 36, None, None, None),
    ("32", AI, CR, 3, 42, None, None, None, None),
    ("32", AI, OS, None, None, None, 8, "month", None),
    ("33", AI, ORR, 21, 33, 64, None, None, None),
    ("33", AI, CR, 3, 33, None, None, None, None),
    ("2", f"{CTX} | {AID} | {VCR}", ORR, None, 605, 26, None, None, None),
    ("34", GD, CR, 3, 34, None, None, None, None),
    ("34", GD, PR, 15, 34, None, None, None, None),
    ("34", GD, ORR, None, 34, 53, None, None, None),
    ("34", GD, PFS, None, None, None, 5.6, "month", None),
    ("34", GD, OS, None, None, None, 17.9, "month", None),
    ("35", GEM, DC, None, 49, 27, None, None, None),
    ("35", GD, DC, None, 73, 32, None, None, None),
    ("35", GD, ORR, None, None, 16, None, None, None),
    ("35", GEM, ORR, None, None, 10, None, None, None),
    ("35", GD, ORR, None, None, None, None, None, 0.15),
    ("35", GD, PFS, None, None, None, 6.2, "month", None),
    ("35", GEM, PFS, None, None, None, 2.6, "month", None),
    ("35", GD, OS, None, None, None, 18, "month", None),
    ("35", GEM, OS, None, None, None, 11.2, "month", None),
    ("35", GD, "discontinuation of treatment", None, None, None, None, None, 0.01),
    ("36", GD, ORR, None, 133, 18, None, None, None),
]

# Reference, arm, biomarker, endpoint, percent, time point, value with unit, hazard ratio, p.
ONCE, TWICE = "imatinib 400 mg once daily", "imatinib 400 mg twice daily"
BOTH, LOW, HIGH = f"{ONCE} | {TWICE}", "imatinib 400 mg", "imatinib 800 mg"
CROSSED = "imatinib 800 mg after progression on 400 mg"
EXON_9 = "KIT exon 9 mutation | no detectable KIT mutation"
OSR, PFSR = "overall survival rate", "progression-free survival rate"
LESS = "rate of dose reduction for toxicity"
GIST: list[Row] = [
    ("45", "imatinib", None, PR, 54, None, None, None, None, None),
    ("45", "imatinib", None, SD, 28, None, None, None, None, None),
    ("46", "imatinib", "KIT exon 11 mutation", PR, 83, None, None, None, None, None),
    ("46", "imatinib", EXON_9, PR, 48, None, None, None, None, None),
    ("46", "imatinib", "PDGFRA mutation", PR, 0, None, None, None, None, None),
    ("47", BOTH, None, CR, 5, None, None, None, None, None),
    ("47", BOTH, None, PR, 47, None, None, None, None, None),
    ("47", BOTH, None, SD, 32, None, None, None, None, None),
    ("47", TWICE, None, LESS, 60, None, None, None, None, None),
    ("47", ONCE, None, LESS, 16, None, None, None, None, None),
    ("47", TWICE, None, PFSR, 56, None, None, None, None, None),
    ("47", ONCE, None, PFSR, 50, None, None, None, None, None),
    ("47", TWICE, None, PFS, None, None, None, None, 0.82, 0.026),
    ("47", ONCE, None, OSR, 85, 1, None, None, None, None),
    ("47", ONCE, None, OSR, 69, 2, None, None, None, None),
    ("47", TWICE, None, OSR, 86, 1, None, None, None, None),
    ("47", TWICE, None, OSR, 74, 2, None, None, None, None),
    ("48", LOW, None, PFSR, 50, 2, None, None, None, None),
    ("48", HIGH, None, PFSR, 53, 2, None, None, None, None),
    ("48", HIGH, None, PFSR, None, 2, None, None, None, 0.05),
    ("48", LOW, None, OSR, 78, 2, None, None, None, None),
    ("48", HIGH, None, OSR, 73, 2, None, None, None, None),
    ("48", CROSSED, None, PR, 7, None, None, None, None, None),
    ("48", CROSSED, None, SD, 29, None, None, None, None, None),
    ("50", "sunitinib", None, DC, 80, None, None, None, None, None),
    ("51", "sunitinib", None, TTP, None, None, 27, "week", None, None),
    ("51", "placebo", None, TTP, None, None, 6, "week", None, None),
    ("51", "sunitinib", None, OS, None, None, None, None, 0.49, None),
]


@pytest.mark.parametrize(
    ("name", "expected", "left_out"),
    [
        ("single_drugs", SINGLE_DRUGS, (2,)),  # the arm
        ("combinations", COMBINATIONS, (8,)),  # the operator before p
        ("gist", GIST, (6, 10)),  # the unit of the time point, the operator before p
    ],
)
def test_a_table_has_the_figures_of_the_text(
    run: Run, name: str, expected: list[Row], left_out: tuple[int, ...]
) -> None:
    _, tables = run
    found = [
        tuple(cell for place, cell in enumerate(row) if place not in left_out)
        for row in tables[name]
    ]
    assert in_order(found) == in_order(expected)


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted((tuple(row) for row in rows), key=str_of)


def str_of(row: Row) -> str:
    return str([f"{cell:g}" if isinstance(cell, float | int) else str(cell) for cell in row])


def test_the_notebook_has_no_sentence_of_the_review() -> None:
    review = Path(__file__).resolve().parent.parent.parent / "shared" / "documents"
    found = sorted(review.glob("002_*.txt"))
    if not found:
        pytest.skip("skipped: no ../shared")
    text = " ".join(found[0].read_text(encoding="utf-8").split())
    words = " ".join(cell.source for cell in read_notebook(NAME).cells).split()
    eights = (" ".join(words[place : place + 8]) for place in range(len(words) - 7))
    assert not [eight for eight in eights if eight in text]
