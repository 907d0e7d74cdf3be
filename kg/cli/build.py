"""``sarcoma-kg build``: make a snapshot, or take the one that is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from kg import base as building
from kg.base import choose_base
from kg.cli.display import print_note, shown_progress
from kg.cli.options import Data, Gate, Graph, Home, NoImports, Verbose
from kg.cli.review import print_review
from kg.problem import Problem
from kg.settings import read_settings
from kg.shipped import find_shipped

__all__ = ["EXAMPLES", "build"]

EXAMPLES = """\b
Examples:
  sarcoma-kg build --data my-records/
  sarcoma-kg build --graph large.nq --verbose
"""


def build(
    *,
    home: Home = None,
    data: Data = None,
    graph: Graph = None,
    gate: Gate = None,
    no_imports: NoImports = False,
    verbose: Verbose = False,
) -> None:
    """Build the graph and make it the current snapshot.

    Prints the id of the snapshot. The same inputs give the same id; where a snapshot of them
    exists, it is taken. Records that break a rule stop the build, and the snapshot that was
    current stays it. Warnings are printed, and notes with -v only; with --data, the warnings of
    the shipped records are only counted without -v.

    With --graph, the graph is that of RDF files in the model of this one, of any size: they are
    sorted on disk, must pass shapes and checks, and are kept apart, as serve --graph finds them.
    What was cut off goes on where it was.
    """
    settings = read_settings(
        home=home, data=data, graph=graph, gate=gate, imports=False if no_imports else None
    )
    with shown_progress(verbose=verbose) as progress:
        base = choose_base(settings, find_shipped())
        gated = settings.gate and bool(settings.graph)
        snapshot = building.build(base, settings.home, progress=progress, gated=gated)
    manifest, found = snapshot.manifest, snapshot.manifest.validation
    problems = [_as_typed(problem, settings.data) for problem in found.problems]
    print_review(problems, manifest.inputs.files, verbose=verbose)
    print_note(
        f"{manifest.quads:,} quads and {manifest.claims:,} claims "
        f"in {len(manifest.graphs)} graphs, {found.warnings} warnings, {found.infos} notes; "
        f"in {snapshot.directory}"
    )
    typer.echo(snapshot.id)


def _as_typed(problem: Problem, overlay: Path | None) -> Problem:
    """Return a problem that names a file of the user by the path that was typed."""
    name = problem.place.file.removeprefix("overlay/")
    if overlay is None or name == problem.place.file:
        return problem
    return replace(problem, place=replace(problem.place, file=str(overlay / name)))
