"""Who needs the library of a large snapshot is told to wait, or that there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

import api.library_keeper
from api.engine import EmbeddedEngine, Engine
from api.failures import GraphTooLarge, NotReadYet, QueryKilled, QueryTimedOut, QueryTooBig
from api.library_keeper import MOST_BY_HEART, READ_FIRST, LibraryKeeper
from api.reader_process import ReaderProcess
from api.table_reading import TableReading
from api.workshop import Workshop
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot


@dataclass(frozen=True)
class _Manifest:
    quads: int


@dataclass(frozen=True)
class _Snapshot:
    id: str
    manifest: _Manifest


class _Engine:
    def __init__(self, quads: int) -> None:
        self.snapshot = _Snapshot("one", _Manifest(quads))


@dataclass(frozen=True)
class _Library:
    snapshot: str

    def look_through(self) -> None:
        """There is nothing to look through."""

    def read_later(self, reading: object, source: object) -> _Library:
        return self


class _Workshop:
    async def make(self, work: Coroutine[None, None, Any]) -> Any:
        return await work


Read = Callable[[_Engine], Coroutine[None, None, _Library]]


def keeper_of(engine: _Engine, read: Read, monkeypatch: pytest.MonkeyPatch) -> LibraryKeeper:
    monkeypatch.setattr(api.library_keeper, "load_library", lambda *_: read(engine))
    return LibraryKeeper(
        cast(Engine, engine), cast(Shipped, None), cast(Workshop, _Workshop()), patience=0.05
    )


async def _at_once(engine: _Engine) -> _Library:
    return _Library(engine.snapshot.id)


def test_it_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    async def note(engine: _Engine) -> _Library:
        read.append(engine.snapshot.id)
        await asyncio.sleep(0.01)
        return await _at_once(engine)

    async def ask() -> None:
        engine = _Engine(10)
        keeper = keeper_of(engine, note, monkeypatch)
        assert len({id(each) for each in await asyncio.gather(keeper.get(), keeper.get())}) == 1
        engine.snapshot = replace(engine.snapshot, id="two")
        assert (await keeper.get()).snapshot == "two"

    asyncio.run(ask())
    assert read == ["one", "two"]


@pytest.mark.parametrize("quads", [READ_FIRST, READ_FIRST + 1])
def test_a_small_snapshot_is_read_first_and_a_large_one_meanwhile(
    quads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asyncio.Event()

    async def slowly(engine: _Engine) -> _Library:
        await asyncio.sleep(0.1)
        done.set()
        return await _at_once(engine)

    async def ask() -> None:
        keeper = keeper_of(_Engine(quads), slowly, monkeypatch)
        await keeper.prepare()
        assert done.is_set() == (quads <= READ_FIRST)
        if not done.is_set():
            with pytest.raises(NotReadYet, match=r"still being read.*ask again"):
                await keeper.get()
        await done.wait()
        assert (await keeper.get()).snapshot == "one"

    asyncio.run(ask())


def test_a_graph_that_is_too_large_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> None:
        keeper = keeper_of(_Engine(MOST_BY_HEART + 1), _at_once, monkeypatch)
        await keeper.prepare()
        with pytest.raises(GraphTooLarge, match=r"20,000,001 quads.*up to 20,000,000: ask /sparql"):
            await keeper.get()

    asyncio.run(ask())


def failing(*errors: Exception) -> tuple[list[Exception], Read]:
    """Return errors that are left, and what meets one after the other."""
    left = [*errors]

    async def fail(engine: _Engine) -> _Library:
        if left:
            raise left.pop(0)
        return await _at_once(engine)

    return left, fail


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the keeper takes for the time."""
    now = [1000.0]
    monkeypatch.setattr("api.library_keeper.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_what_needs_too_much_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    left, fail = failing(QueryTooBig("the query needs more"), QueryTooBig("again"))

    async def ask() -> None:
        keeper = keeper_of(_Engine(10), fail, monkeypatch)
        for _ in range(2):
            with pytest.raises(GraphTooLarge, match=r"the query needs more.*ask /sparql"):
                await keeper.get()

    asyncio.run(ask())
    assert len(left) == 1


def test_what_takes_too_long_is_tried_twice(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    left, fail = failing(*(QueryTimedOut(600) for _ in range(3)))

    async def ask() -> None:
        keeper = keeper_of(_Engine(10), fail, monkeypatch)
        for _ in range(2):
            with pytest.raises(NotReadYet, match=r"longer than 600 s.*tried again") as told:
                await keeper.get()
            assert told.value.retry_after == 10
        clock[0] += 11
        for _ in range(2):
            with pytest.raises(GraphTooLarge, match=r"longer than 600 s"):
                await keeper.get()

    asyncio.run(ask())
    assert len(left) == 1


def test_what_failed_by_accident_is_tried_again_after_growing_pauses(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    _, fail = failing(*(QueryKilled("no memory was left") for _ in range(7)))

    async def ask() -> None:
        keeper = keeper_of(_Engine(10), fail, monkeypatch)
        for pause in (10, 20, 40, 80, 160, 300, 300):
            with pytest.raises(NotReadYet) as told:
                await keeper.get()
            assert told.value.retry_after == pause
            clock[0] += pause
        assert (await keeper.get()).snapshot == "one"

    asyncio.run(ask())


def test_who_closes_it_gives_up_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forever(engine: _Engine) -> _Library:
        await asyncio.sleep(60)
        return await _at_once(engine)

    async def ask() -> None:
        keeper = keeper_of(_Engine(READ_FIRST + 1), forever, monkeypatch)
        await keeper.prepare()
        await keeper.close()

    asyncio.run(asyncio.wait_for(ask(), 5))


@pytest.mark.parametrize(
    ("quads", "is_on_disk", "is_apart"),
    [(READ_FIRST, True, False), (READ_FIRST + 1, False, False), (READ_FIRST + 1, True, True)],
)
def test_a_large_graph_on_disk_is_read_from_a_process_that_holds_it(
    quads: int, is_on_disk: bool, is_apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class _Embedded(EmbeddedEngine):
        def __init__(self) -> None:
            self._snapshot = cast(Snapshot, _Snapshot("one", _Manifest(quads)))

        @property
        def is_on_disk(self) -> bool:
            return is_on_disk

    @dataclass(frozen=True)
    class _Read(_Library):
        sources: tuple[object, ...] = ()

        def read_later(self, reading: object, source: object) -> _Read:
            assert isinstance(reading, TableReading)
            return replace(self, sources=(source,) if source else ())

    async def load(source: Engine, _: Shipped) -> _Read:
        return _Read(source.snapshot.id)

    async def ask() -> None:
        monkeypatch.setattr(api.library_keeper, "load_library", load)
        workshop = cast(Workshop, _Workshop())
        keeper = LibraryKeeper(_Embedded(), find_shipped(), workshop)
        library = cast(_Read, await keeper.get())
        # The tables are read later, from where the library came.
        assert [isinstance(each, ReaderProcess) for each in library.sources] == [True] * is_apart
        await keeper.close()
        for each in library.sources:
            assert cast(ReaderProcess, each).snapshot.id == "one"

    asyncio.run(ask())
