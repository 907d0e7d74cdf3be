"""The processes of a test's own engine, as the system lists them."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

__all__ = ["children", "command", "descendants", "in_child", "open_descriptors", "wait_until"]


def in_child(work: Callable[[], object]) -> str:
    """Return what a function returns in a child process, as text, or its traceback."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            told = str(work())
        except BaseException:
            told = traceback.format_exc()
        os.write(writer, told.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        told = file.read().decode()
    os.waitpid(pid, 0)
    return told


def children(pid: int) -> list[int]:
    """Return the children of a process, zombies included."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.name))
    return sorted(found)


def descendants(pid: int) -> list[int]:
    """Return the children of a process, and theirs."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def command(pid: int) -> str:
    """Return the command line of a process; "" when it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def open_descriptors(pid: int | None = None) -> int:
    """Return how many descriptors a process, or this one, has open."""
    return len(list(Path(f"/proc/{pid or os.getpid()}/fd").iterdir()))


def wait_until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so; fails when it is not in time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.01)
