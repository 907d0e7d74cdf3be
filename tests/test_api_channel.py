from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from api.channel import Channel
from api.messages import Kind, pack


def test_messages_come_in_order_however_they_are_cut() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        sent = pack(Kind.HEAD, b"head") + pack(Kind.DATA, b"x" * 100_000) + pack(Kind.END)
        thread = threading.Thread(target=_send_slowly, args=(theirs, sent))
        thread.start()
        found = [await channel.receive() for _ in range(3)]
        assert found == [(Kind.HEAD, b"head"), (Kind.DATA, b"x" * 100_000), (Kind.END, b"")]
        with pytest.raises(EOFError):
            await channel.receive()
        thread.join()
        assert not channel.is_open

    asyncio.run(main())


def _send_slowly(theirs: socket.socket, sent: bytes) -> None:
    with theirs:
        for start in range(0, len(sent), 7_001):
            theirs.sendall(sent[start : start + 7_001])


def test_who_reads_slowly_is_sent_no_more_than_it_takes() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        theirs.setblocking(False)
        loop = asyncio.get_running_loop()
        sent = 0

        async def send() -> None:
            nonlocal sent
            for _ in range(64):
                await loop.sock_sendall(theirs, pack(Kind.DATA, b"x" * 65_536))
                sent += 65_536

        task = asyncio.create_task(send())
        await asyncio.sleep(0.3)
        assert sent < 2 * 1024 * 1024, "the rest waits at the sender"
        for _ in range(64):
            assert len((await channel.receive())[1]) == 65_536
        await task
        theirs.close()
        channel.close()

    asyncio.run(main())


def test_a_long_message_is_sent_as_the_process_takes_it() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        message = pack(Kind.WRITE, b"y" * 3_000_000)
        channel.send(message)
        channel.send(pack(Kind.END))
        received = await asyncio.to_thread(_read, theirs, len(message) + 5)
        assert received == message + pack(Kind.END)
        theirs.close()
        channel.close()

    asyncio.run(main())


def _read(theirs: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += theirs.recv(65_536)
    return received


def test_a_closed_channel_drops_what_is_sent_and_gives_what_it_has() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        theirs.sendall(pack(Kind.DATA, b"last"))
        theirs.close()
        await asyncio.sleep(0.05)
        channel.send(pack(Kind.END))
        assert await channel.receive() == (Kind.DATA, b"last")
        with pytest.raises(EOFError):
            await channel.receive()
        with pytest.raises(OSError, match="does not listen"), socket.socket() as other:
            channel.send_socket(pack(Kind.FORK), other)

    asyncio.run(main())


def test_who_gives_up_waiting_loses_nothing() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await channel.receive()
        theirs.sendall(pack(Kind.DATA, b"late"))
        assert await channel.receive() == (Kind.DATA, b"late")
        theirs.close()
        channel.close()

    asyncio.run(main())
