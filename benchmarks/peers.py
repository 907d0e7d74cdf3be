"""Servers to compare, started on free ports of this machine and ended again."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from benchmarks.process_cost import require_memory

__all__ = [
    "Peer",
    "PeerMissing",
    "find_program",
    "free_port",
    "hello_served",
    "ours_served",
    "outer_environment",
    "oxigraph_loaded",
    "oxigraph_served",
    "rdflib_served",
    "running",
]

_STARTING = 3600.0
_MOST = "1000000"


class PeerMissing(LookupError):  # noqa: N818 - not an error of the benchmark
    """A peer is not installed; the message says how to install it."""


@dataclass(frozen=True)
class Peer:
    """A server that runs: its name, its first process, its port and where its SPARQL is.

    ``seconds`` is how long it took from the command to the first answer.
    """

    name: str
    process: int
    port: int
    sparql: str = ""
    seconds: float = 0.0

    @property
    def lightest(self) -> str:
        """An address that costs little."""
        return "/healthz" if self.is_ours else "/"

    @property
    def is_ours(self) -> bool:
        """Whether it is the server of this project."""
        return self.name.startswith("sarcoma-kg")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def outer_environment() -> dict[str, str]:
    """Return the environment without settings of ours, which options give."""
    return {k: v for k, v in os.environ.items() if not k.startswith("SARCOMA_KG_")}


def find_program(name: str) -> str:
    """Return the path of a program of this environment or of the system; raises PeerMissing."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=beside) or shutil.which(name)
    if found is None:
        raise PeerMissing(f"no {name}")
    return found


@contextmanager
def ours_served(
    graph: Path | None, home: Path, *, in_memory: bool, seconds: float = 600
) -> Iterator[Peer]:
    """Serve a graph, or the shipped one, by this project, embedded in memory or on disk."""
    if graph and in_memory:
        require_memory(graph)
    port, mode = free_port(), "memory" if in_memory else "disk"
    command = [
        *(find_program("sarcoma-kg"), "serve", "--home", str(home), "--port", str(port)),
        *(("--graph", str(graph)) if graph else ()),
        *("--memory-below", _MOST if in_memory else "0", "--no-access-log"),
        *("--query-timeout", f"{seconds:g}"),
    ]
    with running(f"sarcoma-kg, {mode}", command, port, "/sparql", home / f"{mode}.log") as peer:
        yield peer


def oxigraph_loaded(graph: Path, folder: Path) -> float:
    """Load a graph into a database of Oxigraph; return the processor seconds it took."""
    command = [find_program("oxigraph"), "load", "--location", str(folder), "--file", str(graph)]
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - _children(before)


def _children(times: os.times_result) -> float:
    return times.children_user + times.children_system


@contextmanager
def oxigraph_served(graph: Path, folder: Path, *, in_memory: bool) -> Iterator[Peer]:
    """Serve a graph by ``oxigraph serve`` of PyPI, in memory or from a database made before."""
    if in_memory:
        require_memory(graph)
    port, mode = free_port(), "memory" if in_memory else "disk"
    place = () if in_memory else ("--location", str(folder))
    command = [
        *(find_program("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"),
        *place,
        "--union-default-graph",
    ]
    log = folder.parent / f"{folder.name}-{mode}.log"
    with running(f"oxigraph serve, {mode}", command, port, "/query", log) as peer:
        start = time.perf_counter()
        if in_memory:
            _post(port, graph)
        yield replace(peer, seconds=peer.seconds + time.perf_counter() - start)


def _post(port: int, graph: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_STARTING)
    with graph.open("rb") as body:
        headers = {
            "Content-Type": "application/n-quads",
            "Content-Length": str(graph.stat().st_size),
        }
        connection.request("POST", "/store?no_transaction", body, headers)
        response = connection.getresponse()
        text = response.read()
    connection.close()
    if response.status >= 300:
        raise RuntimeError(f"oxigraph serve took no graph: {response.status} {text[:200]!r}")


@contextmanager
def rdflib_served(
    graph: Path, log: Path, program: str, *, store: str = "default"
) -> Iterator[Peer]:
    """Serve a graph by ``rdflib-endpoint``, whose program lies in an environment of its own."""
    port = free_port()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), "--store", store]
    name = "rdflib-endpoint" if store == "default" else f"rdflib-endpoint, {store}"
    with running(name, [*command, str(graph)], port, "/", log) as peer:
        yield peer


@contextmanager
def hello_served(log: Path) -> Iterator[Peer]:
    """Serve five bytes by a bare ASGI application on uvicorn."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "benchmarks.hello:application", "--no-access-log"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
    ]
    root = Path(__file__).resolve().parent.parent
    with running("bare ASGI on uvicorn", command, port, "/", log, folder=root) as peer:
        yield peer


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    port: int,
    sparql: str,
    log: Path,
    *,
    folder: Path | None = None,
) -> Iterator[Peer]:
    """Run a server while the block lasts; raises RuntimeError where it does not start."""
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=outer_environment(), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, port, sparql, log)
            yield Peer(name, process.pid, port, sparql, time.perf_counter() - start)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, sparql: str, log: Path) -> None:
    """Wait until a server answers a query; raises RuntimeError with the end of its log."""
    until = time.monotonic() + _STARTING
    target = f"{sparql}?query={quote('ASK {}')}"
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", target)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    tail = log.read_text(encoding="utf-8", errors="replace")[-1000:]
    raise RuntimeError(f"a server did not start: {tail}")
