"""A reply that came at once reads as one that comes in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.messages import Head
from api.reply import Reply

HEAD = Head("ASK", "text/csv", "text/csv", is_volatile=False)


async def pieces() -> AsyncIterator[bytes]:
    yield b"tr"
    yield b"ue"


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_reply_is_read_in_either_way(is_whole: bool) -> None:
    def reply() -> Reply:
        return Reply(HEAD, b"true" if is_whole else pieces(), "5" * 64)

    async def read() -> None:
        assert await reply().read() == b"true"
        read = reply()
        assert b"".join([piece async for piece in read]) == b"true"
        assert read.is_complete
        assert read.whole == (b"true" if is_whole else None)

    asyncio.run(read())


def test_an_empty_whole_reply_has_no_piece() -> None:
    async def read() -> list[bytes]:
        return [piece async for piece in Reply(HEAD, b"", "5" * 64)]

    assert asyncio.run(read()) == []
