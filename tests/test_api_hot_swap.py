"""A server goes on to what another process builds in its home, and no request fails meanwhile."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from builds import BUILD, start_python
from miniature import MINIATURE
from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import engine_of, running, settings_of, snapshot_of

from api.application import create_app
from api.engine import Engine
from api.failures import QueryCrashed
from api.snapshot_watch import SnapshotWatch
from kg.shipped import Shipped
from kg.snapshot import Snapshot, get_current, make_current

ASK_LABEL = "SELECT ?o { drug:examplicin rdfs:label ?o }"


def build(root: Path, home: Path) -> Snapshot:
    """Build in a process of its own."""
    process = start_python(BUILD, root, home)
    assert process.communicate(timeout=60)[0]
    assert process.returncode == 0
    return get_current(home)


def rename(root: Path, name: str) -> None:
    path = root / "data" / "vocabularies" / "drugs.yaml"
    text = path.read_text(encoding="utf-8")
    before = text.rpartition("label: ")[2].strip()
    path.write_text(text.replace(f"label: {before}", f"label: {name}"), encoding="utf-8")


@dataclass
class Loop:
    """Asks the same again and again until it is told to stop."""

    address: str
    path: str
    parameters: dict[str, str]
    read: Callable[[httpx.Response], str]
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_over: bool = False

    def run(self) -> None:
        with httpx.Client(base_url=self.address, timeout=10) as client:
            while not self.is_over:
                answered = client.get(self.path, params=self.parameters)
                if answered.status_code != 200:
                    self.failed.append(f"{answered.status_code} {answered.text}")
                    continue
                tag = answered.headers.get("etag", "")
                snapshot = answered.headers["sarcoma-kg-snapshot"]
                self.seen.append((snapshot, tag, self.read(answered)))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """A server of the miniature graph: its address, its records and its home."""
    folder = tmp_path_factory.mktemp("swap")
    root = Path(shutil.copytree(MINIATURE, folder / "shipped"))
    home = folder / "home"
    engine = engine_of(build(root, home), workers=2)
    app = create_app(settings_of(home), engine, shipped=Shipped(root))
    with running(app) as address:
        yield address, root, home


def wait_for(address: str, snapshot: Snapshot) -> None:
    deadline = time.monotonic() + 10
    while httpx.get(f"{address}/version").json()["snapshot"] != snapshot.id:
        assert time.monotonic() < deadline, "the new snapshot is not served"
        time.sleep(0.05)


def label(answered: httpx.Response) -> str:
    return str(answered.json()["label"])


def binding(answered: httpx.Response) -> str:
    return str(answered.json()["results"]["bindings"][0]["o"]["value"])


def wait_until_seen(snapshot: Snapshot, loops: list[Loop]) -> None:
    deadline = time.monotonic() + 10
    while not all(any(seen[0] == snapshot.id for seen in loop.seen) for loop in loops):
        assert time.monotonic() < deadline, "nobody is answered from the new snapshot"
        time.sleep(0.05)


def test_no_request_fails_while_three_snapshots_are_built(
    served: tuple[str, Path, Path],
) -> None:
    address, root, home = served
    loops = [
        Loop(address, "/sparql", {"query": ASK_LABEL}, binding),
        Loop(address, "/api/v1/drugs/examplicin", {}, label),
        Loop(address, "/healthz", {}, lambda answered: str(answered.json()["status"])),
    ]
    threads = [threading.Thread(target=loop.run) for loop in loops]
    names = {get_current(home).id: "examplicin"}
    for thread in threads:
        thread.start()
    try:
        for name in ("one", "two", "three"):
            rename(root, name)
            built = build(root, home)
            names[built.id] = name
            wait_for(address, built)
            wait_until_seen(built, loops[:2])
    finally:
        for loop in loops:
            loop.is_over = True
        for thread in threads:
            thread.join()
    assert not any(loop.failed for loop in loops)
    for loop in loops[:2]:
        tags: dict[str, set[str]] = {}
        assert len({snapshot for snapshot, _, _ in loop.seen}) == 4
        for snapshot, tag, said in loop.seen:
            assert said == names[snapshot], "the answer is of the snapshot that its header names"
            tags.setdefault(snapshot, set()).add(tag)
        assert all(len(each - {""}) == 1 for each in tags.values())
        assert len(set.union(*tags.values()) - {""}) == 4
    order = [snapshot for snapshot, _, _ in loops[1].seen]
    assert list(dict.fromkeys(order)) == list(names), "no snapshot comes back"
    metrics = httpx.get(f"{address}/metrics").text
    assert 'sarcoma_kg_snapshot_swaps_total{outcome="served",source="build"} 3.0' in metrics


def test_a_snapshot_that_is_damaged_leaves_the_old_one_served(
    served: tuple[str, Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    address, _, home = served
    before = get_current(home)
    store = Store()
    store.add(Quad(NamedNode("urn:a"), NamedNode("urn:a"), Literal("a"), NamedNode("urn:a")))
    damaged = snapshot_of(store, home)
    damaged.nquads.write_bytes(b"<urn:a> <urn:a> <urn:b> .\n")
    deadline = time.monotonic() + 5
    while "is damaged; delete" not in caplog.text:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert httpx.get(f"{address}/version").json()["snapshot"] == before.id
    assert httpx.get(f"{address}/api/v1/drugs").status_code == 200
    make_current(home, before.id)


def small(home: Path, number: int) -> Snapshot:
    store, node = Store(), NamedNode("urn:a")
    store.add(Quad(node, node, Literal(number), node))
    return snapshot_of(store, home)


class StandIn:
    """An engine that only swaps, or fails to."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.fault: Exception | None = None
        self.swaps: list[str] = []

    async def swap(self, snapshot: Snapshot) -> None:
        self.swaps.append(snapshot.id)
        if self.fault:
            raise self.fault
        self.snapshot = snapshot


@dataclass
class Watched:
    """A home with one snapshot, an engine that serves it, and a watch."""

    home: Path
    engine: StandIn
    watch: SnapshotWatch
    counted: list[str]
    faults: list[Exception]
    is_writing: bool = False

    def look(self) -> None:
        asyncio.run(self.watch.look())


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    engine = StandIn(small(tmp_path, 0))
    counted: list[str] = []
    faults: list[Exception] = []

    async def prepare() -> None:
        if faults:
            raise faults.pop()

    found: Watched
    watch = SnapshotWatch(
        cast(Engine, engine), prepare, counted.append, is_writing=lambda: found.is_writing
    )
    found = Watched(tmp_path, engine, watch, counted, faults)
    return found


def test_nothing_new_is_nothing_to_do(watched: Watched) -> None:
    for _ in range(3):
        watched.look()
    assert (watched.engine.swaps, watched.counted) == ([], [])


def test_a_new_snapshot_is_served_once(watched: Watched) -> None:
    new = small(watched.home, 1)
    for _ in range(3):
        watched.look()
    assert (watched.engine.swaps, watched.counted) == ([new.id], ["served"])


def test_what_the_server_wrote_itself_is_no_news(watched: Watched) -> None:
    watched.engine.snapshot = small(watched.home, 1)
    watched.look()
    assert watched.engine.swaps == []


def test_while_the_server_writes_it_is_left_alone(watched: Watched) -> None:
    new = small(watched.home, 1)
    watched.is_writing = True
    watched.look()
    assert (watched.engine.swaps, watched.counted) == ([], [])
    watched.is_writing = False
    watched.look()
    assert (watched.engine.swaps, watched.counted) == ([new.id], ["served"])


def test_a_snapshot_that_the_engine_cannot_open_is_tried_once_and_told(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.engine.fault = QueryCrashed("it cannot be opened")
    small(watched.home, 1)
    for _ in range(3):
        watched.look()
    assert (len(watched.engine.swaps), watched.counted) == (1, ["refused"])
    assert caplog.text.count("it cannot be opened") == 1
    watched.engine.fault = None
    small(watched.home, 2)
    watched.look()
    assert watched.counted == ["refused", "served"]


def test_a_snapshot_that_the_server_cannot_read_is_given_up_again(watched: Watched) -> None:
    before = watched.engine.snapshot
    watched.faults.append(KeyError("a label"))
    new = small(watched.home, 1)
    watched.look()
    assert watched.engine.swaps == [new.id, before.id]
    assert watched.engine.snapshot.id == before.id
    assert watched.counted == ["refused"]


@pytest.mark.parametrize("broken", ["manifest.json", "data.nq", "database"])
def test_a_snapshot_that_is_not_whole_is_never_served(watched: Watched, broken: str) -> None:
    new = small(watched.home, 1)
    path = new.directory / broken
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    watched.look()
    assert (watched.engine.swaps, watched.counted) == ([], ["refused"])


def test_a_link_that_vanished_leaves_the_old_one(watched: Watched) -> None:
    (watched.home / "current").unlink()
    watched.look()
    shutil.rmtree(watched.home)
    watched.look()
    assert (watched.engine.swaps, watched.counted) == ([], [])


def test_what_changes_while_it_is_checked_is_looked_at_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(watched.home, 1)
    later: list[Snapshot] = []

    async def check(_: Snapshot) -> None:
        if not later:
            later.append(small(watched.home, 2))

    monkeypatch.setattr("api.snapshot_watch._check", check)
    watched.look()
    assert watched.engine.swaps == []
    watched.look()
    assert watched.engine.swaps == [later[0].id]


def test_the_watch_survives_its_own_faults(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(SnapshotWatch):
        looks = 0

        async def look(self) -> None:
            self.looks += 1
            raise ZeroDivisionError

    async def run() -> int:
        watch = Faulty(cast(Engine, watched.engine), _nothing, pause=0.01)
        async with watch.running():
            await asyncio.sleep(0.2)
        return watch.looks

    with caplog.at_level(logging.CRITICAL, "api.snapshot_watch"):
        assert asyncio.run(run()) > 1


async def _nothing() -> Any:
    return None
