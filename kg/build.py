"""From the shipped files, and a user's records, to a snapshot."""

from __future__ import annotations

from pathlib import Path

from kg.assembly import Assembly, assemble
from kg.base import ShippedBase
from kg.building import InputsChangedError
from kg.building import build as build_base
from kg.progress import Progress
from kg.shipped import Shipped
from kg.snapshot import Snapshot

__all__ = ["Assembly", "InputsChangedError", "assemble", "build"]


def build(
    shipped: Shipped,
    home: Path,
    *,
    overlay: Path | None = None,
    progress: Progress | None = None,
    as_current: bool = True,
) -> Snapshot:
    """Build the shipped graph, and make it the current snapshot of ``home`` unless told otherwise.

    What users wrote to this home, and imported into it, is part of it. Raises OverlayError for
    an unusable ``overlay``, and what ``kg.building.build`` raises.
    """
    base = ShippedBase(shipped, overlay, home)
    return build_base(base, home, progress=progress, as_current=as_current)
