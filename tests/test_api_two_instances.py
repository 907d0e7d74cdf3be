"""Two servers on one home: both serve, one writes, and neither removes what the other holds."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from processes import descendants, wait_until
from server_process import TOKEN, Server, serving

from kg.base import FilesBase, build
from kg.folder_lock import removal_locked

pytestmark = pytest.mark.soak

LINES = "".join(f"<urn:s{n}> <urn:p> <urn:o{n % 97}> <urn:g> .\n" for n in range(20_000))
LONG = "SELECT (COUNT(*) AS ?n) { ?a <urn:p> ?b . ?c <urn:p> ?b . ?d <urn:p> ?b }"
"""Far more rows than can be counted in the time that the tests have."""

SERVED_FROM_DISK = "0"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A graph of many triples."""
    path = tmp_path / "graph.nq"
    path.write_text(LINES)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of both servers."""
    return tmp_path / "home"


@pytest.fixture
def pair(tmp_path: Path, graph: Path, home: Path) -> Iterator[tuple[Server, Server]]:
    """A server that takes writes, and one that does not, reading from disk."""
    common = (
        *("--graph", str(graph), "--home", str(home), "--port", "0", "--workers", "1"),
        *("--memory-below", SERVED_FROM_DISK),
    )
    with (
        serving(tmp_path / "writer", *common, "--writable", "--no-gate") as writer,
        serving(tmp_path / "reader", *common) as reader,
    ):
        yield writer, reader


def ask(server: Server, query: str) -> httpx.Response:
    return httpx.get(f"{server.address}/sparql", params={"query": query}, timeout=30)


def count(server: Server) -> str:
    answered = ask(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return str(answered.json()["results"]["bindings"][0]["n"]["value"])


def insert(server: Server, number: int) -> str:
    """Write a triple, and return the snapshot that has it."""
    answered = httpx.post(
        f"{server.address}/sparql",
        content=f"INSERT DATA {{ GRAPH <urn:w> {{ <urn:w{number}> <urn:p> <urn:o> }} }}",
        headers={"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"},
        timeout=60,
    )
    assert answered.is_success, answered.text
    return answered.headers["Sarcoma-KG-Snapshot"]


def served(server: Server) -> str:
    return str(httpx.get(f"{server.address}/version", timeout=10).json()["snapshot"])


def test_what_one_writes_the_other_serves(pair: tuple[Server, Server]) -> None:
    writer, reader = pair
    assert served(writer) == served(reader)
    assert count(reader) == "20000"
    written = insert(writer, 1)
    wait_until(lambda: served(reader) == written, 30)
    assert count(writer) == count(reader) == "20001"


def test_no_commit_removes_what_the_other_still_reads(
    pair: tuple[Server, Server], graph: Path, home: Path
) -> None:
    writer, reader = pair
    first = FilesBase.of([graph]).home(home) / "snapshots" / served(reader)
    # Stopped, the reader cannot follow: it holds its snapshot however many come after it.
    for pid in (reader.pid, *descendants(reader.pid)):
        os.kill(pid, signal.SIGSTOP)
    try:
        for number in range(5):
            newest = insert(writer, number)
        assert first.is_dir()
        with removal_locked(first) as is_free:
            assert not is_free
    finally:
        for pid in (*descendants(reader.pid), reader.pid):
            os.kill(pid, signal.SIGCONT)
    wait_until(lambda: served(reader) == newest, 30)
    assert count(reader) == "20005"


def test_a_killed_server_leaves_the_other_and_its_home_whole(
    pair: tuple[Server, Server], tmp_path: Path, graph: Path, home: Path
) -> None:
    writer, reader = pair
    insert(writer, 1)
    doomed = descendants(writer.pid)
    os.kill(writer.pid, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in doomed), 30)
    wait_until(lambda: count(reader) == "20001", 30)
    common = ("--graph", str(graph), "--home", str(home), "--port", "0", "--workers", "1")
    with serving(tmp_path / "again", *common, "--writable", "--no-gate") as again:
        newest = insert(again, 2)
        wait_until(lambda: served(reader) == newest, 30)
        assert count(reader) == count(again) == "20002"


def test_pages_of_a_database_are_shared(pair: tuple[Server, Server]) -> None:
    assert [count(server) for server in pair] == ["20000", "20000"]
    for server in pair:
        mapped = [pid for pid in descendants(server.pid) if holds_database(pid)]
        assert mapped
        # Nobody has the graph in memory: 20,000 triples are 6 MB there, and each process its own.
        assert all(private_memory(pid) < 64 * 1024 for pid in mapped)


def holds_database(pid: int) -> bool:
    try:
        open_files = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return False
    return any("/database/" in each for each in open_files)


def private_memory(pid: int) -> int:
    """Return how many KiB a process has for itself alone."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core runs one query at a time")
def test_two_workers_answer_two_long_queries_at_the_same_time(tmp_path: Path, graph: Path) -> None:
    flags = ("--graph", str(graph), "--port", "0", "--workers", "2", "--query-timeout", "6")
    with serving(tmp_path / "two", *flags) as server, ThreadPoolExecutor() as threads:
        asked = [threads.submit(ask, server, LONG) for _ in range(2)]
        time.sleep(2)
        before = {pid: processor_time(pid) for pid in descendants(server.pid)}
        time.sleep(2)
        busy = sorted((processor_time(pid) - before[pid] for pid in before), reverse=True)
        # Other work on the machine takes from both; one after the other, one of them has nothing.
        assert busy[1] > busy[0] / 2 > 0
        assert {each.result().status_code for each in asked} == {504}


def processor_time(pid: int) -> int:
    """Return the nanoseconds that all threads of a process have run for."""
    total = 0
    for each in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        total += int(each.read_text().split()[0])
    return total


def test_builds_beside_two_servers_and_writes_lose_nothing(
    pair: tuple[Server, Server], graph: Path, home: Path
) -> None:
    writer, reader = pair
    with ThreadPoolExecutor() as threads:
        builds = [threads.submit(build, FilesBase.of([graph]), home) for _ in range(2)]
        for number in range(5):
            newest = insert(writer, number)
            builds.append(threads.submit(build, FilesBase.of([graph]), home))
        assert builds[-1].result().id == newest
        assert all(each.result().id for each in builds)
    wait_until(lambda: served(reader) == served(writer) == newest, 30)
    assert count(reader) == count(writer) == "20005"
