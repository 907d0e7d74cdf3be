"""The W3C's SPARQL 1.1 suites over HTTP, one test a case, against one server of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from w3c_counts import count, show_counts
from w3c_expected import EXPECTED, NOT_RUN
from w3c_manifest import ROOT, Case, Suite, read_cases
from w3c_prose import NOT_RUN as NOT_RUN_PROSE
from w3c_prose import find_prose_misses
from w3c_runner import Bench, Miss, find_miss
from w3c_server import opened
from w3c_stand_ins import started
from w3c_subjects import our_server

pytestmark = pytest.mark.skipif(not ROOT.is_dir(), reason="skipped: no ../shared")

CASES = read_cases()
# Tests of the same data stand together: loading data takes longer than asking.
RUN = sorted(
    (each for each in CASES if each.suite not in (*NOT_RUN, Suite.OLD_GRAPH_STORE)),
    key=lambda case: (case.suite, str(case.data) if case.suite is Suite.QUERY else ""),
)
PROSE = tuple(each for each in CASES if each.suite is Suite.OLD_GRAPH_STORE)


class MissedError(AssertionError):
    """A test of the W3C went otherwise than it must."""


class Counts:
    """Says at the end of a session how many tests of each suite passed."""

    def __init__(self) -> None:
        self.misses: dict[str, Miss] = {}
        self.run: list[Case] = []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, after a run of all."""
        if len(self.run) == len(RUN):
            terminalreporter.section("W3C SPARQL 1.1 over HTTP")
            for line in show_counts(count(self.run, self.misses)):
                terminalreporter.write_line(line)


@pytest.fixture(scope="module")
def counts(request: pytest.FixtureRequest) -> Counts:
    counts = Counts()
    request.config.pluginmanager.register(counts)
    return counts


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("w3c")
    with (
        started() as stand_ins,
        our_server(folder, stand_ins.addresses) as address,
        opened(address) as server,
    ):
        yield Bench(server, stand_ins)


@pytest.fixture(scope="module")
def prose_misses(bench: Bench) -> dict[str, str | None]:
    return find_prose_misses(PROSE, bench.server)


def marked(case: Case) -> pytest.ParameterSet:
    expected = EXPECTED.get(case.name)
    if expected is None:
        return pytest.param(case, id=case.name)
    known = pytest.mark.xfail(raises=MissedError, strict=True, reason=expected.reason)
    return pytest.param(case, id=case.name, marks=known)


@pytest.mark.parametrize("case", [marked(case) for case in RUN])
def test_w3c(case: Case, bench: Bench, counts: Counts) -> None:
    miss = find_miss(case, bench)
    counts.run.append(case)
    if miss is None:
        return
    counts.misses[case.name] = miss
    expected = EXPECTED.get(case.name)
    if expected and expected.is_lexical != miss.is_lexical:
        pytest.fail(f"missed for another reason than the table's: {miss.cause}")
    raise MissedError(miss.cause)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in PROSE])
def test_w3c_graph_store_in_prose(case: Case, prose_misses: dict[str, str | None]) -> None:
    if case.name.partition("/")[2] in NOT_RUN_PROSE:
        assert prose_misses[case.name] is not None
        pytest.skip(NOT_RUN_PROSE[case.name.partition("/")[2]])
    assert prose_misses[case.name] is None


def test_the_suites_have_the_tests_that_the_table_counts() -> None:
    assert len(RUN) == 555
    assert {case.name for case in RUN} >= EXPECTED.keys()
