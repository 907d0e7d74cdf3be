"""Whoever was told of a write reads it, however often the same was asked before."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from engine_at_hand import EngineAtHand
from fronted import Line, head_of
from raw_http import guarded
from serving import engine_of, settings_of

from api.application import create_app
from api.connection_limits import ConnectionLimits
from api.front import Front
from kg.base import EmptyBase
from kg.building import build

TOKEN = "a-token-for-tests"
GRAPH = "/rdf-graph-store?graph=urn:g"
ASK = "/sparql?query=SELECT%20%3Fo%20%7B%20%3Chttp://e/a%3E%20%3Fp%20%3Fo%20%7D"
MIB = 1024 * 1024


@dataclass
class Writable:
    """A server that takes writes, with a front."""

    address: str
    front: Front

    def write(self, value: int) -> None:
        answered = httpx.put(
            self.address + GRAPH,
            content=f"<http://e/a> <http://e/b> {value} .",
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"},
            timeout=30,
        )
        assert answered.status_code in (200, 201, 204), answered.text


@pytest.fixture(scope="module", params=["at hand", "embedded"])
def writable(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Writable]:
    home = tmp_path_factory.mktemp("home")
    (home / "token").write_text(TOKEN)
    settings = settings_of(
        home, empty=True, writable=True, gate=False, token_file=home / "token", upload_limit=1
    )
    base = EmptyBase()
    engine = (
        EngineAtHand(base, home)
        if request.param == "at hand"
        else engine_of(build(base, home), workers=1)
    )
    front = Front(lambda: engine.snapshot, MIB)
    app = create_app(settings, engine, base=base)
    with guarded(app, ConnectionLimits(), front) as (address, _):
        yield Writable(address, front)


@dataclass
class Reader:
    """Asks the same again and again, and notes what it reads older than what was written."""

    address: str
    target: str
    written: list[int]
    stale: list[tuple[int, int]] = field(default_factory=list)
    times: int = 0
    is_over: bool = False

    def run(self) -> None:
        with Line(self.address) as line:
            while not self.is_over:
                expected = self.written[-1]
                answered = line.ask(head_of(self.target, Accept="text/csv, text/turtle;q=0.5"))
                assert answered.status == 200
                numbers = [int(each) for each in answered.body.split() if each.isdigit()]
                found = numbers[-1] if numbers else -1
                self.times += 1
                if found < expected:
                    self.stale.append((found, expected))


def test_no_read_is_older_than_a_write_that_was_answered(writable: Writable) -> None:
    writable.write(1)
    written = [1]
    readers = [Reader(writable.address, target, written) for target in (GRAPH, ASK, ASK)]
    threads = [threading.Thread(target=reader.run) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        for value in range(2, 7):
            writable.write(value)
            written.append(value)
            time.sleep(0.03)
    finally:
        for reader in readers:
            reader.is_over = True
        for thread in threads:
            thread.join()
    assert [reader.stale for reader in readers] == [[], [], []]
    assert all(reader.times > 5 for reader in readers)
    assert writable.front.figures().hits > 0


def test_a_tag_of_before_the_write_is_known_no_more(writable: Writable) -> None:
    writable.write(20)
    with Line(writable.address) as line:
        tag = line.ask(head_of(ASK)).header("etag")
        known = head_of(ASK, If_None_Match=tag)
        assert [line.ask(known).status for _ in range(3)] == [304] * 3
        writable.write(21)
        seen = [line.ask(known) for _ in range(3)]
    assert [each.status for each in seen] == [200] * 3
    assert all(b"21" in each.body and each.header("etag") != tag for each in seen)


def test_nothing_is_kept_where_the_cache_is_off(tmp_path: Path) -> None:
    engine = EngineAtHand(EmptyBase(), tmp_path)
    app = create_app(settings_of(tmp_path, empty=True), engine, base=EmptyBase())
    with guarded(app, ConnectionLimits()) as (address, _), Line(address) as line:
        asked = [line.ask(head_of(ASK)) for _ in range(3)]
    assert len({each.shared for each in asked}) == 1
    assert len(engine.asked) >= 3
