"""``sarcoma-kg serve`` as a process: what it says, answers, and how it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import snapshot_of

import api.command_line  # noqa: F401 - it adds serve to the commands
from kg.cli import app, run
from kg.snapshot import KEPT, Snapshot, get_current

PROGRAM = [sys.executable, "-c", "from api.command_line import main; main()", "serve"]
Serve = Callable[..., "Served"]


class Served:
    """A server process, and the lines that it has printed."""

    def __init__(self, arguments: list[str], home: Path) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, "--home", str(home), "--workers", "1", *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self.lines: list[str] = []

    def wait_for_address(self) -> str:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("http://"):
                return line.split()[0]
        raise AssertionError("\n".join(self.lines))

    def end(self) -> int:
        assert self.process.stderr
        code = self.process.wait(timeout=30)
        self.lines += self.process.stderr.read().splitlines()
        return code


@pytest.fixture(scope="module")
def built(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What a build made, in a home of its own."""
    return copied(snapshot, tmp_path_factory.mktemp("homes") / "home")


def copied(snapshot: Snapshot, home: Path) -> Snapshot:
    """Copy a snapshot with its home, which a server then takes without a build."""
    shutil.copytree(snapshot.directory.parent.parent, home, symlinks=True)
    return get_current(home)


@pytest.fixture
def serve(built: Snapshot) -> Iterator[Serve]:
    started: list[Served] = []

    def start(*arguments: str) -> Served:
        started.append(Served([*arguments], built.directory.parent.parent))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        if each.process.stderr:
            each.process.stderr.close()


def children(process: subprocess.Popen[str]) -> list[str]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return path.read_text().split() if path.exists() else []


def test_serve_says_what_and_where_answers_and_stops_at_once(serve: Serve, built: Snapshot) -> None:
    served = serve("--port", "0")
    address = served.wait_for_address()
    text = "\n".join(served.lines)
    assert f"snapshots are kept in {built.directory.parent.parent}" in text
    counted = f"snapshot {built.id[:12]}: {built.manifest.quads:,} quads"
    assert f"serving the shipped graph, {counted}" in text
    assert "nobody may write (--writable lets who has the token)" in text
    assert re.search("^workers (run in a network namespace|open no socket)", text, re.MULTILINE)
    answer = httpx.get(f"{address}/sparql", params={"query": "ASK { ?s a :Drug }"})
    assert answer.json()["boolean"] is True
    workers = children(served.process)
    start = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.end() == 0
    assert time.monotonic() - start < 3
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert "Traceback" not in "\n".join(served.lines)


def test_ctrl_c_waits_for_no_query(serve: Serve) -> None:
    served = serve("--port", "0")
    address = served.wait_for_address()
    port = int(address.rpartition(":")[2])
    query = "SELECT%28COUNT%28%2A%29AS%3Fn%29%7B%3Fa%3Fb%3Fc.%3Fd%3Fe%3Ff.%3Fg%3Fh%3Fi%7D"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        start = time.monotonic()
        served.process.send_signal(signal.SIGINT)
        assert served.end() == 0
    assert time.monotonic() - start < 4
    assert "Traceback" not in "\n".join(served.lines)


def test_a_port_that_is_taken_is_a_sentence(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        served = serve("--port", str(port))
        assert served.end() == 74
    assert served.lines == [
        f"sarcoma-kg: port {port} of 127.0.0.1 is taken by another program; choose one with --port"
    ]


def test_records_that_are_refused_leave_the_last_snapshot_served(
    serve: Serve, built: Snapshot, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text("id: drug:new\ntype: Drug\nlable: a new drug\n")
    served = serve("--port", "0", "--data", str(tmp_path))
    address = served.wait_for_address()
    text = "\n".join(served.lines)
    assert "mine.yaml:3: " in text
    assert "'lable'" in text
    assert f"the last snapshot that passed, {built.id[:12]}, stays" in text
    assert httpx.get(f"{address}/version").json()["snapshot"] == built.id


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--writable"], "--writable needs a token; write one into a file"),
        (["--writable", "--token-file", "missing"], "cannot be read: No such file"),
        (["--token-file", "short"], "has 5 characters; a token has 16 at least"),
        (["--service-allow", "ftp://example.org/sparql"], "write http:// or https://"),
        (["--empty", "--graph", "short"], "--empty and --graph exclude each other"),
        (["--empty", "--data", "."], "--empty and --data exclude each other"),
        (["--upload-limit", "0"], "--upload-limit is '0'"),
    ],
)
def test_a_start_that_cannot_be_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    (tmp_path / "short").write_text("short")
    monkeypatch.chdir(tmp_path)
    code = run(app, ("serve", "--port", "0", "--home", str(tmp_path / "home"), *arguments))
    (line,) = capsys.readouterr().err.splitlines()
    assert (code, line.startswith("sarcoma-kg: ")) == (2, True)
    assert words in line
    assert not (tmp_path / "home").exists()


def test_what_is_written_to_an_empty_data_set_is_there_the_next_time(
    serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(f"{'t' * 32}\n")
    flags = ("--port", "0", "--home", str(tmp_path / "home"), "--empty", "--no-gate")
    allowed = ("--writable", "--token-file", str(tmp_path / "token"))
    served = serve(*flags, *allowed)
    address = served.wait_for_address()
    text = "\n".join(served.lines)
    assert "serving an empty data set, snapshot e3b0c44298fc: 0 quads, 0 claims" in text
    assert "who has the token may write; nothing is checked (--no-gate)" in text
    headers = {"Authorization": f"Bearer {'t' * 32}", "Content-Type": "text/turtle"}
    store = {"params": {"graph": "urn:mine"}, "headers": headers}
    put = httpx.put(f"{address}/rdf-graph-store", content=b"<#a> <urn:p> 1 .", **store)  # type: ignore[arg-type]
    assert put.status_code == 201
    served.process.send_signal(signal.SIGTERM)
    assert served.end() == 0
    again = serve(*flags)
    address = again.wait_for_address()
    found = httpx.get(f"{address}/rdf-graph-store", params={"graph": "urn:mine", "format": "nt"})
    assert found.text.startswith("<urn:mine#a> <urn:p> ")
    assert found.headers["sarcoma-kg-snapshot"] == put.headers["sarcoma-kg-snapshot"]


def test_files_may_be_served_instead(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> 1 .")
    (tmp_path / "b.nq").write_text("<urn:b> <urn:p> <urn:c> <urn:g> .\n")
    files = ("--graph", str(tmp_path / "a.ttl"), "--graph", str(tmp_path / "b.nq"))
    served = serve("--port", "0", "--home", str(tmp_path / "home"), *files)
    address = served.wait_for_address()
    assert "serving the triples of a.ttl, b.nq" in "\n".join(served.lines)
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answer = httpx.get(f"{address}/sparql", params={"query": query, "format": "csv"})
    assert answer.text.split() == ["n", "2"]
    graph = httpx.get(f"{address}/rdf-graph-store", params={"graph": "urn:g", "format": "nt"})
    assert graph.text == "<urn:b> <urn:p> <urn:c> .\n"
    update = httpx.post(f"{address}/sparql", data={"update": "CLEAR ALL"})
    assert (update.status_code, update.json()["title"]) == (403, "Writes are not accepted")


def test_a_snapshot_that_is_served_outlives_later_builds(
    serve: Serve, snapshot: Snapshot, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = copied(snapshot, home)
    served = serve("--port", "0", "--home", str(home))
    served.wait_for_address()
    # Else it would notice the builds, and serve one of them.
    served.process.send_signal(signal.SIGSTOP)
    for number in range(KEPT + 2):
        snapshot_of(_small(number), home)
    assert first.nquads.is_file()
    served.process.send_signal(signal.SIGCONT)
    served.process.send_signal(signal.SIGTERM)
    assert served.end() == 0
    snapshot_of(_small(KEPT + 2), home)
    assert not first.directory.exists()


def _small(number: int) -> Store:
    store, node = Store(), NamedNode("http://e.org/a")
    store.add(Quad(node, node, Literal(number), node))
    return store
