"""An import that is killed at any moment leaves the former one, and goes on when asked again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from import_deaths import digest_of
from import_lines import shipped_with_imports, write_records

TESTS = Path(__file__).parent
IMPORT = """\
import sys
from pathlib import Path
from import_deaths import import_file
import_file(Path(sys.argv[1]), Path(sys.argv[2]), "a.jsonl")
"""


def records(count: int) -> list[dict[str, object] | str]:
    found: list[dict[str, object] | str] = [
        {"id": f"r{number}", "labels": [f"label {number}"], "drug": f"drug {number % 9}"}
        for number in range(count)
    ]
    return [*found, "{", {"id": "r1"}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shipped_with_imports(tmp_path / "shipped")
    return tmp_path


def test_no_death_at_a_change_of_a_file_changes_what_comes_out(folder: Path) -> None:
    write_records(folder / "a.jsonl", records(40))
    program = [sys.executable, str(TESTS / "import_deaths.py"), str(folder)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30


@pytest.mark.soak
def test_no_death_at_any_moment_changes_what_comes_out(folder: Path) -> None:
    write_records(folder / "a.jsonl", records(2_000))
    program = [sys.executable, "-c", IMPORT, str(folder)]
    started = time.monotonic()
    subprocess.run([*program, str(folder / "whole")], cwd=TESTS, check=True)
    seconds = time.monotonic() - started
    chance = random.Random(6)
    for number in range(8):
        home, deaths = folder / f"home-{number}", 0
        while True:
            started_one = subprocess.Popen([*program, str(home)], cwd=TESTS)
            try:
                assert started_one.wait(chance.uniform(0.4, 1.2) * seconds) == 0
                break
            except subprocess.TimeoutExpired:
                started_one.send_signal(signal.SIGKILL)
                started_one.wait()
                deaths += 1
                assert deaths < 50
        assert digest_of(home) == digest_of(folder / "whole")
