"""An import of 100,000 records takes no more memory than one of ten thousand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from import_lines import shipped_with_imports, write_records

TESTS = Path(__file__).parent
RECORDS = 100_000
LABELS = 20
IMPORT = """\
import json, resource, sys, time
from pathlib import Path
from import_lines import make_lines_order
from kg.importing.keeping import HomeTarget
from kg.importing.run import run_import
from kg.shipped import Shipped

folder, name = Path(sys.argv[1]), sys.argv[2]
order = make_lines_order(Shipped(folder / "shipped"), folder / f"{name}.jsonl")
started = time.monotonic()
made = run_import(order, HomeTarget(folder / f"home-{name}", "lines")).made
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
seconds = time.monotonic() - started
print(json.dumps([made.counts.kept, made.counts.triples, peak, seconds]))
"""


def records(count: int) -> Iterator[dict[str, Any] | str]:
    for number in range(count):
        links = {
            f"https://example.org/p{each}": f"https://example.org/{number}/{each}"
            for each in range(LABELS)
        }
        yield {"id": f"r{number}", "labels": [f"label {number}"], "drug": "EX-1", "links": links}


def imported(folder: Path, name: str, count: int) -> tuple[int, int, float, float]:
    """Return records, triples, MiB at most, and seconds, of an import in a process of its own."""
    write_records(folder / f"{name}.jsonl", records(count))
    program = [sys.executable, "-c", IMPORT, str(folder), name]
    done = subprocess.run(program, cwd=TESTS, capture_output=True, text=True, check=True)
    kept, triples, peak, seconds = json.loads(done.stdout)
    return kept, triples, peak, seconds


@pytest.mark.soak
def test_memory_does_not_grow_with_the_records(tmp_path: Path) -> None:
    shipped_with_imports(tmp_path / "shipped")
    _, _, before, _ = imported(tmp_path, "few", RECORDS // 10)
    kept, triples, peak, seconds = imported(tmp_path, "many", RECORDS)
    print(
        f"{kept:,} records, {triples:,} triples, {triples / seconds:,.0f} a second, {peak:.0f} MiB"
    )
    assert (kept, triples) == (RECORDS, RECORDS * (LABELS + 5))
    assert peak < 500
    assert peak < before + 200
