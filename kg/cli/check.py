"""``sarcoma-kg check``: read and check everything, write nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from kg.base import FilesBase
from kg.build import assemble
from kg.cli.display import shown_progress
from kg.cli.options import Data, Graph, Home, Verbose
from kg.cli.review import print_review
from kg.files_building import make_from_files
from kg.files_gate import judge_folder
from kg.manifest import GraphCounts
from kg.problem import Place, Problem, Refused
from kg.progress import Progress
from kg.quad_lines import sha256_of
from kg.settings import Settings, SettingsError, read_settings
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot, get_current, get_snapshot, hold, open_database
from kg.sources import GRAPH, find_sources

__all__ = ["EXAMPLES", "check"]

EXAMPLES = """\b
Examples:
  sarcoma-kg check --data my-records/
  sarcoma-kg check --snapshot current
"""

_Checked = Annotated[
    str | None,
    typer.Option(
        "--snapshot",
        metavar="ID",
        help="Read a snapshot whole instead, by the start of its id, or the current one: current.",
        show_default=False,
    ),
]


def check(
    *,
    data: Data = None,
    graph: Graph = None,
    snapshot: _Checked = None,
    home: Home = None,
    verbose: Verbose = False,
) -> None:
    """Check all records without making a snapshot.

    Prints what each graph holds. Problems are lines of standard error, file:line: message.
    The exit code is 1 when one of them is more than a warning. Notes are printed with -v only;
    with --data, the warnings of the shipped records are only counted without -v.

    With --graph, RDF files in the model of this graph are checked instead, of any size; they are
    sorted in the folder for temporary files meanwhile. With --snapshot, the data of a snapshot
    are read whole, to see that they and their database are what was written.
    """
    settings = read_settings(data=data, graph=graph, home=home)
    shipped = find_shipped()
    if snapshot is not None:
        counts = _check_snapshot(settings.home, snapshot)
    elif settings.graph:
        with shown_progress(verbose=verbose) as progress:
            counts = _check_files(settings, shipped, progress, verbose=verbose)
    else:
        counts = _check_records(settings, shipped, verbose=verbose)
    _print_counts(counts)


def _check_records(
    settings: Settings, shipped: Shipped, *, verbose: bool
) -> Mapping[str, GraphCounts]:
    sources = find_sources(shipped, settings.data)
    with shown_progress(verbose=verbose) as progress:
        assembly = assemble(shipped, sources, progress)
    names = (file.name for source in sources for file in source.files)
    print_review(assembly.problems, names, verbose=verbose)
    return assembly.counts


def _check_files(
    settings: Settings, shipped: Shipped, progress: Progress, *, verbose: bool
) -> Mapping[str, GraphCounts]:
    if settings.data:
        raise SettingsError("--graph and --data exclude each other; give one of them")
    base = FilesBase.of(settings.graph)
    inputs, files = base.read_inputs(), base.files_to_sort(())

    def judge(folder: Path, listener: Progress) -> tuple[Problem, ...]:
        return judge_folder(shipped, folder, listener)

    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-") as scratch:
        _, manifest = make_from_files(Path(scratch), files or (), inputs, progress, judge)
    print_review(manifest.validation.problems, inputs.files, verbose=verbose)
    return manifest.graphs


def _check_snapshot(home: Path, prefix: str) -> Mapping[str, GraphCounts]:
    found = get_current(home) if prefix == "current" else get_snapshot(home, prefix)
    with hold(found):
        if faults := [*_faults(found)]:
            remedy = "delete the folder, and run sarcoma-kg build"
            place = Place(str(found.directory), 0)
            raise Refused(Problem(place, f"{fault}; {remedy}") for fault in faults)
    return found.manifest.graphs


def _faults(found: Snapshot) -> list[str]:
    faults = []
    if sha256_of(found.nquads) != found.id:
        faults.append("the data are not what was written")
    count = len(open_database(found))
    if count != found.manifest.quads:
        faults.append(f"the database has {count:,} quads in place of {found.manifest.quads:,}")
    return faults


def _print_counts(graphs: Mapping[str, GraphCounts]) -> None:
    width = max((len(iri.removeprefix(GRAPH)) for iri in graphs), default=5)
    typer.echo(f"{'graph':{width}}  triples  claims")
    for iri, counts in graphs.items():
        typer.echo(f"{iri.removeprefix(GRAPH):{width}}  {counts.triples:7}  {counts.claims:6}")
    total = sum(counts.triples for counts in graphs.values())
    claims = sum(counts.claims for counts in graphs.values())
    typer.echo(f"{'all':{width}}  {total:7}  {claims:6}")
