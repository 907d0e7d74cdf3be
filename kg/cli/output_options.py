"""The options of the commands that write a snapshot out: export, release, diff."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Day",
    "DifferenceForm",
    "DifferenceFormat",
    "Earlier",
    "ExitCodeWanted",
    "ExportFormat",
    "Graphs",
    "Later",
    "OutputFile",
    "ReleaseFolder",
    "Replace",
    "Since",
    "SummaryAlone",
    "Verify",
]


class DifferenceForm(StrEnum):
    """How differences are written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PATCH = "patch"


ReleaseFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder to make, or to check.", show_default=False)
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Check the release in DIR instead of making one.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace DIR, if it is a release.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="ID",
        help="Snapshot, release or N-Quads that CHANGES.md starts from, or none; else the "
        "snapshot that the home keeps before this one.",
        show_default=False,
    ),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="YYYY-MM-DD",
        help="Date of the release; else that of SOURCE_DATE_EPOCH, else the day on which the "
        "snapshot was written.",
        show_default=False,
    ),
]
Earlier = Annotated[
    str,
    typer.Argument(
        metavar="A",
        help="The earlier one: the start of a snapshot's id, current, previous, or the path "
        "of N-Quads, of a manifest or of a release.",
    ),
]
Later = Annotated[str, typer.Argument(metavar="B", help="The later one.")]
DifferenceFormat = Annotated[
    DifferenceForm,
    typer.Option(
        "--format",
        "-f",
        help="text by kind; json; jsonl, a fact a line; csv, a statement a row; patch, an "
        "RDF Patch that makes B of A.",
    ),
]
SummaryAlone = Annotated[
    bool, typer.Option("--summary", help="Only the counts, as text or as json.")
]
ExitCodeWanted = Annotated[
    bool, typer.Option("--exit-code", help="End with 1 where anything differs.")
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="File to write; standard output when left out.",
        show_default=False,
    ),
]
ExportFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help="turtle, nquads, trig, jsonld, ntriples, rdfxml; kgx-tsv or kgx-jsonl for a "
        "folder of nodes and edges; sssom for the mappings; else by the end of FILE, else "
        "turtle.",
    ),
]
Graphs = Annotated[
    list[str] | None,
    typer.Option(
        "--graph",
        "-g",
        metavar="NAME",
        help="Only this graph, such as ontology or document-jnccn-2007; may be repeated.",
    ),
]
