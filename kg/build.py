"""From files to a snapshot: the stages of a build, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pyoxigraph import NamedNode, Quad, Store

from kg.catalogue import CATALOGUE, describe_graphs
from kg.context import read_context
from kg.gate import read_gate, stopping
from kg.inputs import TOOLS, Inputs, read_inputs
from kg.manifest import GraphCounts, Manifest, count_graphs, read_validation
from kg.problem import Problem, Refused
from kg.progress import Progress, Silence
from kg.reading import read_sources
from kg.rules import infer, read_rules
from kg.shipped import Shipped
from kg.snapshot import (
    Snapshot,
    canonical_quads,
    find_current,
    find_snapshots,
    is_sound,
    make_current,
    remove_leftovers,
    renew_age,
    snapshot_id,
    write_snapshot,
)
from kg.sources import Source, find_sources

__all__ = ["Assembly", "InputsChangedError", "assemble", "build"]


class InputsChangedError(OSError):
    """The files were changed while they were read; the message says what to do."""


@dataclass(frozen=True)
class Assembly:
    """A complete graph that passed the gate, in memory; ``problems`` are those that stop nothing.

    ``counts`` are the counts of each named graph, ``rounds`` how often the rules were applied.
    """

    store: Store
    problems: tuple[Problem, ...]
    counts: dict[str, GraphCounts]
    rounds: int


def build(
    shipped: Shipped,
    home: Path,
    *,
    overlay: Path | None = None,
    progress: Progress | None = None,
    as_current: bool = True,
) -> Snapshot:
    """Build the graph, and make it the current snapshot of ``home`` unless told otherwise.

    Where a sound snapshot of the same inputs exists, it is taken instead. Raises Refused with all
    problems of a stage, OverlayError for an unusable ``overlay``, InputsChangedError for files
    that change all the time; the current snapshot is then what it was. A second build of the same
    home waits for the first.
    """
    listener = progress or Silence()
    inputs = read_inputs(shipped, find_sources(shipped, overlay))
    current = find_current(home)
    if current and _is_of(inputs, current):
        renew_age(current.directory)
        return current
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home, listener):
        remove_leftovers(home)
        found = _find_of(inputs, home)
        if found is None:
            return _make(shipped, home, overlay, listener, as_current=as_current)
        if as_current:
            make_current(home, found.id)
        return found


def assemble(
    shipped: Shipped, sources: tuple[Source, ...], progress: Progress | None = None
) -> Assembly:
    """Return the graph of the sources, in memory: read, gated, with what the rules infer.

    Raises Refused with all problems of the stage that found any.
    """
    listener = progress or Silence()
    context = read_context(shipped.context, shown_as="ontology/context.jsonld")
    gate, rules = read_gate(shipped.shapes), read_rules(shipped.ontology / "rules")

    listener.start("Reading the records", sum(len(source.files) for source in sources))
    asserted = read_sources(sources, context, progress=listener)
    store = asserted.store
    listener.finish(f"{len(store):,} triples from {len(sources)} graphs")

    listener.start("Checking shapes and rules")
    problems = gate.problems(store, places=asserted.places, namespaces=context.namespaces)
    if violations := stopping(problems):
        raise Refused(violations)
    listener.finish(f"no violation, {len(problems)} to review")

    listener.start("Inferring")
    inference = infer(store, rules)
    listener.finish(f"{inference.total:,} triples by {len(rules)} rules")

    graph = NamedNode(CATALOGUE)
    descriptions = describe_graphs(sources, rules)
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in descriptions)
    counts = count_graphs(store, passage=f"{context.namespaces.ontology}passage")
    return Assembly(store, problems, counts, inference.rounds)


def _make(
    shipped: Shipped, home: Path, overlay: Path | None, listener: Progress, *, as_current: bool
) -> Snapshot:
    inputs, assembly = _assemble_unchanged(shipped, overlay, listener)
    listener.start("Writing the snapshot")
    quads = canonical_quads(assembly.store)
    manifest = Manifest(
        id=snapshot_id(quads),
        quads=len(assembly.store),
        graphs=assembly.counts,
        inputs=inputs,
        validation=read_validation(assembly.problems),
        tools=TOOLS,
    )
    snapshot = write_snapshot(home, quads, manifest, as_current=as_current)
    listener.finish(f"{snapshot.id[:12]} with {manifest.quads:,} quads")
    return snapshot


def _assemble_unchanged(
    shipped: Shipped, overlay: Path | None, listener: Progress
) -> tuple[Inputs, Assembly]:
    """Return a graph and the inputs that it is surely made of: they are the same before and after.

    Raises InputsChangedError when they changed meanwhile, and again at the second try.
    """
    for _ in range(2):
        sources = find_sources(shipped, overlay)
        inputs = read_inputs(shipped, sources)
        assembly = assemble(shipped, sources, listener)
        if read_inputs(shipped, find_sources(shipped, overlay)).digest == inputs.digest:
            return inputs, assembly
    raise InputsChangedError(
        "the records were changed while they were read, twice; build again when nobody writes them"
    )


def _find_of(inputs: Inputs, home: Path) -> Snapshot | None:
    return next((each for each in find_snapshots(home) if _is_of(inputs, each)), None)


def _is_of(inputs: Inputs, snapshot: Snapshot) -> bool:
    return snapshot.manifest.inputs.digest == inputs.digest and is_sound(snapshot)


@contextmanager
def _locked(home: Path, listener: Progress) -> Iterator[None]:
    """Hold the lock of a home, which dies with its process; say so when it takes a moment."""
    lock = FileLock(home / "build.lock")
    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        listener.start("Waiting for another build of this home")
        lock.acquire()
        listener.finish("it is done")
    try:
        yield
    finally:
        lock.release()
