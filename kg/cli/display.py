"""What a person sees on standard error: progress, problems, errors."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kg.problem import Problem, Severity
from kg.progress import Progress, Silence

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_error", "print_note", "print_problems", "shown_progress"]

_STYLES = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def print_problems(problems: Iterable[Problem]) -> None:
    """Print each problem on a line of standard error, as ``file:line: message``."""
    if listed := [*problems]:
        console = _console()
        for problem in listed:
            console.print(str(problem), style=_STYLES[problem.severity])


def print_note(sentence: str) -> None:
    """Print a sentence on standard error."""
    typer.echo(sentence, err=True)


def print_error(sentence: str) -> None:
    """Print what went wrong on standard error."""
    _console().print(f"sarcoma-kg: {sentence}", style="red")


@contextmanager
def shown_progress(*, verbose: bool) -> Iterator[Progress]:
    """Give a listener that shows a build: a bar on a terminal, lines when ``verbose``."""
    lines = _Lines() if verbose else Silence()
    if not sys.stderr.isatty():
        yield lines
        return
    from kg.cli.progress_bar import shown_bar  # noqa: PLC0415 - as the console below

    with shown_bar(_console(), lines) as bar:
        yield bar


def _console() -> Console:
    # It takes longer to import than many a command runs, and most have nothing to draw.
    from rich.console import Console  # noqa: PLC0415

    # Soft wrapping keeps a problem on its line: scripts read standard error line by line.
    return Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)


class _Lines:
    """A listener that prints a line when a stage is over."""

    def __init__(self) -> None:
        self._stage = ""

    def start(self, stage: str, total: int | None = None) -> None:  # noqa: ARG002
        """Remember the stage."""
        self._stage = stage

    def advance(self) -> None:
        """Ignore the step."""

    def finish(self, summary: str) -> None:
        """Print the stage and its summary."""
        print_note(f"{self._stage}: {summary}")
