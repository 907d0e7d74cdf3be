"""The options of ``sarcoma-kg publish``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from kg.publish_switch import LEAST_GRACE
from kg.publish_verifying import COMPARED

__all__ = [
    "Compare",
    "DryRun",
    "Engine",
    "Grace",
    "GraphStore",
    "IsThere",
    "Keep",
    "Restart",
    "TokenFile",
    "Union",
    "UpdateUrl",
    "VerifyAlone",
    "WriteFile",
]


def _finite(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise typer.BadParameter("it is a number of seconds; give one such as 300")
    return seconds


Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="URL",
        help="SPARQL 1.1 endpoint to publish to. [env: SARCOMA_KG_ENGINE]",
        show_default=False,
    ),
]
UpdateUrl = Annotated[
    str | None,
    typer.Option(
        "--update-url",
        metavar="URL",
        help="Where it takes updates; else that of the engine if it is known, else --engine.",
        show_default=False,
    ),
]
GraphStore = Annotated[
    str | None,
    typer.Option(
        "--graph-store-url",
        metavar="URL",
        help="Where it takes graphs by the Graph Store Protocol, or none for updates alone.",
        show_default=False,
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help="File with a bearer token, or Basic name:password, or Digest name:password. "
        "[env: SARCOMA_KG_TOKEN_FILE]",
        show_default=False,
    ),
]
VerifyAlone = Annotated[
    bool, typer.Option("--verify", help="Compare what is loaded with the snapshot; change nothing.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]
Restart = Annotated[
    bool, typer.Option("--restart", help="Load from the beginning, whatever was loaded before.")
]
WriteFile = Annotated[
    Path | None,
    typer.Option(
        "--write",
        metavar="FILE",
        help="Write what would be sent as N-Quads for the engine's own loader; send nothing.",
        show_default=False,
    ),
]
IsThere = Annotated[
    bool,
    typer.Option("--loaded", help="The engine has loaded the file of --write: verify and show it."),
]
Union = Annotated[
    bool,
    typer.Option(
        "--union/--no-union",
        help="With a graph of all triples, each once, which queries without FROM see: without it "
        "the engine holds half as much, and takes longer for each query over many graphs.",
    ),
]
Keep = Annotated[
    int, typer.Option("--keep", min=0, metavar="N", help="Former snapshots that stay loaded.")
]
Grace = Annotated[
    float,
    typer.Option(
        "--grace",
        min=LEAST_GRACE,
        callback=_finite,
        metavar="S",
        help="Seconds for which a snapshot that was visible is not removed: servers look for "
        "another one every 2 seconds, and their queries may take as long as they allow.",
    ),
]
Compare = Annotated[
    int,
    typer.Option(
        "--compare",
        min=0,
        metavar="N",
        help=f"About how many triples are compared one by one, {COMPARED:,} if not said; "
        "0: all. Counts are compared in any case.",
        show_default=False,
    ),
]
