"""The heavier attacks: storms of minutes, and answers of millions of rows."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from abuse_attacked import Attacked, attacked_server
from abuse_case import Case
from abuse_processes import descendants, open_files
from abuse_runaways import ENDLESS, GROWING_QUERIES
from abuse_storms import at_once, rows
from abuse_table import CASES, GROUPS
from abuse_watch import watching

pytestmark = pytest.mark.soak

STORM_SECONDS = 180
ATTACKERS = 8
STRIKES = 20


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    with attacked_server(tmp_path_factory.mktemp("soak")) as found:
        yield found


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """A server that gives a query five minutes."""
    folder = tmp_path_factory.mktemp("patient")
    with attacked_server(folder, "--query-timeout", "300") as found:
        yield found


def test_sixty_runaways_at_once(attacked: Attacked) -> None:
    with watching(attacked.target) as watch:
        answers = at_once(attacked.target, [ENDLESS, *GROWING_QUERIES.values()] * 6)
    assert len(answers) == 60
    assert {each.status for each in answers} <= {429, 500, 503, 504}
    assert watch.find_fault(0) == ""


def test_ten_million_rows(patient: Attacked) -> None:
    with watching(patient.target) as watch:
        (answer,) = rows(patient.target, 500)
    assert answer.status == 200
    assert watch.find_fault(0) == ""
    assert watch.most_memory_of_server < 300 << 20


def test_a_storm_of_everything(attacked: Attacked) -> None:
    """Attackers pick cases at random; what they get is judged elsewhere, here others are."""
    calm = _cases_without_signals()
    deadline = time.monotonic() + STORM_SECONDS
    with watching(attacked.target) as watch, ThreadPoolExecutor(ATTACKERS) as threads:
        made = sum(
            threads.map(lambda seed: _attack(attacked, calm, seed, deadline), range(ATTACKERS))
        )
    assert made > ATTACKERS
    assert attacked.server.is_running
    assert attacked.canary.visits == 0
    assert watch.find_fault(0) == ""


def _cases_without_signals() -> list[Case]:
    quiet = [group for group in GROUPS if "slow" not in group.title and "Storms" not in group.title]
    return [case for group in quiet for case in group.cases]


def _attack(attacked: Attacked, cases: list[Case], seed: int, deadline: float) -> int:
    order = random.Random(seed)
    made = 0
    while time.monotonic() < deadline:
        for _ in order.choice(cases).attack(attacked.target):
            made += 1
    return made


def test_nothing_is_left_behind_by_deaths(attacked: Attacked) -> None:
    """Kill the processes of the server again and again: descriptors and processes stay few."""
    names = [name for name in CASES if name.startswith("signal: ")]
    before = open_files(attacked.server.pid)
    for n in range(STRIKES):
        for answer in CASES[names[n % len(names)]].attack(attacked.target):
            assert answer.status == 200
    time.sleep(5)
    assert open_files(attacked.server.pid) <= before + 20
    assert len(descendants(attacked.server.pid)) < 12
