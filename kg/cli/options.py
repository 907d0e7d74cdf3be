"""The options that several commands share; what they mean is said once, in kg.settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.settings import PREFIX, Settings

__all__ = [
    "Data",
    "Documents",
    "Gate",
    "Graph",
    "Home",
    "NoImports",
    "SnapshotPrefix",
    "Verbose",
    "help_of",
]


def help_of(name: str) -> str:
    """Return the help of a setting, with the variable that gives it too.

    >>> help_of("home")
    'Folder where snapshots live. [env: SARCOMA_KG_HOME]'
    """
    meaning = Settings.model_fields[name].description or name
    return f"{meaning[0].upper()}{meaning[1:]}. [env: {PREFIX}{name.upper()}]"


def _folder(text: str) -> Path:
    """Return the path that a flag gives; an unset variable of a shell gives none."""
    if not text:
        raise typer.BadParameter("it is empty; give the path of a folder, or leave the flag out")
    return Path(text)


Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help=help_of("home"), show_default=False, parser=_folder),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help=help_of("data"), show_default=False, parser=_folder),
]
Documents = Annotated[
    Path | None,
    typer.Option(
        "--documents",
        metavar="DIR",
        help="Folder with the texts of the documents, under any file names.",
        show_default=False,
        parser=_folder,
    ),
]
Graph = Annotated[
    list[Path] | None,
    typer.Option(
        "--graph",
        metavar="FILE",
        help="An RDF file instead of the shipped records; repeat it for several.",
        show_default=False,
    ),
]
Gate = Annotated[
    bool | None,
    typer.Option(
        "--gate/--no-gate",
        help="With --graph: the files must pass shapes and checks, or need not.",
        show_default=False,
    ),
]
NoImports = Annotated[
    bool,
    typer.Option("--no-imports", help="Leave out what was imported, shipped imports included."),
]
SnapshotPrefix = Annotated[
    str | None,
    typer.Option(
        "--snapshot",
        metavar="ID",
        help="An older snapshot, by the start of its id, instead of the current one.",
        show_default=False,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Say what each stage counted, and show the notes of the checks too."
    ),
]
