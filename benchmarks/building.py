"""What it costs to make a snapshot of a graph and validate it, against a raw bulk load."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers import find_program, outer_environment

__all__ = ["Cost", "build_cost", "bulk_load_cost", "cost_of"]

_BULK_LOAD = """\
import sys
from pyoxigraph import RdfFormat, Store
store = Store(sys.argv[2]) if len(sys.argv) > 2 else Store()
store.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS)
"""

Cost = dict[str, float]


def bulk_load_cost(graph: Path, folder: Path | None) -> Cost:
    """Return what a raw bulk load by pyoxigraph costs, into memory or an empty folder."""
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
    places = [str(graph), *([str(folder)] if folder else [])]
    return cost_of([sys.executable, "-c", _BULK_LOAD, *places])


def build_cost(graph: Path, home: Path, *, is_gated: bool = True) -> Cost:
    """Return what a snapshot of a file costs: sorted N-Quads, manifest, database, and the gate.

    Raises RuntimeError where the build fails, or the gate finds a violation.
    """
    gate = "--gate" if is_gated else "--no-gate"
    program = find_program("sarcoma-kg")
    return cost_of([program, "build", "--graph", str(graph), "--home", str(home), gate])


def cost_of(command: Sequence[str]) -> Cost:
    """Return the seconds and the largest resident memory of a command and those it waited for.

    Raises RuntimeError with the end of what it said, where it fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=outer_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {said.decode()[-500:]}")
    return {
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "wall_seconds": time.perf_counter() - start,
        "largest_mib": usage.ru_maxrss / 1024,
    }
