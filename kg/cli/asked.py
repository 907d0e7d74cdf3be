"""The snapshot that a command is asked about: an older one, one with own records, the current."""

from __future__ import annotations

from pathlib import Path

from kg.base import Base, build, choose_base
from kg.cli.display import shown_progress
from kg.settings import Settings
from kg.shipped import Shipped
from kg.snapshot import Snapshot, find_current, get_snapshot

__all__ = ["build_asked", "find_asked", "home_asked"]


def find_asked(settings: Settings, prefix: str | None, shipped: Shipped) -> Snapshot | None:
    """Return the snapshot whose id starts with ``prefix``, else the one of the settings.

    That is the current one, or one with the records of the user, built for them alone: what is
    current stays it. Raises SnapshotMissing for the prefix, and what a build raises.
    """
    if prefix:
        return get_snapshot(home_asked(settings, shipped), prefix)
    if settings.data is None:
        return find_current(home_asked(settings, shipped))
    return build_asked(settings, shipped, as_current=False)


def build_asked(settings: Settings, shipped: Shipped, *, as_current: bool = True) -> Snapshot:
    """Build the snapshot of the settings, showing how far it is."""
    base = choose_base(settings, shipped)
    with shown_progress(verbose=False) as progress:
        return build(base, settings.home, progress=progress, as_current=as_current)


def home_asked(settings: Settings, shipped: Shipped) -> Path:
    """Return the folder of the snapshots and the journal of the data set of the settings."""
    base: Base = choose_base(settings, shipped)
    return base.home(settings.home)
