from __future__ import annotations

import os
import resource
import sys
import threading
import time

import pytest
from processes import command, in_child, wait_until

from api.sandbox import (
    close_others,
    die_with,
    forgo_cores,
    limit_descriptors,
    limit_memory,
    run_on_deep_stack,
    taken_memory,
    yield_to_others,
)

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a means of Linux")


@pytest.mark.parametrize(("spare", "opened"), [(0, 0), (3, 3)])
def test_no_more_descriptors_are_opened_than_are_spared(spare: int, opened: int) -> None:
    def work() -> int:
        close_others(set())
        limit_descriptors(spare)
        count = 0
        while True:
            try:
                os.dup(0)
            except OSError:
                return count
            count += 1

    # All but the standard three are closed, so that the third one tells the result.
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.dup2(writer, 2)
        os.write(2, b"%d" % work())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        assert file.read() == str(opened).encode()
    os.waitpid(pid, 0)


@LINUX
def test_memory_is_limited_beyond_what_is_taken() -> None:
    def work() -> str:
        limit_memory(64)
        kept = bytearray(32 * 1024 * 1024)
        try:
            return f"{len(kept + bytes(128 * 1024 * 1024))}"
        except MemoryError:
            return "refused"

    assert taken_memory() > 1024 * 1024
    assert in_child(work) == "refused"


@LINUX
def test_a_child_dies_with_its_parent() -> None:
    reader, writer = os.pipe()
    parent = os.fork()
    if not parent:
        child = os.fork()
        if not child:
            die_with(os.getppid())
            os.write(writer, b"%d" % os.getpid())
            time.sleep(60)
        time.sleep(60)
    child = int(os.read(reader, 20))
    os.kill(parent, 9)
    os.waitpid(parent, 0)
    wait_until(lambda: not command(child))


def test_an_orphan_does_not_begin() -> None:
    pid = os.fork()
    if not pid:
        die_with(1 if os.getppid() != 1 else 2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_a_thread_has_a_deep_stack_and_its_errors_come_out() -> None:
    def work() -> str:
        depths: list[int] = []
        forgo_cores()

        def dive() -> None:
            sys.setrecursionlimit(200_000)
            depths.append(nested(20_000))

        run_on_deep_stack(dive)
        return f"{depths[0]} {resource.getrlimit(resource.RLIMIT_CORE)[0]}"

    try:
        assert in_child(work) == "20000 0"
    finally:
        threading.stack_size(0)
    assert "the very error" in in_child(lambda: run_on_deep_stack(fail))


def nested(depth: int) -> int:
    return 1 + max(map(nested, [depth - 1])) if depth > 1 else 1


def fail() -> None:
    raise ValueError("the very error")


def test_a_nice_process_lets_others_go_first() -> None:
    def work() -> int:
        before = os.nice(0)
        yield_to_others(5)
        return os.nice(0) - before

    assert in_child(work) == "5"
