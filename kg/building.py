"""From a base and its journal to a snapshot: taken where one is there, else made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import Store

from kg.assembly import Assembly
from kg.beside import beside, remove_leftovers
from kg.files_building import build_from_files
from kg.home_lock import home_locked
from kg.importing.folder import Import
from kg.inputs import TOOLS, Inputs
from kg.journal import Entry, read_journal, remove_unfinished
from kg.manifest import GraphCounts, Manifest, read_validation
from kg.merged_quads import SortedFile, merge_quads
from kg.nquads import canonical_quads, snapshot_id
from kg.passing import is_passed, pass_folder, pass_snapshot
from kg.places import PlaceFinder
from kg.problem import Place, Problem, Refused
from kg.progress import Progress, Silence
from kg.shipped import Shipped
from kg.snapshot import (
    Snapshot,
    find_current,
    find_snapshots,
    is_sound,
    make_current,
    renew_age,
    write_snapshot,
)
from kg.statement_limits import find_long_statement

__all__ = ["Base", "InputsChangedError", "build", "build_locked", "find_sound", "write_assembly"]


class InputsChangedError(OSError):
    """The files were changed while they were read; the message says what to do."""


class Base(Protocol):
    """What a data set starts from, before anything is written to it."""

    @property
    def shipped(self) -> Shipped:
        """The shapes and checks that its writes must pass."""

    def home(self, home: Path) -> Path:
        """Return the folder of its snapshots and its journal in a home."""

    def is_read_only(self, graph: str) -> bool:
        """Tell whether users may not write to a graph."""

    def read_inputs(self) -> Inputs:
        """Return the digests of its files."""

    def read_places(self) -> PlaceFinder:
        """Return where its statements were written, by portable names."""

    def files_to_sort(self, journal: Sequence[Entry]) -> tuple[tuple[Path, str], ...] | None:
        """Return the RDF files, with their SHA-256, that are all of it; None: assemble it."""

    def assemble(self, journal: Sequence[Entry], progress: Progress) -> Assembly:
        """Return its graph with the writes of a journal; raises Refused."""

    def has_rules_of(self, inputs: Inputs) -> bool:
        """Tell whether its rules are still those of these inputs."""

    def complete(
        self, store: Store, inputs: Inputs
    ) -> tuple[dict[str, GraphCounts], tuple[Import, ...]]:
        """Add what follows from the asserted graphs of these inputs.

        Returns the counts of all graphs, and the imports that belong to them.
        """

    def to_json(self) -> dict[str, Any]:
        """Return the base as JSON values."""


def build(
    base: Base,
    home: Path,
    *,
    progress: Progress | None = None,
    as_current: bool = True,
    gated: bool = False,
) -> Snapshot:
    """Build the graph of a base in a home, and make it current unless told otherwise.

    Where a sound snapshot of the same inputs exists, it is taken instead. ``gated`` tells that
    files of a user must pass shapes and checks, as records always do. Raises Refused with
    all problems of a stage, InputsChangedError for files that change all the time, and
    JournalDamagedError; the current snapshot is then what it was. A second build of the same
    home waits for the first.
    """
    listener, place = progress or Silence(), base.home(home)
    inputs = _read_inputs(base, read_journal(place))
    current = find_current(place)
    if current and _is_of(inputs, current) and (not gated or is_passed(base.shipped, current)):
        renew_age(current.directory)
        return current
    with home_locked(place, listener):
        return build_locked(base, place, listener, as_current=as_current, gated=gated)


def build_locked(
    base: Base, place: Path, listener: Progress, *, as_current: bool = True, gated: bool = False
) -> Snapshot:
    """Build as ``build`` does, in the folder of the base, whose lock the caller holds."""
    remove_leftovers(place)
    remove_unfinished(place)
    journal = read_journal(place)
    inputs = _read_inputs(base, journal)
    found = find_sound(place, inputs)
    files = base.files_to_sort(journal) if found is None else None
    if files is not None:
        judge = partial(pass_folder, base.shipped) if gated else None
        read = partial(_read_inputs, base, journal)
        found = build_from_files(place, files, read, listener, judge)
    elif found is None:
        inputs, assembly = _assemble_unchanged(base, journal, listener)
        listener.start("Writing the snapshot")
        found = write_assembly(place, assembly, inputs)
        listener.finish(f"{found.id[:12]} with {found.manifest.quads:,} quads")
    if gated and not is_passed(base.shipped, found):
        found = pass_snapshot(base.shipped, place, found, listener)
    if as_current:
        make_current(place, found.id)
    return found


def find_sound(place: Path, inputs: Inputs) -> Snapshot | None:
    """Return a sound snapshot of some inputs, or None."""
    return next((each for each in find_snapshots(place) if _is_of(inputs, each)), None)


def write_assembly(place: Path, assembly: Assembly, inputs: Inputs) -> Snapshot:
    """Write a graph as a snapshot that is not current yet; the caller holds the lock.

    Raises Refused for a statement that could not be read again.
    """
    quads = canonical_quads(assembly.store)
    if too_long := find_long_statement(quads):
        raise Refused([Problem(Place("the graph", 0), too_long)])
    describe = partial(_describe, assembly, inputs)
    if not assembly.imports:
        return write_snapshot(place, quads, describe(snapshot_id(quads)), as_current=False)
    folder = place / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    with beside(folder, "merging") as made:
        merged = made / "data.nq"
        files = [SortedFile(each.nquads, each.digest) for each in assembly.imports]
        identifier = merge_quads(quads, files, merged)
        return write_snapshot(place, merged, describe(identifier), as_current=False)


def _describe(assembly: Assembly, inputs: Inputs, identifier: str) -> Manifest:
    return Manifest(
        id=identifier,
        quads=sum(counts.triples for counts in assembly.counts.values()),
        graphs=assembly.counts,
        inputs=inputs,
        validation=read_validation(assembly.portable_problems),
        tools=TOOLS,
    )


def _assemble_unchanged(
    base: Base, journal: Sequence[Entry], listener: Progress
) -> tuple[Inputs, Assembly]:
    """Return a graph and the inputs that it is surely made of: they are the same before and after.

    Raises InputsChangedError when they changed meanwhile, and again at the second try.
    """
    for _ in range(2):
        inputs = _read_inputs(base, journal)
        assembly = base.assemble(journal, listener)
        if _read_inputs(base, journal).digest == inputs.digest:
            return inputs, assembly
    raise InputsChangedError(
        "the records were changed while they were read, twice; build again when nobody writes them"
    )


def _read_inputs(base: Base, journal: Iterable[Entry]) -> Inputs:
    inputs = base.read_inputs()
    for entry in journal:
        inputs = inputs.with_write(entry.digest)
    return inputs


def _is_of(inputs: Inputs, snapshot: Snapshot) -> bool:
    return snapshot.manifest.inputs.digest == inputs.digest and is_sound(snapshot)
