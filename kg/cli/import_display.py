"""What a person sees of an import: how far it is, its figures, and the list of imports."""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from kg.cli.display import print_note
from kg.importing.folder import Import
from kg.importing.progress import ImportProgress
from kg.importing.run import Outcome
from kg.importing.tally import Tally

__all__ = ["print_outcome", "shown_import", "table_of"]

_SECONDS_BETWEEN_LINES = 5.0
_UNBOUNDED = 100_000


@contextmanager
def shown_import(name: str) -> Iterator[ImportProgress]:
    """Give a listener that shows an import: a line that changes, or lines where none can."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    if not console.is_terminal:
        yield _Lines(name)
        return
    with console.status(Text(f"{name}: reading")) as status:
        yield _Live(name, status)


def print_outcome(outcome: Outcome) -> None:
    """Print what an import has taken and left, and what it cost."""
    made = outcome.made
    counts = made.counts
    if not outcome.is_new:
        print_note(
            f"{made.name}: already imported, from the same files "
            f"({counts.kept:,} records, {counts.triples:,} triples); nothing is written"
        )
        return
    print_note(
        f"{made.name}: {counts.read:,} records read, {counts.kept:,} kept, "
        f"{counts.matched:,} of them on {counts.refers:,} things of this graph"
    )
    _print_lists(made)
    seconds = max(outcome.seconds, 0.001)
    print_note(
        f"{made.name}: {counts.triples:,} triples, {counts.triples / seconds:,.0f} a second; "
        f"{_peak():,.0f} MiB of memory at most; {seconds:,.1f} seconds"
    )


def table_of(imports: Iterable[Import]) -> str:
    """Return the imports as a table: an import a line."""
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for title in ("name", "version", "retrieved", "records", "triples", "from", "licence"):
        shown.add_column(title, justify="right" if title in ("records", "triples") else "left")
    for each in imports:
        said, counts = each.description, each.counts
        shown.add_row(
            each.name,
            said.version or "not stated",
            said.retrieved,
            f"{counts.kept:,}",
            f"{counts.triples:,}",
            "shipped" if each.is_shipped else "own",
            said.licence or "not stated",
        )
    console = Console(file=io.StringIO(), width=_UNBOUNDED, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(shown)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


class _Lines:
    """A listener that prints a line every few seconds."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rate = _Rate()

    def say(self, sentence: str) -> None:
        """Print the sentence."""
        print_note(f"{self._name}: {sentence}")

    def count(self, tally: Tally) -> None:
        """Print the counts, where the last line is some seconds old."""
        if self._rate.is_due():
            print_note(f"{self._name}: {self._rate.shown(tally)}")


class _Live:
    """A listener that keeps a line of a terminal up to date."""

    def __init__(self, name: str, status: Status) -> None:
        self._name = name
        self._status = status
        self._rate = _Rate()

    def say(self, sentence: str) -> None:
        """Print the sentence, and show it as what goes on."""
        self._status.console.print(Text(f"{self._name}: {sentence}"))

    def count(self, tally: Tally) -> None:
        """Show the counts."""
        self._status.update(Text(f"{self._name}: {self._rate.shown(tally)}"))


class _Rate:
    """How many records a second this process has dealt with."""

    def __init__(self) -> None:
        self._started = self._printed = time.monotonic()
        self._before: int | None = None

    def is_due(self) -> bool:
        """Tell whether the last line is some seconds old; then another one counts."""
        is_due = time.monotonic() - self._printed >= _SECONDS_BETWEEN_LINES
        if is_due:
            self._printed = time.monotonic()
        return is_due

    def shown(self, tally: Tally) -> str:
        """Return the counts and the rate since the first of them was heard."""
        if self._before is None:
            self._before = 0
        seconds = max(time.monotonic() - self._started, 0.001)
        rate = (tally.read - self._before) / seconds
        rejected = tally.rejects.total()
        return f"{tally.read:,} records read, {rate:,.0f} a second, {rejected:,} rejected"


def _print_lists(made: Import) -> None:
    counts = made.counts
    if counts.rejects:
        print_note(
            f"{made.name}: not taken: {_listed(counts.rejects)}; see {made.directory}/rejects.tsv"
        )
    if counts.unmatched:
        print_note(
            f"{made.name}: names that nothing here has: {_listed(counts.unmatched)}; "
            f"see {made.directory}/unmatched.tsv"
        )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _peak() -> float:
    """Return the most memory that this process ever held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
