"""The lock of a home: one process at a time changes what is kept there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kg.progress import Progress

__all__ = ["home_locked"]


@contextmanager
def home_locked(home: Path, listener: Progress) -> Iterator[None]:
    """Hold the lock of a home, which dies with its process; say so when it takes a moment."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "build.lock")
    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        listener.start("Waiting for another build of this home")
        lock.acquire()
        listener.finish("it is done")
    try:
        yield
    finally:
        lock.release()
