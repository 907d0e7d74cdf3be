"""Writes that are killed: what was accepted is kept and served, and nothing half-made ever is."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from builds import assert_whole, start_python
from miniature import MINIATURE
from writes import make_write, store_of

from kg.base import Base, EmptyBase, ShippedBase, build
from kg.commit import catch_up, take_back
from kg.journal import count_entries, read_journal
from kg.shipped import Shipped
from kg.snapshot import Snapshot, get_current

BASES: dict[str, Base] = {"empty": EmptyBase(), "shipped": ShippedBase(Shipped(MINIATURE))}
UPDATE = "INSERT DATA {{ GRAPH <urn:written> {{ <urn:n{0}> <urn:p> {0} }} }}"

# Forks a child for each line that it reads, so that a round costs no start of an interpreter.
KILLER = """\
import json, os, signal, sys, time
from pathlib import Path
from kg.base import build, read_base
from kg.commit import CommitRequest, commit, take_back
from kg.nquads import load_quads
from kg.snapshot import get_current
from kg.writing import Update, evaluate_write

CHANGES = {"tempfile.mkdtemp", "tempfile.mkstemp", "open", "os.rename", "os.symlink", "os.rmdir",
           "os.remove", "os.mkdir", "os.chmod", "os.utime"}

def arm(home, moment):
    seen = []
    def kill(event, arguments):
        if event not in CHANGES or not str(arguments[0]).startswith(home):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
        seen.append(event)
        if len(seen) == moment:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(kill)

def write(base, home, number):
    current = get_current(base.home(home))
    store = load_quads(current.nquads)
    effect = evaluate_write(store, Update(UPDATE.format(number)))
    reply = commit(CommitRequest(base, home, effect.change, current.id))
    assert not reply.problems, reply.problems
    return reply

def write_on(base, home, number, acknowledged):
    while True:
        reply = write(base, home, number)
        if not reply.is_stale:
            os.write(acknowledged, f"{number} {reply.snapshot}\\n".encode())
            number += 1

def work(task, acknowledged):
    base, home = read_base(task["base"]), Path(task["home"])
    if task["moment"]:
        arm(task["home"], task["moment"])
    if task["action"] == "write on":
        write_on(base, home, task["number"], acknowledged)
    elif task["action"] == "write":
        reply = write(base, home, task["number"])
        os.write(acknowledged, f"{task['number']} {reply.snapshot}\\n".encode())
    elif task["action"] == "take back":
        os.write(acknowledged, f"0 {take_back(base, home).id}\\n".encode())

for line in sys.stdin:
    task = json.loads(line)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        work(task, writing)
        os._exit(0)
    os.close(writing)
    if task["delay"]:
        time.sleep(task["delay"])
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(reading) as lines:
        print(json.dumps([status, lines.read().split("\\n")[:-1]]), flush=True)
"""


class Killer:
    """A process that makes writes in its children, and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        base: Base,
        home: Path,
        action: str,
        *,
        number: int = 0,
        moment: int = 0,
        delay: float = 0,
    ) -> tuple[int, dict[int, str]]:
        """Return how the child ended, and the writes that it was told are done, with their ids."""
        assert self._process.stdin
        assert self._process.stdout
        task: dict[str, object] = {"base": base.to_json(), "home": str(home), "action": action}
        task |= {"number": number, "moment": moment, "delay": delay}
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        status, lines = json.loads(self._process.stdout.readline())
        acknowledged = (line.split() for line in lines)
        return status, {int(each): identifier for each, identifier in acknowledged}


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    program = f"UPDATE = {UPDATE!r}\n{KILLER}"
    with start_python(program, stdin=subprocess.PIPE) as process:
        yield Killer(process)
        assert process.stdin
        process.stdin.close()


def _prepared(base: Base, home: Path) -> tuple[Snapshot, Snapshot]:
    """Make a home with two accepted writes; return the snapshots with one and with both."""
    build(base, home)
    make_write(base, home, UPDATE.format(1))
    one = get_current(base.home(home))
    make_write(base, home, UPDATE.format(2))
    return one, get_current(base.home(home))


def _assert_kept(base: Base, home: Path, last: int, *, is_undo: bool = False) -> Snapshot:
    """Hold a home to its journal, and that to the writes that were acknowledged."""
    place = base.home(home)
    assert_whole(get_current(place))
    if not is_undo:
        assert get_current(place).manifest.inputs.journal <= count_entries(place)
    assert len([entry.change for entry in read_journal(place)]) in (last, last + 1)
    snapshot = catch_up(base, home)
    count = count_entries(place)
    assert_whole(snapshot)
    assert snapshot == get_current(place)
    assert snapshot.manifest.inputs.journal == count
    held = {quad.object.value for quad in store_of(base, home) if "urn:n" in quad.subject.value}
    assert held == {str(number) for number in range(1, count + 1)}
    return snapshot


@pytest.mark.parametrize(
    ("kind", "action"), [("empty", "write"), ("shipped", "write"), ("shipped", "take back")]
)
def test_a_write_killed_before_any_change_of_its_files_is_kept_whole_or_not_at_all(
    killer: Killer, tmp_path: Path, kind: str, action: str
) -> None:
    base, template = BASES[kind], tmp_path / "template"
    one, two = _prepared(base, template)
    if action == "write":
        take_back(base, template)
    ids = {1: one.id, 2: two.id}
    served = []
    for moment in range(1, 60):
        home = tmp_path / str(moment)
        shutil.copytree(template, home, symlinks=True)
        status, acknowledged = killer.run(base, home, action, number=2, moment=moment)
        assert get_current(base.home(home)).id in ids.values()
        count = count_entries(base.home(home))
        is_undo = action == "take back"
        assert _assert_kept(base, home, count, is_undo=is_undo).id == ids[count]
        served.append(count)
        shutil.rmtree(home)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert not acknowledged
    assert len(served) > 10
    start, end = (1, 2) if action == "write" else (2, 1)
    assert served == sorted(served, key=lambda count: count != start)
    assert served[-1] == end
    assert list(acknowledged.values()) == [ids[end]]


def _kill_on_and_on(killer: Killer, base: Base, home: Path, rounds: int, seed: int) -> int:
    """Kill a loop of writes at random moments; return how many writes were accepted in all."""
    chance = random.Random(seed)
    build(base, home)
    started = time.perf_counter()
    make_write(base, home, UPDATE.format(1))
    longest = 5 * (time.perf_counter() - started)
    accepted = 1
    for number in range(rounds):
        delay = chance.uniform(0.005, longest)
        _, acknowledged = killer.run(base, home, "write on", number=accepted + 1, delay=delay)
        last = max([accepted, *acknowledged])
        place = base.home(home)
        if acknowledged and count_entries(place) == last:
            assert get_current(place).id == acknowledged[last]
        if number % 3:
            _assert_kept(base, home, last)
        accepted = count_entries(place)
        assert accepted in (last, last + 1)
    snapshot = _assert_kept(base, home, accepted)
    other = home.with_name("fresh")
    shutil.copytree(base.home(home) / "journal", base.home(other) / "journal")
    assert build(base, other).id == snapshot.id
    shutil.rmtree(other)
    return accepted


@pytest.mark.parametrize("kind", BASES)
def test_writes_killed_at_any_time_lose_nothing(killer: Killer, tmp_path: Path, kind: str) -> None:
    """The sample: ten rounds a base; the soak test has several hundred."""
    assert _kill_on_and_on(killer, BASES[kind], tmp_path / "home", rounds=10, seed=11) > 1


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("kind", BASES)
def test_writes_killed_at_any_time_lose_nothing_for_long(
    killer: Killer, tmp_path: Path, kind: str, seed: int
) -> None:
    assert _kill_on_and_on(killer, BASES[kind], tmp_path / "home", rounds=30, seed=seed) > 10
