"""What a person sees on standard error: progress, problems, errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as RichProgress
from rich.text import Text

from kg.problem import Problem, Severity
from kg.progress import Progress, Silence

__all__ = ["print_error", "print_note", "print_problems", "shown_progress"]

_STYLES = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def _console() -> Console:
    # Soft wrapping keeps a problem on its line: scripts read standard error line by line.
    return Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def print_problems(problems: Iterable[Problem]) -> None:
    """Print each problem on a line of standard error, as ``file:line: message``."""
    console = _console()
    for problem in problems:
        console.print(Text(str(problem), style=_STYLES[problem.severity]))


def print_note(sentence: str) -> None:
    """Print a sentence on standard error."""
    _console().print(Text(sentence))


def print_error(sentence: str) -> None:
    """Print what went wrong on standard error."""
    _console().print(Text(f"sarcoma-kg: {sentence}", style="red"))


@contextmanager
def shown_progress(*, verbose: bool) -> Iterator[Progress]:
    """Give a listener that shows a build: a bar on a terminal, lines when ``verbose``."""
    console = _console()
    if not console.is_terminal:
        yield _Lines(console) if verbose else Silence()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    counts = (MofNCompleteColumn(), TimeElapsedColumn())
    with RichProgress(*columns, *counts, console=console, transient=True) as display:
        yield _Bar(display, _Lines(console) if verbose else Silence())


class _Lines:
    """A listener that prints a line when a stage is over."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""

    def start(self, stage: str, total: int | None = None) -> None:  # noqa: ARG002
        """Remember the stage."""
        self._stage = stage

    def advance(self) -> None:
        """Ignore the step."""

    def finish(self, summary: str) -> None:
        """Print the stage and its summary."""
        self._console.print(Text(f"{self._stage}: {summary}"))


class _Bar:
    """A listener that moves a bar, and hands on what it hears."""

    def __init__(self, display: RichProgress, following: Progress) -> None:
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
