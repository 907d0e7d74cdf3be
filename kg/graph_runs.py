"""RDF files of any size as sorted runs on disk, and these as the sorted lines of a snapshot."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.disk_sync import sync
from kg.graph_summary import Summary
from kg.importing.runs import few_enough, write_run
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

    Raises Refused with the problems of all files.
    """
    problems = list[Problem]()
    sorter = _Sorter(place, state, listener, run_bytes or RUN_BYTES)
    for path, digest in files[state.files :]:
        listener.start(f"Sorting {path.name}", path.stat().st_size >> 20)
        try:
            sorter.take(path, digest)
        except (SyntaxError, StatementError, MemoryError) as error:
            problems.append(explain(path, error))
        listener.finish(f"{sorter.count:,} statements so far")
    if problems:
        raise Refused(problems)
    return sorter.end()


def merge_sorted(place: Workplace, state: Making, listener: Progress) -> Making:
    """Merge the runs into the sorted lines of a snapshot, and count them."""
    listener.start("Merging")
    paths = few_enough(place.folder, [place.folder / run.name for run in state.runs])
    summary = Summary()
    digest = _merge(paths, place.data, summary)
    write_merges(place.snapshot / MERGES_FILE, Merges(summary.shared))
    done = replace(state, runs=(), quads=digest, graphs=summary.counts)
    place.save(done)
    for path in place.folder.glob("*.nq"):
        path.unlink()
    listener.finish(f"{summary.total:,} quads in {len(done.graphs)} graphs")
    return done


def _merge(paths: Sequence[Path], target: Path, summary: Summary) -> str:
    """Write the lines of sorted files, and return their SHA-256."""
    digest = hashlib.sha256()
    if len(paths) == 1:
        _link(paths[0], target)
        for block in read_blocks(target, digest=digest.update):
            summary.add(block)
        return digest.hexdigest()
    with target.open("wb") as file:
        for block in merge_blocks([read_blocks(path) for path in paths]):
            text = b"".join(block)
            file.write(text)
            digest.update(text)
            summary.add(block)
    sync(target)
    return digest.hexdigest()


def _link(path: Path, target: Path) -> None:
    """Give a file a second name, or where the file system cannot do that, a copy."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, target)
        sync(target)


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
        can_go_on, told = True, self.state.offset >> 20
        for chunk in chunks_of(path, digest, self.state.offset):
            self._lines += chunk.lines
            self._size += sum(map(len, chunk.lines))
            self.count += len(chunk.lines)
            can_go_on = can_go_on and not chunk.has_blank_nodes
            for _ in range(told, chunk.end >> 20):
                self.listener.advance()
            told = max(told, chunk.end >> 20)
            if self._size >= self.run_bytes or time.monotonic() - self._saved > _SECONDS:
                # Names of blank nodes go by all that came before: such a file is read from its
                # beginning after a death, and what comes again is dropped by the merge.
                self._write(replace(self.state, offset=chunk.end if can_go_on else 0))
        self.state = replace(self.state, files=self.state.files + 1, offset=0)

    def end(self) -> Making:
        """Write what is left."""
        self._write(replace(self.state, is_sorted=True))
        return self.state

    def _write(self, state: Making) -> None:
        run = write_run(self.place.folder, len(state.runs), self._lines)
        self._lines, self._size, self._saved = [], 0, time.monotonic()
        self.state = replace(state, runs=(*state.runs, run))
        self.place.save(self.state)
