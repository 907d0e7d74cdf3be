"""Where the time of a query went, by real workers: into waiting for one, or into their work."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from pyoxigraph import Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.request_log import ACCESS

NUMBERS = " ".join(map(str, range(100)))


def product(names: str) -> str:
    """Return a query that takes the longer, the more names there are."""
    values = " ".join(f"VALUES ?{name} {{ {NUMBERS} }}" for name in names)
    return f"SELECT (COUNT(*) AS ?n) {{ {values} }}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with one worker."""
    snapshot = snapshot_of(Store(), tmp_path_factory.mktemp("home"))
    app = create_app(settings_of(snapshot.directory), engine_of(snapshot, workers=1))
    with running(app) as found:
        yield found


def ask(address: str, query: str, name: str, timeout: float = 20) -> int:
    headers = {"X-Request-Id": name}
    given: dict[str, Any] = {"query": query, "timeout": timeout}
    return httpx.get(f"{address}/sparql", params=given, headers=headers, timeout=60).status_code


def lines_of(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    return {
        record.message: getattr(record, "request")  # noqa: B009
        for record in caplog.records
        if record.name == ACCESS
    }


def test_the_log_tells_waiting_from_evaluating(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, ACCESS), ThreadPoolExecutor() as threads:
        assert ask(address, "ASK {}", "at-once") == 200
        stopped = threads.submit(ask, address, product("abcdefgh"), "stopped", 1.5)
        time.sleep(0.4)
        assert ask(address, product("abc"), "tasted") == 200
        assert ask(address, product("abcdefgh"), "waited", 0.7) == 504
        assert stopped.result() == 504
        # A line is written when the answer is out: the client may have it before.
        while len(lines := lines_of(caplog)) < 4:
            time.sleep(0.01)
    assert lines["at-once"]["waited_ms"] < 100
    assert 0 < lines["at-once"]["evaluated_ms"] <= lines["at-once"]["ms"]
    assert lines["stopped"]["waited_ms"] < 500
    assert lines["stopped"]["evaluated_ms"] == pytest.approx(1500, abs=400)
    assert lines["waited"]["waited_ms"] > 300
    assert lines["waited"]["evaluated_ms"] == pytest.approx(700, abs=200)
    for line in lines.values():
        assert line["waited_ms"] >= 0
        assert line["waited_ms"] + line["evaluated_ms"] <= line["ms"] + 0.01
    assert lines["tasted"]["evaluated_ms"] > 5, "the taste is no waiting"
