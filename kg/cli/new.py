"""``sarcoma-kg new``: a first version of a record, to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.display import print_note
from kg.cli.output import opened_output
from kg.shipped import find_shipped
from kg.template import new_record

__all__ = ["EXAMPLES", "KINDS", "new"]

KINDS = "biomarker, document, drug, drug-target, evidence, family, regimen, study or target"

EXAMPLES = """\b
Examples:
  sarcoma-kg new study my-trial --output my-records/my-trial.yaml
  sarcoma-kg check --data my-records/
"""


def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"What the record is of: {KINDS}.")],
    slug: Annotated[
        str,
        typer.Argument(metavar="SLUG", help="Its name in lower-case letters, digits and hyphens."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write, in a new folder if need be; standard output when left out.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a template of a record of your own.

    It passes the checks as it stands. Fill it in, and add its folder to the graph with --data.
    """
    templates = find_shipped().data / "templates"
    try:
        text = new_record(kind, slug, templates=templates)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if output is None:
        typer.echo(text, nl=False)
        return
    if output.exists():
        raise typer.BadParameter(f"{output} is there already; remove it, or name another file")
    output.parent.mkdir(parents=True, exist_ok=True)
    with opened_output(output) as file:
        file.write(text.encode())
    print_note(f"wrote {output}; fill it in, then run sarcoma-kg check --data {output.parent}")
