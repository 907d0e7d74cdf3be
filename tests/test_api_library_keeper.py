"""Who needs the library of a large snapshot is told to wait, or that there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

import api.library_keeper
from api.engine import Engine
from api.failures import GraphTooLarge, NotReadYet, QueryTimedOut
from api.library_keeper import MOST_BY_HEART, READ_FIRST, LibraryKeeper
from api.workshop import Workshop
from kg.shipped import Shipped


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


def test_what_cannot_be_read_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    async def fail(engine: _Engine) -> _Library:
        tries.append(engine.snapshot.id)
        raise QueryTimedOut(600)

    async def ask() -> None:
        keeper = keeper_of(_Engine(10), fail, monkeypatch)
        for _ in range(2):
            with pytest.raises(GraphTooLarge, match=r"took longer than 600 s.*ask /sparql"):
                await keeper.get()

    asyncio.run(ask())
    assert tries == ["one"]


def test_who_closes_it_gives_up_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forever(engine: _Engine) -> _Library:
        await asyncio.sleep(60)
        return await _at_once(engine)

    async def ask() -> None:
        keeper = keeper_of(_Engine(READ_FIRST + 1), forever, monkeypatch)
        await keeper.prepare()
        await keeper.close()

    asyncio.run(asyncio.wait_for(ask(), 5))
