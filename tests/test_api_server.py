"""How a server process ends: what is under way is finished first, and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.server import GRACE

PROGRAM = "from api.command_line import main; main()"
NUMBERS = " ".join(map(str, range(100)))
VALUES = " ".join(f"VALUES ?{name} {{ {NUMBERS} }}" for name in "abcdefgh")
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}"


class Process:
    """A server of an empty data set, and the lines that it prints."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", PROGRAM, "serve", "--empty"),
                *("--home", str(home), "--port", "0", "--workers", "1"),
                *arguments,
            ],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.address = self._wait_for_address()

    def _read(self) -> None:
        assert self.process.stderr
        with self.process.stderr as lines:
            self.lines.extend(line.rstrip("\n") for line in lines)

    def _wait_for_address(self) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in tuple(self.lines):
                if line.startswith("http://"):
                    return line.split()[0]
            time.sleep(0.02)
        raise AssertionError("\n".join(self.lines))

    def send(self, number: int) -> float:
        """Send a signal, and return the moment."""
        self.process.send_signal(number)
        return time.monotonic()

    def end(self) -> int:
        code = self.process.wait(timeout=30)
        self._reader.join(10)
        return code

    def kill(self) -> None:
        self.process.kill()
        self.end()

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The lines of requests."""
        shown = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [line for line in shown if "outcome" in line]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Process]:
    found = Process(tmp_path / "home")
    yield found
    found.kill()


def ask(address: str, query: str, **parameters: str) -> httpx.Response:
    return httpx.get(f"{address}/sparql", params={"query": query, **parameters}, timeout=30)


def descendants(process: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = path.read_text().rpartition(")")[2].split()[1]
            if int(parent) == process:
                found.add(int(path.parent.name))
                found |= descendants(int(path.parent.name))
        except (OSError, ValueError):
            continue
    return found


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_told_to_end_it_finishes_what_is_under_way_and_has_logged_all(started: Process) -> None:
    first = ask(started.address, "SELECT * { VALUES ?a { 1 2 3 } }")
    httpx.get(f"{started.address}/api/v1/drugs/a%0A%7B%22outcome%22%3A%22forged%22%7D")
    children = descendants(started.process.pid)
    port = int(started.address.rpartition(":")[2])
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(ask, started.address, RUNAWAY, timeout="1.5")
        time.sleep(0.5)
        start = started.send(signal.SIGTERM)
        time.sleep(0.4)
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):  # noqa: PT011
            pass
        answered = asked.result()
    assert answered.status_code == 504, "the query had its time"
    assert answered.headers["connection"] == "close"
    assert started.end() == 0
    assert time.monotonic() - start < GRACE
    assert all(is_gone(child) for child in children)
    assert not any("Traceback" in line for line in started.lines)
    assert_logged(started, first, answered)


def assert_logged(started: Process, first: httpx.Response, last: httpx.Response) -> None:
    """Hold the log to what clients were told: of a query with rows, and of one stopped."""
    whole, harmless, stopped = started.requests
    assert whole["id"] == first.headers["x-request-id"]
    assert (whole["outcome"], whole["rows"], whole["form"]) == ("ok", 3, "SELECT")
    assert whole["bytes"] == len(first.content)
    assert harmless["path"].startswith("/api/v1/drugs/a\n{")
    assert stopped["id"] == last.headers["x-request-id"]
    assert (stopped["outcome"], stopped["level"]) == ("timeout", "warning")
    assert "VALUES" not in "\n".join(started.lines), "the text of a query is nobody's business"


def test_told_twice_it_ends_at_once(started: Process) -> None:
    children = descendants(started.process.pid)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(ask, started.address, RUNAWAY)
        time.sleep(0.5)
        started.send(signal.SIGTERM)
        time.sleep(0.3)
        start = started.send(signal.SIGTERM)
        assert started.end() == 0
        assert time.monotonic() - start < 2
        assert isinstance(asked.exception(), httpx.HTTPError)
    assert all(is_gone(child) for child in children)
    assert started.requests[-1]["outcome"] in ("stopping", "client-left")


def readiness(address: str) -> int:
    return httpx.get(f"{address}/readyz", timeout=5).status_code


def test_a_balancer_is_told_before_connections_are_refused(tmp_path: Path) -> None:
    process = Process(tmp_path / "home", "--drain-seconds", "1.5")
    try:
        assert readiness(process.address) == 200
        start = process.send(signal.SIGTERM)
        time.sleep(0.3)
        assert readiness(process.address) == 503
        assert ask(process.address, "ASK {}").status_code == 200
        assert process.end() == 0
        assert 1.4 < time.monotonic() - start < 1.5 + GRACE
    finally:
        process.kill()


def test_another_signal_ends_the_wait(tmp_path: Path) -> None:
    process = Process(tmp_path / "home", "--drain-seconds", "300")
    try:
        process.send(signal.SIGTERM)
        time.sleep(0.3)
        assert readiness(process.address) == 503
        start = process.send(signal.SIGTERM)
        assert process.end() == 0
        assert time.monotonic() - start < GRACE
    finally:
        process.kill()


@pytest.mark.soak
def test_at_the_keyboard_nobody_waits_long(started: Process) -> None:
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(ask, started.address, RUNAWAY)
        time.sleep(0.5)
        start = started.send(signal.SIGINT)
        assert started.end() == 0
        assert time.monotonic() - start < 4
        answered = asked.result()
    assert answered.status_code == 503
    assert answered.json()["type"].endswith("/stopping")
    assert started.requests[-1]["outcome"] == "stopping"


@pytest.mark.soak
@pytest.mark.parametrize(
    ("flag", "queries"), [("--no-access-log", None), ("--log-queries", RUNAWAY[:200])]
)
def test_the_operator_chooses_what_is_logged(
    tmp_path: Path, flag: str, queries: str | None
) -> None:
    process = Process(tmp_path / "home", flag)
    try:
        ask(process.address, "ASK {}")
        ask(process.address, RUNAWAY, timeout="0.2")
        process.send(signal.SIGTERM)
        assert process.end() == 0
        shown = [line.get("query") for line in process.requests]
        assert shown == ([None, queries] if queries else [])
    finally:
        process.kill()
