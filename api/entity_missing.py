"""Names that mean nothing in the served snapshot: what is near, and who had them last."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from api.directory import Directory, Entry
from kg.snapshot import Snapshot, find_snapshots

__all__ = ["Gone", "find_last_with", "near_entries"]

_NEAR_ENOUGH = 70
_SHOWN = 5
_SEARCHED = 256 * 1024 * 1024
"""Bytes of older snapshots that are searched for a name; that takes some tenths of a second."""


class Gone(LookupError):  # noqa: N818 - what the client is told
    """Nothing is called so any more; ``snapshot`` is the last one of this home that had it."""

    def __init__(self, iri: str, snapshot: str) -> None:
        super().__init__(
            f"{iri} is not in the snapshot that is served; the last one that had it is {snapshot}"
        )
        self.snapshot = snapshot


def near_entries(iri: str, directory: Directory) -> Sequence[Entry]:
    """Return things whose names are like that of an IRI: of the same kind where there are any.

    What has the very name but is of another kind, such as a family of targets, comes first.
    """
    root = directory.namespaces.root
    kind, _, slug = iri.removeprefix(root).partition("/")
    space = f"{root}{kind}/"
    named = [
        each.iri
        for each in directory.entries.values()
        if slug and each.iri.removeprefix(root).partition("/")[2] == slug
    ]
    inside = [each for each in directory.entries.values() if each.iri.startswith(space)]
    choices = {
        (each.iri, name): name.casefold()
        for each in inside or directory.entries.values()
        for name in (each.iri.removeprefix(space), each.label)
    }
    wanted = (slug or kind).casefold()
    found = process.extract(
        wanted, choices, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=4 * _SHOWN
    )
    iris = dict.fromkeys((*named, *(key[0] for _, _, key in found)))
    return [directory.entries[each] for each in iris][:_SHOWN]


def find_last_with(iri: str, served: Snapshot) -> str | None:
    """Return the newest other snapshot of the home that says something of a thing, or None.

    What is too large to be searched counts as not having it.
    """
    home = served.directory.parent.parent
    searched = 0
    for each in find_snapshots(home):
        try:
            searched += each.nquads.stat().st_size
            if each.id == served.id or searched > _SEARCHED:
                continue
            if _holds(each.nquads, iri):
                return each.id
        except OSError:
            continue
    return None


def _holds(nquads: Path, iri: str) -> bool:
    """Tell whether a line of N-Quads starts with an IRI."""
    start = f"<{iri}> ".encode()
    with nquads.open("rb") as file:
        if nquads.stat().st_size == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            return text[: len(start)] == start or text.find(b"\n" + start) >= 0
