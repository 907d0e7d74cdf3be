"""RDF files of any size as sorted runs on disk, and these as the sorted lines of a snapshot."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.disk_sync import sync
from kg.graph_summary import Summary
from kg.importing.runs import few_enough, sorted_blocks, write_run
from kg.making import Making, Workplace
from kg.merges_file import MERGES_FILE, write_merges
from kg.merging import Merges
from kg.problem import Problem, Refused
from kg.progress import Progress
from kg.quad_lines import merge_blocks, read_blocks
from kg.rdf_files import chunks_of, explain
from kg.statement_limits import StatementError

__all__ = ["RUN_BYTES", "merge_sorted", "sort_files"]

RUN_BYTES = 256 << 20
"""How many bytes of lines are sorted in memory."""

_SECONDS = 30.0
"""How much work the death of the process may cost."""


def sort_files(
    place: Workplace,
    state: Making,
    files: Sequence[tuple[Path, str]],
    listener: Progress,
    run_bytes: int | None = None,
) -> Making:
    """Sort files, given with their SHA-256, into runs, from where a former process died.

    What fits in memory needs no run, and is merged at once. Raises Refused with the problems of
    all files.
    """
    problems = list[Problem]()
    sorter = _Sorter(place, state, listener, run_bytes or RUN_BYTES)
    for path, digest in files[state.files :]:
        listener.start(f"Sorting {path.name}", path.stat().st_size >> 20)
        try:
            sorter.take(path, digest)
        except (SyntaxError, StatementError, MemoryError) as error:
            problems.append(explain(path, error))
            # The next one is read from its beginning.
            sorter.state = replace(sorter.state, offset=0, labels=())
        listener.finish(f"{sorter.count:,} statements so far")
    if problems:
        raise Refused(problems)
    return sorter.end()


def merge_sorted(place: Workplace, state: Making, listener: Progress) -> Making:
    """Merge the runs into the sorted lines of a snapshot, and count them."""
    paths = few_enough(place.folder, [place.folder / run.name for run in state.runs])
    done = _write_data(place, state, merge_blocks([read_blocks(path) for path in paths]), listener)
    for path in place.folder.glob("*.nq"):
        path.unlink()
    return done


def _write_data(
    place: Workplace, state: Making, blocks: Iterable[list[bytes]], listener: Progress
) -> Making:
    """Write the sorted lines of a snapshot, and what they hold."""
    listener.start("Merging")
    summary, digest = Summary(), hashlib.sha256()
    with place.data.open("wb") as file:
        for block in blocks:
            text = b"".join(block)
            file.write(text)
            digest.update(text)
            summary.add(block)
    sync(place.data)
    write_merges(place.snapshot / MERGES_FILE, Merges(summary.shared))
    done = replace(state, runs=(), quads=digest.hexdigest(), graphs=summary.counts)
    place.save(done)
    listener.finish(f"{summary.total:,} quads in {len(done.graphs)} graphs")
    return done


@dataclass
class _Sorter:
    """Gathers lines, and writes a run of them when they are many."""

    place: Workplace
    state: Making
    listener: Progress
    run_bytes: int
    count: int = 0
    _size: int = field(default=0, init=False)
    _lines: list[bytes] = field(default_factory=list, init=False)
    _saved: float = field(default_factory=time.monotonic, init=False)

    def take(self, path: Path, digest: str) -> None:
        """Take the lines of the file at which the state is, from where it is."""
        told = self.state.offset >> 20
        for chunk in chunks_of(path, digest, self.state.offset, self.state.labels):
            self._lines += chunk.lines
            self._size += sum(map(len, chunk.lines))
            self.count += len(chunk.lines)
            for _ in range(told, chunk.end >> 20):
                self.listener.advance()
            told = max(told, chunk.end >> 20)
            if self._size >= self.run_bytes or time.monotonic() - self._saved > _SECONDS:
                # Names of blank nodes go by all that came before: a file with many is read from
                # its beginning after a death, and what comes again is dropped by the merge.
                labels = chunk.labels
                offset = 0 if labels is None else chunk.end
                self._write(replace(self.state, offset=offset, labels=labels or ()))
        self.state = replace(self.state, files=self.state.files + 1, offset=0, labels=())

    def end(self) -> Making:
        """Write what is left: all of it is the snapshot where there was no run before."""
        done = replace(self.state, is_sorted=True)
        if done.runs or not self._lines:
            self._write(done)
            return self.state
        lines, self._lines = self._lines, []
        return _write_data(self.place, done, sorted_blocks(lines), self.listener)

    def _write(self, state: Making) -> None:
        run = write_run(self.place.folder, len(state.runs), self._lines)
        self._lines, self._size, self._saved = [], 0, time.monotonic()
        self.state = replace(state, runs=(*state.runs, run))
        self.place.save(self.state)
