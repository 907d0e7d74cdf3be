from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from processes import children, command, open_descriptors

from api.channel import Channel
from api.failures import LOST, WorkerLost
from api.messages import Ending, Kind, pack, read_message
from api.nursery import Nursery, Role
from api.process import Launcher, Process


def echo(own: socket.socket) -> None:
    """Send back what comes, and say which descriptors there are."""
    with own.makefile("rb") as requests:
        while (message := read_message(requests))[0]:
            own.sendall(pack(Kind.DATA, message[1]))


def tell_descriptors(own: socket.socket) -> None:
    # The listing has one of its own.
    own.sendall(pack(Kind.DATA, b"%d" % (open_descriptors() - 1)))


def shout(_: socket.socket) -> None:
    os.write(2, b"x" * 60_000 + b" and these last words\n")
    os.abort()


def sleep(own: socket.socket) -> None:
    own.sendall(pack(Kind.READY))
    time.sleep(60)


def fail(_: socket.socket) -> None:
    raise ValueError("a fault")


def cannot_load() -> Callable[[socket.socket], None]:
    raise ImportError("there is no such module")


def loads_slowly() -> Callable[[socket.socket], None]:
    end = time.process_time() + 0.8
    while time.process_time() < end:
        pass
    return sleep


ROLES = {
    "slow": Role(loads_slowly),
    "echo": Role(lambda: echo),
    "descriptors": Role(lambda: tell_descriptors),
    "shout": Role(lambda: shout),
    "sleep": Role(lambda: sleep),
    "fail": Role(lambda: fail),
    "missing": Role(cannot_load),
}


@asynccontextmanager
async def nursery() -> AsyncIterator[tuple[Launcher, int]]:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        ours.close()
        try:
            Nursery(theirs, ROLES).run()
        finally:
            os._exit(0)
    theirs.close()
    launcher = Launcher(Channel(ours), lambda: pid)
    try:
        yield launcher, pid
    finally:
        launcher.close()
        await asyncio.to_thread(os.waitpid, pid, 0)


async def ending(process: Process) -> Ending:
    async with asyncio.timeout(10):
        return await process.ended


def test_children_live_and_are_buried() -> None:
    async def main() -> None:
        async with nursery() as (launcher, pid):
            await ending(launcher.fork("fail"))
            before = open_descriptors(pid)
            first, second = launcher.fork("echo"), launcher.fork("echo")
            for number, process in enumerate((first, second)):
                process.channel.send(pack(Kind.DATA, b"%d" % number))
                assert await process.channel.receive() == (Kind.DATA, b"%d" % number)
            while first.pid is None or second.pid is None:
                await asyncio.sleep(0)
            assert sorted([first.pid, second.pid]) == children(pid)
            first.channel.close()
            assert (await ending(first)).status == 0
            second.kill()
            assert (await ending(second)).status == -signal.SIGKILL
            second.kill()
            assert children(pid) == []
            assert open_descriptors(pid) == before

    asyncio.run(main())


def test_a_nursery_that_answers_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.watchdog._PERIOD", 0.02)

    async def main() -> None:
        async with nursery() as (launcher, _):
            await asyncio.sleep(0.5)
            assert not launcher.gone.done()

    asyncio.run(main())


def test_a_nursery_that_works_is_not_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.watchdog._PERIOD", 0.1)

    async def main() -> None:
        async with nursery() as (launcher, _):
            busy = launcher.fork("slow")
            await asyncio.sleep(0.6)
            assert not launcher.gone.done()
            await busy.channel.receive()
            busy.channel.close()

    asyncio.run(main())


def test_a_nursery_that_is_stopped_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.watchdog._PERIOD", 0.1)

    async def main() -> None:
        async with nursery() as (launcher, pid):
            begun = launcher.fork("echo")
            begun.channel.send(pack(Kind.DATA, b"1"))
            await begun.channel.receive()
            os.kill(pid, signal.SIGSTOP)
            waiting = launcher.fork("echo")
            async with asyncio.timeout(2):
                await launcher.gone
                assert (await waiting.ended).words == LOST
            assert not launcher.lost.done()
            with pytest.raises(WorkerLost):
                launcher.fork("echo")
            begun.channel.send(pack(Kind.DATA, b"2"))
            assert await begun.channel.receive() == (Kind.DATA, b"2")
            begun.channel.close()
            os.kill(pid, signal.SIGCONT)

    asyncio.run(main())


def test_a_child_has_its_own_descriptors_only() -> None:
    async def main() -> None:
        async with nursery() as (launcher, _):
            others = [launcher.fork("sleep") for _ in range(3)]
            for each in others:
                await each.channel.receive()
            process = launcher.fork("descriptors")
            # Three standard ones, and the socket.
            assert await process.channel.receive() == (Kind.DATA, b"4")
            for each in others:
                each.kill()
                await ending(each)

    asyncio.run(main())


def test_the_last_words_of_a_child_are_told() -> None:
    async def main() -> None:
        async with nursery() as (launcher, _):
            shouted = await ending(launcher.fork("shout"))
            assert shouted.status == -signal.SIGABRT
            assert shouted.words.endswith("and these last words")
            assert len(shouted.words) <= 2000
            failed = await ending(launcher.fork("fail"))
            assert failed.status == 1
            assert failed.words.endswith("ValueError: a fault")
            missing = await ending(launcher.fork("missing"))
            assert (missing.status, missing.words) == (1, "there is no such module")

    asyncio.run(main())


def test_children_are_lost_with_the_nursery() -> None:
    async def main() -> None:
        async with nursery() as (launcher, pid):
            process = launcher.fork("sleep")
            await process.channel.receive()
            async with asyncio.timeout(5):
                while process.pid is None:
                    await asyncio.sleep(0.01)
            os.kill(pid, signal.SIGKILL)
            assert (await ending(process)).words == LOST
            await launcher.lost
            process.channel.close()
            async with asyncio.timeout(5):
                while command(process.pid):
                    await asyncio.sleep(0.01)

    asyncio.run(main())


def test_many_children_at_once() -> None:
    async def main() -> None:
        async with nursery() as (launcher, pid):
            found = [launcher.fork("sleep") for _ in range(50)]
            for each in found:
                await each.channel.receive()
            for each in found:
                each.kill()
            assert {(await ending(each)).status for each in found} == {-signal.SIGKILL}
            assert children(pid) == []

    asyncio.run(main())
