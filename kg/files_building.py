"""From RDF files of any size to a snapshot, in bounded memory: sorted, merged, loaded, gated."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from kg.database_loading import write_database
from kg.disk_sync import sync_tree
from kg.file_digests import touched_marks
from kg.graph_runs import merge_sorted, sort_files
from kg.inputs import TOOLS, Inputs
from kg.making import Making, Workplace, open_workplace
from kg.manifest import GraphCounts, Manifest, read_validation
from kg.problem import Problem, Refused
from kg.progress import Progress
from kg.snapshot import Snapshot, adopt_folder

__all__ = ["Judge", "build_from_files", "make_from_files"]

Judge = Callable[[Path, Progress], tuple[Problem, ...]]
"""Returns what is to be reviewed in a folder with ``data.nq`` and ``database``; raises Refused."""

_FOLDER = "making"


def build_from_files(
    place: Path,
    files: Sequence[tuple[Path, str]],
    read_inputs: Callable[[], Inputs],
    listener: Progress,
    judge: Judge | None = None,
) -> Snapshot:
    """Return the snapshot of files, given with their SHA-256; the caller holds the lock.

    Killed at any moment, nothing half-made can be seen, and the next call with the same inputs
    goes on with the runs and the stages that were finished. Raises Refused, and what
    ``read_inputs`` raises for files that were changed meanwhile.
    """
    folder, before = place / _FOLDER, _marks_of(files)
    workplace, manifest = make_from_files(folder, files, read_inputs(), listener, judge)
    try:
        read_inputs()
        _check_untouched(files, before)
    except OSError:
        workplace.remove()
        raise
    snapshot = adopt_folder(place, workplace.snapshot, manifest)
    workplace.remove()
    return snapshot


def make_from_files(
    folder: Path,
    files: Sequence[tuple[Path, str]],
    inputs: Inputs,
    listener: Progress,
    judge: Judge | None = None,
) -> tuple[Workplace, Manifest]:
    """Return a folder with what becomes a snapshot, and its manifest; raises Refused.

    After a refusal nothing is left of it.
    """
    # What was sorted of a file counts no more once it was touched, whatever is in it now.
    workplace, state = open_workplace(folder, f"{inputs.digest} {_marks_of(files)}")
    if state.runs or state.quads:
        listener.start("Going on with a build that was cut off")
        listener.finish(_told(state))
    try:
        state = _make_data(workplace, state, files, listener)
        _make_database(workplace, state, listener)
        problems = judge(workplace.snapshot, listener) if judge else ()
    except Refused:
        workplace.remove()
        raise
    return workplace, _describe(state, inputs, problems)


def _marks_of(files: Sequence[tuple[Path, str]]) -> str:
    return json.dumps([touched_marks(path) for path, _ in files])


def _check_untouched(files: Sequence[tuple[Path, str]], before: str) -> None:
    if _marks_of(files) != before:
        names = ", ".join(str(path) for path, _ in files)
        raise OSError(f"{names}: a file was written to while it was read; start again")


def _make_data(
    workplace: Workplace, state: Making, files: Sequence[tuple[Path, str]], listener: Progress
) -> Making:
    if not state.is_sorted:
        state = sort_files(workplace, state, files, listener)
    return state if state.quads else merge_sorted(workplace, state, listener)


def _make_database(workplace: Workplace, state: Making, listener: Progress) -> None:
    if state.is_loaded:
        return
    listener.start("Loading the database")
    rmtree(workplace.database, ignore_errors=True)
    write_database(workplace.database, workplace.data)
    sync_tree(workplace.database)
    workplace.save(replace(state, is_loaded=True))
    listener.finish(f"{sum(count for count, _ in state.graphs.values()):,} quads")


def _told(state: Making) -> str:
    if state.is_loaded:
        return "all is loaded"
    if state.quads:
        return "all is sorted"
    return f"{len(state.runs)} sorted runs are there"


def _describe(state: Making, inputs: Inputs, problems: tuple[Problem, ...]) -> Manifest:
    graphs = {name: GraphCounts(*counts) for name, counts in state.graphs.items()}
    return Manifest(
        id=state.quads,
        quads=sum(counts.triples for counts in graphs.values()),
        graphs=graphs,
        inputs=inputs,
        validation=read_validation(sorted(problems)),
        tools=TOOLS,
    )
