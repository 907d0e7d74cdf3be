"""What docs/conformance.md says is what the suites count."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from w3c_counts import Count, count
from w3c_expected import EXPECTED, NOT_RUN
from w3c_manifest import ROOT, Suite, read_cases
from w3c_prose import NOT_RUN as NOT_RUN_PROSE
from w3c_runner import Bench, Miss, find_miss
from w3c_server import opened
from w3c_stand_ins import started
from w3c_subjects import oxigraph_server

pytestmark = pytest.mark.skipif(not ROOT.is_dir(), reason="skipped: no ../shared")

TEXT = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
OXIGRAPH = shutil.which("oxigraph")
CASES = [each for each in read_cases() if each.suite not in (*NOT_RUN, Suite.OLD_GRAPH_STORE)]


def table(passed: int) -> dict[str, Count]:
    """Return the counts of the server whose columns start with ``passed``."""
    return {
        row[1]: Count(int(row[2]), int(row[passed]), int(row[passed + 1]))
        for row in ROW.finditer(TEXT)
    }


def counts_of(misses: Mapping[str, Miss]) -> dict[str, Count]:
    return count(CASES, misses)


def test_the_table_counts_the_expected_misses() -> None:
    misses = {name: Miss(each.reason, each.is_lexical) for name, each in EXPECTED.items()}
    assert table(3) == counts_of(misses)


@pytest.mark.parametrize(
    "name", [*EXPECTED, *(f"http-rdf-update/{each}" for each in NOT_RUN_PROSE)]
)
def test_each_miss_is_named(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_no_miss_is_named_that_is_none() -> None:
    missed = TEXT.partition("## What is missed")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z0-9-]+/[\w-]+)`", missed))
    assert named == EXPECTED.keys()


@pytest.mark.skipif(OXIGRAPH is None, reason="skipped: no oxigraph")
def test_the_table_counts_oxigraph_as_it_is(tmp_path: Path) -> None:
    assert OXIGRAPH
    with (
        oxigraph_server(OXIGRAPH, tmp_path) as address,
        opened(address) as server,
        started() as stand_ins,
    ):
        bench = Bench(server, stand_ins)
        misses = {case.name: miss for case in CASES if (miss := find_miss(case, bench))}
    assert table(5) == counts_of(misses)
    assert names_of_oxigraph() == misses.keys()


def names_of_oxigraph() -> set[str]:
    missed = TEXT.partition("## What oxigraph serve misses")[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z0-9-]+/[\w-]+)`", missed))


def test_every_suite_is_counted() -> None:
    assert [*table(3)] == [*counts_of({})]
