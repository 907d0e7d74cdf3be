"""Builds that are killed or meet each other: nothing but a whole snapshot is ever current."""

from __future__ import annotations

import random
import signal
import threading
import time
from pathlib import Path

import pytest
from builds import BUILD, assert_whole, start_python
from filelock import FileLock
from miniature import MINIATURE, replace, write

from kg.build import build
from kg.shipped import Shipped
from kg.snapshot import Snapshot, find_current, get_current

KILLED_AT_A_TIME = BUILD.replace("print(", "print('ready', flush=True); (")
KILLED_AT_A_CHANGE = (
    """\
import os, signal, sys
CHANGES = ("tempfile.mkdtemp", "os.rename", "os.symlink", "os.rmdir", "os.remove", "os.chmod")
seen = []
def kill(event, arguments):
    if event in CHANGES and str(arguments[0]).startswith(sys.argv[2]):
        seen.append(event)
        if len(seen) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
"""
    + BUILD
)


def test_leftovers_of_dead_builds_are_removed(home: Path) -> None:
    dead = home / "snapshots" / ".building-dead"
    write(dead / "data.nq", "half")
    snapshot = build(Shipped(MINIATURE), home)
    assert [path.name for path in (home / "snapshots").iterdir()] == [snapshot.id]


def test_a_second_build_waits_for_the_first(home: Path) -> None:
    home.mkdir()
    lock = FileLock(home / "build.lock")
    lock.acquire()
    found: list[Snapshot] = []
    other = threading.Thread(target=lambda: found.append(build(Shipped(MINIATURE), home)))
    other.start()
    other.join(0.2)
    assert other.is_alive()
    assert find_current(home) is None
    lock.release()
    other.join(10)
    assert [snapshot.id for snapshot in found] == [get_current(home).id]


def test_two_builds_at_once_both_succeed(root: Path, home: Path) -> None:
    running = [start_python(BUILD, root, home) for _ in range(2)]
    outputs = {process.communicate(timeout=30)[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert outputs == {get_current(home).id}


@pytest.fixture
def interrupted(root: Path, home: Path) -> Path:
    """A home whose current snapshot is of the tree before its last change."""
    build(Shipped(root), home)
    replace(root / "data/vocabularies/drugs.yaml", "label: examplinib", "label: examplinib (new)")
    return home


def test_a_build_killed_before_any_change_of_its_folders_leaves_a_whole_snapshot_current(
    root: Path, interrupted: Path
) -> None:
    old, served = get_current(interrupted).id, []
    for moment in range(1, 40):
        process = start_python(KILLED_AT_A_CHANGE, root, interrupted, moment)
        process.communicate(timeout=30)
        assert_whole(get_current(interrupted))
        served.append(get_current(interrupted).id)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert len(served) > 5
    assert served == sorted(served, key=lambda snapshot: snapshot != old)
    assert served[-1] != old
    build(Shipped(root), interrupted)
    assert not list((interrupted / "snapshots").glob(".*"))


def test_a_build_killed_at_any_time_leaves_a_whole_snapshot_current(
    root: Path, interrupted: Path
) -> None:
    chance = random.Random(7)
    for _ in range(6):
        process = start_python(KILLED_AT_A_TIME, root, interrupted)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.08))
        process.kill()
        process.communicate()
        assert_whole(get_current(interrupted))
    build(Shipped(root), interrupted)
    assert_whole(get_current(interrupted))
