"""SPARQL engines for tests: processes of their own, on free ports, in scratch folders."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from benchmarks.peers import PeerMissing, find_program, free_port
from benchmarks.virtuoso import virtuoso_command

__all__ = ["oxigraph_served", "virtuoso_served"]


@contextmanager
def oxigraph_served(folder: Path) -> Iterator[str]:
    """Give the address of an Oxigraph server; skips where none is installed."""
    program = _installed("oxigraph", "pip install oxigraph")
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/query") as address:
        yield address


@contextmanager
def virtuoso_served(folder: Path) -> Iterator[str]:
    """Give the address of a Virtuoso that anybody may update; skips where none is installed."""
    _installed("virtuoso-t", "apt-get install virtuoso-opensource")
    console = _installed("isql-vt", "apt-get install virtuoso-opensource")
    sql, http = free_port(), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = virtuoso_command(folder, sql, http, buffers=60_000, checkpoint=60, hash_join=False)
    with _running(command, folder, f"http://127.0.0.1:{http}/sparql") as address:
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL";'
        subprocess.run(
            [console, f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"],
            check=True,
            capture_output=True,
            timeout=60,
        )
        yield address


def _installed(name: str, how: str) -> str:
    try:
        return find_program(name)
    except PeerMissing:
        pytest.skip(f"no {name}: {how}")


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[str]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, address, folder)
            yield address
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    for _ in range(600):
        try:
            if httpx.get(address, params={"query": "ASK {}"}, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError((folder / "output.txt").read_text(errors="replace")[-2000:])
