"""Texts given to the engine in child processes with a small stack, of which any may die.

Run as a program, it forks a child for each text: a process without threads forks fast and safely.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO

from pyoxigraph import NamedNode, Quad, Store

from kg.evaluation import evaluate
from kg.update_evaluation import evaluate_update
from kg.upload import read_upload

MAIN_THREAD = 8
"""MiB of stack that the main thread of a program has."""

WORKER = 256
"""MiB of stack that a query has in a worker."""

MEMORY = 3072
"""MiB of memory for each text."""

_MIB = 1024 * 1024


class StackProbe:
    """A process that tries texts; ``stack`` is in MiB."""

    def __init__(self, stack: int = MAIN_THREAD) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(stack)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )

    def __enter__(self) -> StackProbe:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, kind: str, text: str, seconds: float) -> str:
        """Return how it goes: "done", "failed: ...", "late", "memory", or "died: ...".

        ``kind`` is query, raw query, update, or a media type of RDF.
        """
        assert self._process.stdin
        assert self._process.stdout
        request = json.dumps([kind, text, seconds]).encode() + b"\n"
        self._process.stdin.write(request)
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline()))


def main(stack: int) -> None:
    """Try the texts on standard input."""
    store = _store()
    for line in sys.stdin.buffer:
        kind, text, seconds = json.loads(line)
        outcome = _try(stack, partial(_evaluate, store, kind, text), seconds)
        print(json.dumps(outcome), flush=True)


def _store() -> Store:
    """Return a store in which each pattern of the tests has one solution, and not three."""
    store = Store()
    a, p, q, g = (NamedNode(f"urn:{name}") for name in "apqg")
    for quad in (Quad(a, p, a), Quad(a, q, a, g), Quad(q, q, a, a)):
        store.add(quad)
    return store


def _evaluate(store: Store, kind: str, text: str) -> None:
    if kind == "query":
        evaluate(store, text).body()
    elif kind == "raw query":
        list(store.query(text))  # type: ignore[arg-type]
    elif kind == "update":
        evaluate_update(store, text, prefixes={}, services={})
    else:
        list(read_upload(text.encode("utf-8", "surrogatepass"), kind, base="http://e.org/"))


def _try(stack: int, attempt: Callable[[], None], seconds: float) -> str:
    with tempfile.TemporaryFile() as errors:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.dup2(errors.fileno(), 2)
            _run_in_thread(stack, attempt, writing)
        os.close(writing)
        try:
            if not select.select([reading], [], [], seconds)[0]:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return "late"
            said = os.read(reading, 1000).decode(errors="replace")
        finally:
            os.close(reading)
        _, status = os.waitpid(child, 0)
        return said or _cause(status, errors)


def _run_in_thread(stack: int, attempt: Callable[[], None], writing: int) -> None:
    """Make an attempt in a thread, as workers do, and say how it went; never return."""
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = taken * resource.getpagesize() + (MEMORY + stack) * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(stack * _MIB)

    def run() -> None:
        try:
            attempt()
            said = "done"
        except MemoryError:
            said = "memory"
        except Exception as error:
            said = f"failed: {type(error).__name__}: {str(error)[:200]}"
        os.write(writing, said.encode())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    os._exit(0)


def _cause(status: int, errors: IO[bytes]) -> str:
    errors.seek(0)
    words = errors.read().decode(errors="replace")
    if "memory allocation" in words or "MemoryError" in words:
        return "memory"
    return f"died: signal {os.WTERMSIG(status)}: {words[-300:]}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
