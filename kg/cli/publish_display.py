"""What a person sees of a publication: how far it is, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kg.cli.display import print_note
from kg.publish import Listener, Outcome
from kg.publish_verifying import Verdict

__all__ = ["print_outcome", "print_verdict", "shown_publication"]

_SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def shown_publication() -> Iterator[Listener]:
    """Give a listener that shows a publication: a bar on a terminal, else a line now and then."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    counts = (MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, *counts, console=console, transient=True) as display:
        yield _Bars(display)


def print_verdict(verdict: Verdict) -> None:
    """Print what a verification compared, and the exceptions of the engine."""
    extent = "all" if verdict.is_whole else "a sample"
    print_note(
        f"verified: the counts of {verdict.graphs:,} graphs, and {verdict.compared:,} triples of "
        f"{verdict.subjects:,} subjects one by one ({extent})"
    )
    for each in verdict.exceptions:
        print_note(f"exception of the engine: {each}")


def print_outcome(outcome: Outcome, snapshot: str, address: str) -> None:
    """Print what a publication did."""
    print_verdict(outcome.verdict)
    state = "was visible already" if outcome.was_visible else "is visible now"
    print_note(f"snapshot {snapshot[:12]} {state} at {address}")
    for each in outcome.removed:
        print_note(f"removed from the engine: snapshot {each[:12]}")
    for each in outcome.waiting:
        print_note(f"still at the engine: snapshot {each[:12]}")


class _Lines:
    """A listener that prints a line every few seconds."""

    def __init__(self) -> None:
        self._rate = _Rate()

    def say(self, sentence: str) -> None:
        """Print the sentence."""
        print_note(sentence)

    def count(self, stage: str, done: int, total: int) -> None:
        """Print the count, where the last line is some seconds old."""
        if shown := self._rate.show(stage, done):
            print_note(f"{stage}: {done:,} of {total:,} triples, {shown}")


class _Bars:
    """A listener that moves a bar for each stage."""

    def __init__(self, display: Progress) -> None:
        self._display = display
        self._tasks: dict[str, TaskID] = {}

    def say(self, sentence: str) -> None:
        """Print the sentence above the bars."""
        self._display.console.print(sentence)

    def count(self, stage: str, done: int, total: int) -> None:
        """Move the bar of the stage."""
        if stage not in self._tasks:
            self._tasks[stage] = self._display.add_task(stage, total=total)
        self._display.update(self._tasks[stage], completed=done, total=total)


class _Rate:
    """How many triples a second a stage takes, from the first count that was heard."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = self._printed = 0.0
        self._first = 0

    def show(self, stage: str, done: int) -> str | None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._printed, self._first = stage, now, now, done
        if now - self._printed < _SECONDS_BETWEEN_LINES:
            return None
        self._printed = now
        return f"{(done - self._first) / (now - self._began):,.0f} a second"
