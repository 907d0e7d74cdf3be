"""``sarcoma-kg export``: a snapshot as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Annotated

import typer

from kg import export as exporting
from kg.cli.asked import find_asked, home_asked
from kg.cli.claims_reader import get_claims_reader
from kg.cli.display import print_note
from kg.cli.format_names import get_graph_format
from kg.cli.options import Data, Home, SnapshotPrefix
from kg.cli.output import opened_output
from kg.cli.output_options import ExportFormat, Graphs
from kg.formats import GraphFormat
from kg.kgx import ClaimsReader
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm
from kg.namespaces import Namespaces, read_namespaces
from kg.release_place import appearing_folder
from kg.settings import read_settings
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot, get_current, hold
from kg.sssom_export import export_sssom

__all__ = ["EXAMPLES", "export"]

EXAMPLES = """\b
Examples:
  sarcoma-kg export --format turtle --graph ontology | head
  sarcoma-kg export --format kgx-tsv --output kgx/
"""


def export(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write; standard output when left out."),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The same as FILE.", show_default=False
        ),
    ] = None,
    form: ExportFormat = None,
    graph: Graphs = None,
    home: Home = None,
    data: Data = None,
    snapshot: SnapshotPrefix = None,
) -> None:
    """Write the current snapshot as RDF or KGX, or its mappings.

    The same snapshot gives the same bytes. Formats without named graphs hold each triple once.
    With --data, a snapshot with your records is written, and what is current stays it.
    """
    if file and output:
        raise typer.BadParameter("give FILE or --output FILE, not both")
    path, shipped = file or output, find_shipped()
    settings = read_settings(home=home, data=data)
    kgx = KgxForm(form) if form in tuple(KgxForm) else None
    if not (chosen := None if kgx else _format(form, path)) and graph:
        what = "a folder of KGX" if kgx else "a mapping set"
        raise typer.BadParameter(f"{what} has no graphs; leave out --graph")
    asked = find_asked(settings, snapshot, shipped) or get_current(home_asked(settings, shipped))
    if kgx:
        _write_kgx(asked, shipped, path, kgx, get_claims_reader(context))
        return
    graphs = [iri for name in graph or () for iri in exporting.find_graphs(asked, name)]
    with hold(asked), opened_output(None if path == Path("-") else path) as opened:
        _write(asked, opened, chosen, graphs, read_namespaces(shipped.context))


def _write_kgx(
    snapshot: Snapshot, shipped: Shipped, path: Path | None, form: KgxForm, reader: ClaimsReader
) -> None:
    """Write a snapshot as KGX into a folder, which appears whole."""
    if path is None or path == Path("-"):
        raise typer.BadParameter("KGX is a folder of files; name it with --output DIR")
    with hold(snapshot), appearing_folder(path) as made:
        for each in export_kgx(snapshot, shipped, made, (form,), reader):
            print_note(f"{each.name}: {each.count:,} {each.part}")


def _write(
    snapshot: Snapshot,
    output: IO[bytes],
    form: GraphFormat | None,
    graphs: Sequence[str],
    names: Namespaces,
) -> None:
    """Write a snapshot in a format, or without one its mappings."""
    if form is None:
        output.write(export_sssom(snapshot, names))
        return
    prefixes = exporting.known_prefixes(names)
    exporting.export(snapshot, output, form, graphs=graphs, prefixes=prefixes)


def _format(name: str | None, file: Path | None) -> GraphFormat | None:
    """Return the format that a name or the end of a file's means; None for SSSOM."""
    if (name or (file.name.partition(".")[2] if file else "")) in ("sssom", "sssom.tsv"):
        return None
    ending = file.suffix.removeprefix(".") if file else ""
    return get_graph_format(name or ending or "turtle")
