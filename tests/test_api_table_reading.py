"""Tables of large snapshots: read once, apart from the server, and nobody waits for long."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from api.failures import NotReadYet
from api.list_table import Table
from api.table_reading import TableReading
from api.workshop import Workshop


def table_of(kind: str) -> Table:
    return Table(kind, {}, ())


def test_a_table_is_read_once_while_others_are_answered() -> None:
    read: list[threading.Thread] = []

    async def slowly() -> Table:
        read.append(threading.current_thread())
        time.sleep(0.3)  # as what reads rows does: it gives way to nobody
        return table_of("claims")

    async def ask() -> None:
        workshop = Workshop()
        reading = TableReading(workshop, patience=5)
        asked = [asyncio.create_task(reading.get("claims", slowly)) for _ in range(3)]
        await asyncio.sleep(0)
        start = time.monotonic()
        await asyncio.sleep(0.01)
        assert time.monotonic() - start < 0.2
        assert {each.kind for each in await asyncio.gather(*asked)} == {"claims"}
        workshop.close()

    asyncio.run(ask())
    assert len(read) == 1
    assert read[0] is not threading.main_thread()


def test_who_would_wait_for_long_is_asked_to_come_again() -> None:
    over = threading.Event()

    async def slowly() -> Table:
        over.wait(10)
        return table_of("claims")

    async def ask() -> None:
        workshop = Workshop()
        reading = TableReading(workshop, patience=0.05)
        for _ in range(2):
            with pytest.raises(NotReadYet, match="still being read"):
                await reading.get("claims", slowly)
        over.set()
        await asyncio.sleep(0.1)
        assert (await reading.get("claims", slowly)).kind == "claims"
        workshop.close()

    asyncio.run(ask())


def test_what_fails_is_told_and_tried_again() -> None:
    tries: list[int] = []

    async def fail_once() -> Table:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("too many")
        return table_of("claims")

    async def ask() -> None:
        workshop = Workshop()
        reading = TableReading(workshop, patience=5)
        with pytest.raises(ValueError, match="too many"):
            await reading.get("claims", fail_once)
        assert (await reading.get("claims", fail_once)).kind == "claims"
        workshop.close()

    asyncio.run(ask())
