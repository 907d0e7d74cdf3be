"""The page on findings names what the answers hold, and its examples are answered."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote_plus

import httpx
import pytest

from api.contradiction_routes import ContradictionFilter
from api.contradictions import FAR, Rule
from api.findings import DIFFERING
from api.record_models import ConditionRuling, DrugRuling
from api.rulings import Reach, Status

FOLDER = Path(__file__).resolve().parent.parent
PAGE = (FOLDER / "docs" / "findings.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl 'localhost:8000(/[^']+)'$", PAGE, re.MULTILINE)
CELLS = re.findall(r"^\| `([^`]+)`", PAGE, re.MULTILINE)


def test_the_tables_are_the_closed_lists_in_their_order() -> None:
    assert [*Rule, *Status, *Reach] == CELLS


def test_every_parameter_difference_and_field_is_named() -> None:
    filters = [field.alias or name for name, field in ContradictionFilter.model_fields.items()]
    fields = {*ConditionRuling.model_fields, *DrugRuling.model_fields}
    for name in (*filters, *DIFFERING, *fields - {"drug", "condition", "conditions", "sentences"}):
        assert f"`{name}`" in PAGE, name
    assert f"at least {FAR:g} times" in PAGE


def test_the_counts_are_those_of_the_graph(client: httpx.Client) -> None:
    totals = [
        client.get("/api/v1/contradictions", params={"rule": rule.value}).json()["total"]
        for rule in Rule
    ]
    said = re.search(r"has (\d+) rows by directions, (\d+) by intervals and (\d+) by medians", PAGE)
    assert said
    assert [int(each) for each in said.groups()] == totals


@pytest.mark.parametrize("example", EXAMPLES, ids=unquote_plus)
def test_the_examples_are_answered_with_something(client: httpx.Client, example: str) -> None:
    answer = client.get(example)
    assert answer.status_code == 200
    assert answer.json()["items"]


def test_there_are_examples_and_the_page_is_linked() -> None:
    assert len(EXAMPLES) == 6
    assert "findings.md" in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "findings.md" in (FOLDER / "docs" / "http.md").read_text(encoding="utf-8")
