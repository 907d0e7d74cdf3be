"""The options of ``sarcoma-kg import``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Attribution",
    "Download",
    "DownloadFrom",
    "Files",
    "Licence",
    "Listed",
    "Name",
    "OnlyMatched",
    "Query",
    "Remove",
    "Retrieved",
    "SourceAddress",
    "Strict",
    "Title",
    "To",
    "Version",
    "WithBuild",
]

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def _address(text: str) -> str:
    if not _IRI.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no address; give one that starts with https://")
    return text


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; give one as YYYY-MM-DD") from None


Name = Annotated[
    str | None,
    typer.Argument(help="Which import: a name below, or one of your own.", show_default=False),
]
Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="Files, or folders of files.", show_default=False),
]
Download = Annotated[
    bool, typer.Option("--download", help="Fetch the files from the source first.")
]
Query = Annotated[
    str | None,
    typer.Option(
        "--query",
        metavar="TEXT",
        help="What to download, as the source searches; else what it has on sarcomas.",
        show_default=False,
    ),
]
DownloadFrom = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="URL",
        parser=_address,
        help="Address of the interface to download from; else that of the source.",
        show_default=False,
    ),
]
OnlyMatched = Annotated[
    bool,
    typer.Option("--only-matched", help="Leave out records that refer to nothing of this graph."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse the whole where one record is rejected.")
]
WithBuild = Annotated[
    bool, typer.Option("--build/--no-build", help="Whether to build with the import.")
]
To = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="DIR", help="Write the import to this folder only.", show_default=False
    ),
]
Retrieved = Annotated[
    str | None,
    typer.Option(
        "--retrieved",
        metavar="DATE",
        parser=_day,
        help="When the files were fetched, as YYYY-MM-DD; today unless they are known.",
        show_default=False,
    ),
]
Version = Annotated[
    str | None,
    typer.Option(
        "--version-of-source",
        metavar="TEXT",
        help="Version of the source, where the files state none.",
        show_default=False,
    ),
]
Title = Annotated[
    str | None,
    typer.Option("--title", metavar="TEXT", help="Title of the source.", show_default=False),
]
SourceAddress = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="URL", parser=_address, help="Its address.", show_default=False
    ),
]
Licence = Annotated[
    str | None,
    typer.Option(
        "--licence",
        metavar="URL",
        parser=_address,
        help="Address of its licence.",
        show_default=False,
    ),
]
Attribution = Annotated[
    str | None,
    typer.Option("--attribution", metavar="TEXT", help="Whom to name for it.", show_default=False),
]
Listed = Annotated[bool, typer.Option("--list", help="List the imports that are there.")]
Remove = Annotated[
    bool, typer.Option("--remove", help="Remove the import; a shipped one comes back.")
]
