"""Every attack of the table against a real server, which answers others during and after each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from abuse_attacked import Attacked, attacked_server, find_faults
from abuse_case import Case
from abuse_table import CASES, CASES_ON_EMPTY, CASES_ON_GRAPH, GROUPS
from abuse_watch import watching


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    with attacked_server(tmp_path_factory.mktemp("abuse")) as found:
        yield found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    with attacked_server(tmp_path_factory.mktemp("empty"), is_empty=True) as found:
        yield found


@pytest.mark.parametrize("case", CASES_ON_GRAPH.values(), ids=CASES_ON_GRAPH)
def test_a_server_survives(case: Case, attacked: Attacked) -> None:
    assert faults_of(case, attacked) == []


@pytest.mark.parametrize("case", CASES_ON_EMPTY.values(), ids=CASES_ON_EMPTY)
def test_an_empty_server_survives(case: Case, empty: Attacked) -> None:
    assert faults_of(case, empty) == []


def faults_of(case: Case, attacked: Attacked) -> list[str]:
    with watching(attacked.target) as watch:
        answers = [*case.attack(attacked.target)]
    assert answers, "an attack that gets no answer shows nothing"
    return find_faults(case, answers, watch, attacked)


def test_every_attack_has_a_name_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(CASES) == sum(len(group.cases) for group in GROUPS)
    with capsys.disabled():
        print(f"\n{len(CASES)} abuse cases in {len(GROUPS)} groups")
