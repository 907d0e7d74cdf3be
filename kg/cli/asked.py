"""The snapshot that a command is asked about: an older one, one with own records, the current."""

from __future__ import annotations

from kg.build import build
from kg.cli.display import shown_progress
from kg.settings import Settings
from kg.shipped import Shipped
from kg.snapshot import Snapshot, find_current, get_snapshot

__all__ = ["build_asked", "find_asked"]


def find_asked(settings: Settings, prefix: str | None, shipped: Shipped) -> Snapshot | None:
    """Return the snapshot whose id starts with ``prefix``, else the one of the settings.

    That is the current one, or one with the records of the user, built for them alone: what is
    current stays it. Raises SnapshotMissing for the prefix, and what a build raises.
    """
    if prefix:
        return get_snapshot(settings.home, prefix)
    if settings.data is None:
        return find_current(settings.home)
    return build_asked(settings, shipped, as_current=False)


def build_asked(settings: Settings, shipped: Shipped, *, as_current: bool = True) -> Snapshot:
    """Build the snapshot of the settings, showing how far it is."""
    with shown_progress(verbose=False) as progress:
        return build(
            shipped,
            settings.home,
            overlay=settings.data,
            progress=progress,
            as_current=as_current,
        )
