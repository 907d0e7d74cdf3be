"""``sarcoma-kg version``: what is installed, and what is served."""

from __future__ import annotations

from importlib import metadata

import typer

from kg.cli.options import Home
from kg.inputs import TOOLS
from kg.settings import read_settings
from kg.snapshot import find_current

__all__ = ["EXAMPLES", "print_version", "version"]

EXAMPLES = """\b
Examples:
  sarcoma-kg version
  sarcoma-kg version --home ~/graphs
"""


def version(*, home: Home = None) -> None:
    """Print the versions and the current snapshot."""
    settings = read_settings(home=home)
    engines = ", ".join(f"{name} {number}" for name, number in TOOLS.items())
    current = find_current(settings.home)
    typer.echo(f"sarcoma-kg {_installed()} ({engines})")
    typer.echo(f"home {settings.home}")
    typer.echo(f"snapshot {current.id if current else 'none; make one with sarcoma-kg build'}")


def print_version(wanted: bool) -> None:
    """Print the version and stop, where it is wanted."""
    if wanted:
        typer.echo(f"sarcoma-kg {_installed()}")
        raise typer.Exit


def _installed() -> str:
    try:
        return metadata.version("sarcoma-kg")
    except metadata.PackageNotFoundError:
        return "(not installed)"
