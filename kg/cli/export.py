"""``sarcoma-kg export``: a snapshot as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import export as exporting
from kg.cli.asked import find_asked, home_asked
from kg.cli.format_names import get_graph_format
from kg.cli.options import Data, Home, SnapshotPrefix
from kg.cli.output import opened_output
from kg.formats import GraphFormat
from kg.namespaces import read_namespaces
from kg.settings import read_settings
from kg.shipped import find_shipped
from kg.snapshot import get_current, hold

__all__ = ["EXAMPLES", "export"]

EXAMPLES = """\b
Examples:
  sarcoma-kg export --output graph.nq
  sarcoma-kg export --format turtle --graph ontology | head
"""


def export(
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
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="turtle, nquads, trig, jsonld, ntriples or rdfxml; else by the end of FILE, "
            "else turtle.",
        ),
    ] = None,
    graph: Annotated[
        list[str] | None,
        typer.Option(
            "--graph",
            "-g",
            metavar="NAME",
            help="Only this graph, such as ontology or document-jnccn-2007; may be repeated.",
        ),
    ] = None,
    home: Home = None,
    data: Data = None,
    snapshot: SnapshotPrefix = None,
) -> None:
    """Write the current snapshot in an RDF format.

    The same snapshot gives the same bytes. Formats without named graphs hold each triple once.
    With --data, a snapshot with your records is written, and what is current stays it.
    """
    if file and output:
        raise typer.BadParameter("give FILE or --output FILE, not both")
    path, shipped = file or output, find_shipped()
    settings, chosen = read_settings(home=home, data=data), _format(form, path)
    asked = find_asked(settings, snapshot, shipped)
    asked = asked or get_current(home_asked(settings, shipped))
    graphs = [iri for name in graph or () for iri in exporting.find_graphs(asked, name)]
    prefixes = exporting.known_prefixes(read_namespaces(shipped.context))
    with hold(asked), opened_output(None if path == Path("-") else path) as opened:
        exporting.export(asked, opened, chosen, graphs=graphs, prefixes=prefixes)


def _format(name: str | None, file: Path | None) -> GraphFormat:
    ending = file.suffix.removeprefix(".") if file else ""
    return get_graph_format(name or ending or "turtle")
