"""The snapshots that a home keeps, and which of them a name means."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

from api.quotation import clipped
from kg.snapshot import KEPT, Snapshot, find_snapshots

__all__ = ["CURRENT", "UnknownSnapshot", "find_kept", "get_kept", "made_at", "state_of_kept"]

CURRENT = "current"
"""Means the snapshot that is served."""

_PREFIX = re.compile(r"[0-9a-f]{8,64}")


class UnknownSnapshot(LookupError):  # noqa: N818 - what the client is told
    """The home keeps no snapshot of this name, or several."""


def find_kept(served: Snapshot) -> tuple[Snapshot, ...]:
    """Return the snapshots of the home that one is served from, the newest first.

    The served one is among them as long as it is served, also where its home was emptied.
    """
    found = find_snapshots(served.directory.parent.parent)
    return found if any(each.id == served.id for each in found) else (served, *found)


def state_of_kept(served: Snapshot) -> tuple[tuple[str, int], ...]:
    """Return what changes with the snapshots of the home: their names, and how new they are."""
    state = []
    for each in served.directory.parent.glob("[0-9a-f]*/manifest.json"):
        with suppress(FileNotFoundError):  # a build removes old ones meanwhile
            state.append((each.parent.name, each.stat().st_mtime_ns))
    return tuple(sorted(state))


def get_kept(served: Snapshot, name: str) -> Snapshot:
    """Return the snapshot of an id, or of its first digits, at least eight; or the served one.

    Raises UnknownSnapshot.
    """
    if name in (CURRENT, served.id):
        return served
    kept = find_kept(served)
    found = [each for each in kept if _PREFIX.fullmatch(name) and each.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownSnapshot(f"{len(found)} snapshots start with {name}; give the whole id")
    known = ", ".join(each.id[:12] for each in kept)
    raise UnknownSnapshot(
        f"there is no snapshot '{clipped(name)}' any more, or there never was; this server keeps "
        f"the last {KEPT}: {known}"
    )


def made_at(snapshot: Snapshot) -> str:
    """Return when the N-Quads of a snapshot were written, in UTC: ``2026-11-22T04:06:55Z``."""
    # What an engine elsewhere serves may be known by its manifest alone.
    there = snapshot.nquads if snapshot.nquads.exists() else snapshot.directory / "manifest.json"
    written = datetime.fromtimestamp(there.stat().st_mtime, UTC)
    return written.strftime("%Y-%m-%dT%H:%M:%SZ")
