"""What first visitors would wait for is made ahead."""

from __future__ import annotations

import asyncio

from serving import engine_of

from api.library import Library
from api.library_keeper import LibraryKeeper
from api.warming import KINDS_AHEAD, Warming
from api.workshop import Workshop
from kg.shipped import find_shipped
from kg.snapshot import Snapshot


def test_lists_are_read_before_anybody_asks(snapshot: Snapshot) -> None:
    written = asyncio.Event()

    async def write() -> None:
        written.set()

    async def warmed() -> Library:
        engine, workshop = engine_of(snapshot), Workshop()
        await engine.start()
        try:
            keeper = LibraryKeeper(engine, find_shipped(), workshop)
            library = await keeper.get()
            assert not library.lists.tables
            async with Warming(engine, keeper, workshop, write, pause=0.05, quiet=0).running():
                async with asyncio.timeout(60):
                    while set(library.lists.tables) < set(KINDS_AHEAD):
                        await asyncio.sleep(0.05)
                    await written.wait()
            return library
        finally:
            await engine.close()
            workshop.close()

    library = asyncio.run(warmed())
    assert library.lists.tables["evidence"].rows
