"""No text that the limits let through overflows the engine's stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_grammar import Draw, draw_query, draw_update
from stack_probe import MAIN_THREAD, WORKER, StackProbe
from test_kg_query_limits import CHAINS, LISTS, NESTS

from kg.query_error import QueryRefusedError
from kg.query_limits import DEEPEST, LONGEST, check_limits
from kg.query_text import QueryText

DRAWS: dict[str, Draw] = {"query": draw_query, "update": draw_update}
SAMPLE = 5
"""Each so many-eth construct is tried in the default run; all are in the long one."""

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@pytest.fixture(scope="module")
def probe() -> Iterator[StackProbe]:
    with StackProbe(MAIN_THREAD) as found:
        yield found


def is_accepted(text: str) -> bool:
    try:
        check_limits(QueryText(text))
    except QueryRefusedError:
        return False
    return True


def kind_of(text: str) -> str:
    return "update" if text.startswith(("INSERT", "DELETE")) else "query"


@pytest.mark.parametrize("kind", DRAWS)
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(random=st.randoms(use_true_random=False))
def test_no_accepted_text_overflows_the_stack(probe: StackProbe, kind: str, random: Random) -> None:
    text = DRAWS[kind](random)
    if is_accepted(text):
        assert not probe.run(kind, text, seconds=0.1).startswith("died")


@pytest.mark.parametrize("name", NESTS)
def test_the_deepest_accepted_nest_is_survived(probe: StackProbe, name: str) -> None:
    text, brackets = NESTS[name]
    deepest = text(DEEPEST // brackets - 10)
    assert is_accepted(deepest)
    assert not probe.run(kind_of(deepest), deepest, seconds=0.1).startswith("died")


def longest_accepted(name: str) -> str:
    lengths = range(LONGEST, 0, -LONGEST // 20)
    return next(text for length in lengths if is_accepted(text := CHAINS[name](length)))


@pytest.mark.parametrize("name", [*CHAINS][::SAMPLE])
def test_the_longest_accepted_chain_is_survived(probe: StackProbe, name: str) -> None:
    text = longest_accepted(name)
    assert not probe.run(kind_of(text), text, seconds=0.1).startswith("died")


@pytest.mark.parametrize("name", [*LISTS][::SAMPLE])
def test_lists_of_any_length_are_survived(probe: StackProbe, name: str) -> None:
    text = LISTS[name](20_000)
    assert not probe.run(kind_of(text), text, seconds=0.5).startswith("died")


@pytest.mark.soak
def test_all_chains_and_lists_are_survived(probe: StackProbe) -> None:
    texts = {name: longest_accepted(name) for name in CHAINS}
    texts |= {f"list of {name}": text(100_000) for name, text in LISTS.items()}
    outcomes = {name: probe.run(kind_of(text), text, seconds=30) for name, text in texts.items()}
    assert not [name for name, outcome in outcomes.items() if outcome.startswith("died")]


def test_the_probe_sees_a_death(probe: StackProbe) -> None:
    deep = "SELECT * { " + "FILTER EXISTS { " * 3000 + "}" * 3001
    assert probe.run("raw query", deep, seconds=10).startswith("died: signal 11")
    assert probe.run("query", "SELECT * { ?s ?p ?o }", seconds=10) == "done"
    assert probe.run("query", deep, seconds=10).startswith("failed: QueryRefusedError")


@pytest.mark.soak
@pytest.mark.parametrize(("stack", "count"), [(MAIN_THREAD, 20_000), (WORKER, 2_000)])
def test_no_accepted_text_overflows_the_stack_in_many_thousands(
    stack: int, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes: Counter[str] = Counter()
    with StackProbe(stack) as probe:
        for seed in range(count):
            random = Random(seed)
            kind = random.choice(("query", "query", "query", "update"))
            text = DRAWS[kind](random)
            if not is_accepted(text):
                outcomes["refused"] += 1
                continue
            outcome = probe.run(kind, text, seconds=0.5)
            assert not outcome.startswith("died"), f"seed {seed}: {outcome}"
            outcomes[outcome.partition(":")[0]] += 1
    with capsys.disabled():
        print(f"\n{stack} MiB of stack: {dict(outcomes)}")
    assert outcomes["done"] > count / 4
