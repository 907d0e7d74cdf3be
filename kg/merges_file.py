"""What the graphs of a snapshot share, found once when it is built and kept beside its data."""

from __future__ import annotations

import json
from pathlib import Path

from kg.merging import Merges

__all__ = ["MERGES_FILE", "read_merges", "write_merges"]

MERGES_FILE = "merges.json"
"""The name of the file in the folder of a snapshot."""


def write_merges(path: Path, merges: Merges) -> None:
    """Write which graphs share triples to a file; the union of graphs is not kept."""
    shared = sorted(sorted(group) for group in merges.shared)
    path.write_text(json.dumps({"shared": shared}, indent=1) + "\n", encoding="utf-8")


def read_merges(path: Path) -> Merges | None:
    """Return which graphs share triples, or None where no file says it: find it then.

    There is no union of graphs in what is returned: ``kg.merging.merge`` makes it.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return Merges(frozenset(frozenset(map(str, group)) for group in read["shared"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
