"""``sarcoma-kg journal``: the accepted writes, and how to take back the last one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from kg.base import choose_base
from kg.cli.asked import home_asked
from kg.cli.display import print_note
from kg.cli.options import Data, Home
from kg.commit import take_back
from kg.journal import Entry, read_journal
from kg.settings import read_settings
from kg.shipped import find_shipped
from kg.snapshot import Snapshot
from kg.sources import GRAPH

__all__ = ["EXAMPLES", "journal"]

EXAMPLES = """\b
Examples:
  sarcoma-kg journal
  sarcoma-kg journal --drop-last
"""


def journal(
    *,
    home: Home = None,
    data: Data = None,
    drop_last: Annotated[
        bool, typer.Option("--drop-last", help="Take back the last write, and build without it.")
    ] = False,
) -> None:
    """List the accepted writes, or take back the last one.

    Each is a file of the home, and part of every build of it. A write that is taken back is gone
    for good.
    """
    settings, shipped = read_settings(home=home, data=data), find_shipped()
    if drop_last:
        _print_dropped(take_back(choose_base(settings, shipped), settings.home))
        return
    entries = read_journal(home_asked(settings, shipped))
    if not entries:
        print_note("nothing was written yet")
    for entry in entries:
        typer.echo(_line(entry))


def _print_dropped(snapshot: Snapshot | None) -> None:
    if snapshot is None:
        print_note("nothing was written yet")
        return
    print_note("the last write is taken back; this snapshot is without it:")
    typer.echo(snapshot.id)


def _line(entry: Entry) -> str:
    change, written = entry.change, entry.path.stat().st_mtime
    time = datetime.fromtimestamp(written).astimezone().isoformat(" ", "minutes")
    graphs = ", ".join(sorted(_shown(graph) for graph in change.graphs))
    gate = "" if entry.is_gated else "  (not checked)"
    return f"{entry.name}  {time}  +{len(change.added)} -{len(change.removed)}  {graphs}{gate}"


def _shown(graph: str) -> str:
    return graph.removeprefix(GRAPH) or "default"
