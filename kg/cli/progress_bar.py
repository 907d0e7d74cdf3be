"""A bar for each stage of a build, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Display

from kg.progress import Progress

__all__ = ["shown_bar"]


@contextmanager
def shown_bar(console: Console, following: Progress) -> Iterator[Progress]:
    """Give a listener that moves a bar while the block runs; ``following`` hears all of it too."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    counts = (MofNCompleteColumn(), TimeElapsedColumn())
    with Display(*columns, *counts, console=console, transient=True) as display:
        yield _Bar(display, following)


class _Bar:
    """A listener that moves a bar, and hands on what it hears."""

    def __init__(self, display: Display, following: Progress) -> None:
        self._display = display
        self._following = following

    def start(self, stage: str, total: int | None = None) -> None:
        """Show a bar for the stage."""
        self._display.add_task(stage, total=total)
        self._following.start(stage, total)

    def advance(self) -> None:
        """Move the bar of the stage."""
        self._display.advance(self._display.task_ids[-1])

    def finish(self, summary: str) -> None:
        """Remove the bar."""
        self._display.remove_task(self._display.task_ids[-1])
        self._following.finish(summary)
