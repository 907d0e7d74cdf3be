"""What a process and all its children have cost: processor time, and memory they hold alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

__all__ = [
    "cpu_by_thread",
    "cpu_nanoseconds",
    "is_measurable",
    "memory_bytes",
    "process_tree",
    "require_memory",
    "spent_since",
]

_PROC = Path("/proc")
_IN_MEMORY = 1.6
"""Bytes of memory that a byte of N-Quads takes in the engines that hold most."""


def is_measurable() -> bool:
    """Tell whether this system says what processes cost, as Linux does."""
    return (_PROC / "self" / "schedstat").is_file()


def process_tree(root: int) -> tuple[int, ...]:
    """Return a process and those it started, and those they did; none that has ended."""
    return tuple(_tree(root))


def _tree(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            with suppress(OSError):
                for child in (task / "children").read_text().split():
                    yield from _tree(int(child))


def cpu_nanoseconds(root: int) -> int:
    """Return the processor time of all threads of a process tree that still run."""
    return sum(cpu_by_thread(root).values())


def cpu_by_thread(root: int) -> dict[int, int]:
    """Return the processor time of each thread of a tree, to tell later what it spent since."""
    return {thread: spent for process in process_tree(root) for thread, spent in _cpu_of(process)}


def spent_since(before: Mapping[int, int], root: int) -> int:
    """Return the processor time that a tree spent since ``cpu_by_thread``.

    What a thread spent that has ended meanwhile is not known, and not counted: some servers have
    a thread for each connection, so keep those open.
    """
    now = cpu_by_thread(root)
    return sum(max(0, spent - before.get(thread, 0)) for thread, spent in now.items())


def _cpu_of(process: int) -> Iterator[tuple[int, int]]:
    with suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            with suppress(OSError):
                yield int(task.name), int((task / "schedstat").read_text().split()[0])


def memory_bytes(root: int) -> int:
    """Return the proportional set size of a process tree: what it shares counts once in all."""
    return sum(map(_memory_of, process_tree(root)))


def _memory_of(process: int) -> int:
    with suppress(OSError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def require_memory(graph: Path) -> None:
    """Raise MemoryError where this machine has less memory left than a graph may take."""
    needed = _IN_MEMORY * graph.stat().st_size
    for line in (_PROC / "meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:") and (left := int(line.split()[1]) * 1024) < needed:
            told = f"{left / 2**30:.1f} GiB of memory are left"
            raise MemoryError(f"{told}, and {needed / 2**30:.1f} may be needed")
