"""Work that recurses deeply, in a thread whose stack has room for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from traceback import clear_frames
from typing import TypeVar

__all__ = ["STACK", "on_deep_stack"]

STACK = 256 * 1024 * 1024
"""Bytes of stack that the limits of ``kg.query_limits`` were measured with."""

Made = TypeVar("Made")
_STARTING = threading.Lock()

if hasattr(os, "register_at_fork"):
    # A child must not find the lock held by a thread that it does not have.
    os.register_at_fork(
        before=_STARTING.acquire,
        after_in_parent=_STARTING.release,
        after_in_child=_STARTING.release,
    )


def on_deep_stack(work: Callable[[], Made]) -> Made:
    """Return what some work returns, and raise what it raises.

    What the work held belongs to its thread, as results of the engine do: an error takes none
    of it along.

    >>> on_deep_stack(lambda: 6 * 7)
    42
    """
    made: Future[Made] = Future()

    def run() -> None:
        try:
            made.set_result(work())
        except BaseException as error:
            _let_go(error)
            made.set_exception(error)

    thread = threading.Thread(target=run, name="deep-stack", daemon=True)
    with _STARTING:
        before = threading.stack_size(STACK)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    return made.result()


def _let_go(error: BaseException | None) -> None:
    """Clear what the calls held that an error, and those behind it, came through."""
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
