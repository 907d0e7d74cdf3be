"""``sarcoma-kg check``: read and check everything, write nothing."""

from __future__ import annotations

import typer

from kg.build import assemble
from kg.cli.display import shown_progress
from kg.cli.options import Data, Verbose
from kg.cli.review import print_review
from kg.settings import read_settings
from kg.shipped import find_shipped
from kg.sources import GRAPH, find_sources

__all__ = ["EXAMPLES", "check"]

EXAMPLES = """\b
Examples:
  sarcoma-kg check
  sarcoma-kg check --data my-records/
"""


def check(*, data: Data = None, verbose: Verbose = False) -> None:
    """Check all records without making a snapshot.

    Prints what each graph holds. Problems are lines of standard error, file:line: message.
    The exit code is 1 when one of them is more than a warning. Notes are printed with -v only;
    with --data, the warnings of the shipped records are only counted without -v.
    """
    settings = read_settings(data=data)
    shipped = find_shipped()
    sources = find_sources(shipped, settings.data)
    with shown_progress(verbose=verbose) as progress:
        assembly = assemble(shipped, sources, progress)
    names = (file.name for source in sources for file in source.files)
    print_review(assembly.problems, names, verbose=verbose)
    width = max(len(iri.removeprefix(GRAPH)) for iri in assembly.counts)
    typer.echo(f"{'graph':{width}}  triples  claims")
    for iri, counts in assembly.counts.items():
        typer.echo(f"{iri.removeprefix(GRAPH):{width}}  {counts.triples:7}  {counts.claims:6}")
    total = sum(counts.triples for counts in assembly.counts.values())
    claims = sum(counts.claims for counts in assembly.counts.values())
    typer.echo(f"{'all':{width}}  {total:7}  {claims:6}")
