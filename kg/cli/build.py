"""``sarcoma-kg build``: make a snapshot, or take the one that is there."""

from __future__ import annotations

import typer

from kg import build as building
from kg.cli.display import print_note, shown_progress
from kg.cli.options import Data, Home, Verbose
from kg.settings import read_settings
from kg.shipped import find_shipped

__all__ = ["EXAMPLES", "build"]

EXAMPLES = """\b
Examples:
  sarcoma-kg build --verbose
  sarcoma-kg build --data my-records/
"""


def build(*, home: Home = None, data: Data = None, verbose: Verbose = False) -> None:
    """Build the graph, check it, and make it the current snapshot; print its id.

    The same inputs give the same id. Where a snapshot of them exists, it is taken. Records
    that break a rule stop the build, and the snapshot that was current stays it.
    """
    settings = read_settings(home=home, data=data)
    with shown_progress(verbose=verbose) as progress:
        snapshot = building.build(
            find_shipped(), settings.home, overlay=settings.data, progress=progress
        )
    manifest, graphs = snapshot.manifest, len(snapshot.manifest.graphs)
    for problem in manifest.validation.problems:
        print_note(problem)
    print_note(
        f"{manifest.quads:,} quads and {manifest.claims:,} claims in {graphs} graphs, "
        f"{manifest.validation.warnings} warnings, in {snapshot.directory}"
    )
    typer.echo(snapshot.id)
