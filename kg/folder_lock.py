"""Locks on folders: who reads one keeps it from being removed.

The lock is advisory, needs no file of its own, and ends with the process that holds it. Where the
system or the drive has no such locks, nothing is locked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system
    fcntl = None  # type: ignore[assignment]

__all__ = ["read_locked", "removal_locked"]


@contextmanager
def read_locked(folder: Path) -> Iterator[None]:
    """Keep a folder from being removed; waits while it is. Raises OSError without the folder."""
    if fcntl is None:
        yield
        return
    with _opened(folder) as descriptor:
        _is_locked(descriptor, fcntl.LOCK_SH)
        yield


@contextmanager
def removal_locked(folder: Path) -> Iterator[bool]:
    """Tell whether a folder may be removed, as nobody reads it; nobody can start to meanwhile.

    Raises OSError without the folder.
    """
    if fcntl is None:
        yield True
        return
    with _opened(folder) as descriptor:
        yield _is_locked(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_locked(descriptor: int, operation: int) -> bool:
    """Take a lock, and tell whether it was free."""
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    except OSError:
        return True  # the drive has no locks
    return True


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
