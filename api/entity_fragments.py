"""Things named by a fragment of a document: no request can name them, so the document answers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping

from api.descriptions import COUNTED_BELOW
from api.engine import Engine
from api.entity_queries import ask_subjects
from kg.snapshot import Snapshot

__all__ = ["FragmentKeeper"]


class FragmentKeeper:
    """Keeps the fragments of the documents of the snapshot that is served.

    A snapshot of more than half a million quads is not searched for them.
    """

    def __init__(self) -> None:
        self._kept: tuple[str, Mapping[str, tuple[str, ...]]] = ("", {})
        self._lock = asyncio.Lock()

    async def get(self, engine: Engine, snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
        """Return the names with a fragment, by the document that they lie in."""
        async with self._lock:
            if self._kept[0] != snapshot.id:
                self._kept = (snapshot.id, await _load(engine, snapshot))
            return self._kept[1]


async def _load(engine: Engine, snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    if snapshot.manifest.quads > COUNTED_BELOW:
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    for iri in await ask_subjects(engine, "entity-fragments"):
        found[iri.partition("#")[0]].append(iri)
    return {document: tuple(sorted(iris)) for document, iris in found.items()}
