"""The processes of a server, as the system sees them: which they are, and what they hold."""

from __future__ import annotations

from pathlib import Path

__all__ = ["command_of", "descendants", "memory_of", "open_files"]

PROC = Path("/proc")


def descendants(pid: int) -> list[int]:
    """Return the processes below one, parents before their children."""
    found = [pid]
    for parent in found:
        found += _children(parent)
    return found[1:]


def _children(pid: int) -> list[int]:
    try:
        tasks = [*(PROC / str(pid) / "task").iterdir()]
    except OSError:
        return []
    return [int(child) for task in tasks for child in _read(task / "children").split()]


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds, its share of what it shares; 0 where it is gone."""
    lines = _read(PROC / str(pid) / "smaps_rollup").splitlines()
    return next((int(each.split()[1]) * 1024 for each in lines if each.startswith("Pss:")), 0)


def open_files(pid: int) -> int:
    """Return how many descriptors a process has open."""
    return sum(1 for _ in (PROC / str(pid) / "fd").iterdir())


def command_of(pid: int) -> str:
    """Return the command line of a process."""
    return _read(PROC / str(pid) / "cmdline").replace("\0", " ").strip()


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
