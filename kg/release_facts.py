"""What a release says of itself everywhere: snapshot, date, predecessor, counts, graphs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.catalogue import CATALOGUE
from kg.import_catalogue import IMPORT_GRAPHS
from kg.release_file import CC_BY
from kg.release_graphs import GraphDescription

__all__ = ["AUTHOR", "HOME_PAGE", "ReleaseFacts"]

TITLE = "sarcoma-kg: a knowledge graph of soft-tissue sarcoma treatment"
OTHER_TITLE = "Graphs of other people, written by sarcoma-kg"
"""The title of what is released instead of the shipped graph."""

AUTHOR = "The sarcoma-kg contributors"
HOME_PAGE = "https://w3id.org/sarcoma-kg/"


@dataclass(frozen=True)
class ReleaseFacts:
    """The facts of one release; ``date`` is that of the release, ``previous`` a snapshot's id."""

    snapshot: str
    date: str
    quads: int
    claims: int
    graphs: tuple[GraphDescription, ...]
    previous: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The date and the start of the snapshot's id.

        >>> ReleaseFacts("ab" * 32, "2026-11-22", 0, 0, ()).version
        '2026-11-22+abababababab'
        """
        return f"{self.date}+{self.snapshot[:12]}"

    @property
    def is_ours(self) -> bool:
        """Whether it is of the shipped graph: nobody else is cited, or licensed, as its authors."""
        return any(each.iri == CATALOGUE for each in self.graphs)

    @property
    def title(self) -> str:
        """What is released."""
        return TITLE if self.is_ours else OTHER_TITLE

    @property
    def licence(self) -> str:
        """The licence of the claims and of what describes the release; empty where none is ours."""
        return CC_BY if self.is_ours else ""

    @property
    def imports(self) -> tuple[GraphDescription, ...]:
        """The graphs of imports."""
        return tuple(each for each in self.graphs if each.iri.startswith(IMPORT_GRAPHS))

    @property
    def licences(self) -> tuple[str, ...]:
        """The licences of all graphs."""
        return tuple(sorted({each.licence for each in self.graphs if each.licence}))

    def to_json(self) -> str:
        """Return the facts as JSON text, the same for the same facts."""
        shown: dict[str, Any] = {
            "version": self.version,
            "date": self.date,
            "snapshot": self.snapshot,
            "previous": self.previous,
            "quads": self.quads,
            "claims": self.claims,
            "graphs": {each.iri: each.triples for each in self.graphs},
            "records": dict(sorted(self.counts.items())),
            "leftOut": list(self.left_out),
        }
        return json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
