"""Where a folder is made: beside its place, and moved there in one step when it is whole."""

from __future__ import annotations

import errno
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from kg.disk_sync import sync, sync_tree
from kg.folder_lock import read_locked, removal_locked

__all__ = ["appearing_folder"]

_MARK = ".making-"
_OLD = "old"
"""What the former folder is called while another one takes its place."""


@contextmanager
def appearing_folder(
    target: Path, *, may_replace: Callable[[Path], bool] = lambda _: False
) -> Iterator[Path]:
    """Give a folder to make something in, which is at ``target`` when the block is over.

    What is there already must be an empty folder, or one that ``may_replace`` allows. Where the
    block raises, or the process is told to end, nothing is left; what a killed one left goes the
    next time. Raises FileExistsError, and OSError for a place that cannot be written to.
    """
    target = target.parent.resolve() / target.name
    _check(target, may_replace)
    prefix = f".{target.name}{_MARK}"
    _clear(target, prefix)
    made = _make(target.parent, prefix)
    try:
        with _ended_by_signal(), read_locked(made):
            yield made
            made.chmod(0o755)
            sync_tree(made)
            _check(target, may_replace)
            _move(made, target)
        sync(target.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _check(target: Path, may_replace: Callable[[Path], bool]) -> None:
    if not target.is_symlink() and not target.exists():
        return
    is_folder = target.is_dir() and not target.is_symlink()
    if is_folder and (not any(target.iterdir()) or may_replace(target)):
        return
    what = "folder that is not empty" if is_folder else "file or link"
    raise FileExistsError(errno.EEXIST, f"there is a {what}", str(target))


def _make(parent: Path, prefix: str) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(parent)) from None


def _move(made: Path, target: Path) -> None:
    """Move a folder to its place; what stood there stays, should that fail."""
    if not target.exists():
        made.rename(target)
        return
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}{_MARK}", dir=target.parent))
    try:
        with read_locked(beside):
            target.rename(beside / _OLD)
            try:
                made.rename(target)
            except OSError:
                (beside / _OLD).rename(target)
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _clear(target: Path, prefix: str) -> None:
    """Remove what processes left that were killed, as nobody holds it; put back what they moved."""
    with suppress(OSError):
        for path in [each for each in target.parent.iterdir() if each.name.startswith(prefix)]:
            with suppress(OSError), removal_locked(path) as free:
                if free and (path / _OLD).exists() and not target.exists():
                    (path / _OLD).rename(target)
                if free:
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end the block as an exception does, so that it is cleared away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
