"""The page on paths names all that the answers are made of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.path_batch import LONGEST_BODY, MOST_QUERIES
from api.path_explain import COLUMNS
from api.path_kinds import EdgeKind, NodeKind, PathKind, Reach
from api.path_missing import Wanted
from api.path_order import ORDER
from api.path_parameters import PathFilter

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "paths.md").read_text(encoding="utf-8")
PARAMETERS = [field.alias or name for name, field in PathFilter.model_fields.items()]
UNMENTIONED = {"cursor"}


def table(heading: str) -> list[str]:
    """The first cells of the tables below a heading, without backticks."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def test_the_tables_are_the_closed_lists_in_their_order() -> None:
    assert table("Kinds") == [kind.value for kind in PathKind]
    assert table("What is missing") == [wanted.value for wanted in Wanted]


@pytest.mark.parametrize("name", sorted({*PARAMETERS} - UNMENTIONED))
def test_every_parameter_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE or f"`{name}=true`" in PAGE


def test_every_word_of_a_closed_list_is_named() -> None:
    words = " ".join(PAGE.split())
    for name in (*NodeKind, *EdgeKind, *Reach, *ORDER, *COLUMNS):
        assert name in words, name


def test_the_limits_are_those_of_the_program() -> None:
    assert f"1 to {MOST_QUERIES} such objects" in " ".join(PAGE.split())
    assert f"{LONGEST_BODY // 1024} KiB" in PAGE
    assert f"{PathFilter.model_fields['limit'].default}, and 1000 at most" in PAGE
