"""The page on the Reasoner API: its examples run, and its limits are those of the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from api.trapi import limits
from api.trapi.edges import Level
from api.trapi.versions import INFORES

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "trapi.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^curl localhost:8000(\S+) .*?--data '(.*?)'$", PAGE, re.M | re.S)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("curl localhost:8000") >= 5


@pytest.mark.parametrize(("path", "body"), EXAMPLES)
def test_every_example_finds_something(client: httpx.Client, path: str, body: str) -> None:
    answer = client.post(path, json=json.loads(body))
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"]["results"]


def test_the_limits_are_those_of_the_program() -> None:
    words = " ".join(PAGE.split())
    for said in (
        f"{limits.LARGEST_BATCH} ids or members of a node",
        f"{limits.MOST_QUERY_NODES} nodes, {limits.MOST_QUERY_EDGES} edges",
        f"{limits.MOST_RESULTS} results or paths",
        f"{limits.MOST_EDGES} edges in the answer",
        f"{10 * limits.MOST_RESULTS} combinations",
        f"{limits.MOST_PATTERNS} patterns",
        f"{limits.LONGEST_PATTERN} characters of a pattern",
        f"a body of {limits.LONGEST_BODY} bytes",
        f"up to {limits.LONGEST_PATH} edges",
    ):
        assert said in words, said


def test_it_names_levels_and_the_source() -> None:
    for name in (*Level, INFORES):
        assert f"`{name}`" in PAGE


def test_every_predicate_of_an_answer_is_in_the_table(client: httpx.Client) -> None:
    meta = client.get("/trapi/2.0/meta_knowledge_graph").json()
    for edge in meta["edges"]:
        assert f"`{edge['predicate'].removeprefix('biolink:')}`" in PAGE
