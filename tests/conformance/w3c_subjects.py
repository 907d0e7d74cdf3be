"""The servers under test, started as processes on free ports of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from w3c_server import Address

__all__ = ["our_server", "oxigraph_server"]

_PROGRAM = [sys.executable, "-c", "from api.command_line import main; main()", "serve"]
_FLAGS = ["--empty", "--writable", "--no-gate", "--default-graph", "strict", "--port", "0"]
_TOKEN = "of-the-conformance-tests"
_START = 30


@contextmanager
def our_server(folder: Path, services: Sequence[str]) -> Iterator[Address]:
    """Run ``sarcoma-kg serve`` on an empty data set, with the endpoints that SERVICE may reach."""
    token_file = folder / "token"
    token_file.write_text(_TOKEN)
    token_file.chmod(0o600)
    allowed = [part for each in services for part in ("--service-allow", each)]
    command = [*_PROGRAM, *_FLAGS, "--home", str(folder / "home"), "--token-file", str(token_file)]
    log = folder / "server.log"
    with _running([*command, *allowed], log) as process:
        base = _wait_for_line(process, log)
        yield Address(f"{base}/sparql", f"{base}/sparql", f"{base}/rdf-graph-store", _TOKEN)


@contextmanager
def oxigraph_server(program: str, folder: Path) -> Iterator[Address]:
    """Run ``oxigraph serve`` in memory."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    log = folder / "oxigraph.log"
    with _running([program, "serve", "--bind", f"127.0.0.1:{port}"], log) as process:
        _wait_for_port(process, port, log)
        base = f"http://127.0.0.1:{port}"
        yield Address(f"{base}/query", f"{base}/update", f"{base}/store")


@contextmanager
def _running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_line(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that the server says once it is ready."""
    for _ in _attempts(process, log):
        lines = log.read_text().splitlines()
        found = next((line for line in lines if line.startswith("http://")), None)
        if found:
            return found.split()[0]
    raise AssertionError(f"no address:\n{log.read_text()}")


def _wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in _attempts(process, log):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise AssertionError(f"no server on port {port}:\n{log.read_text()}")


def _attempts(process: subprocess.Popen[bytes], log: Path) -> Iterator[None]:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        yield
        time.sleep(0.02)
