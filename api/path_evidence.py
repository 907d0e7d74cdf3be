"""The results of a path as JSON: for, against and inconclusive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.path_json import extended, write_list, write_object, write_text
from api.path_results import Result, Side
from api.path_scopes import Scopes
from api.path_statements import StatementText

__all__ = ["EvidenceWriter"]


@dataclass(frozen=True)
class EvidenceWriter:
    """Writes results by their side; ``reference`` gives the id and label of a thing as JSON."""

    texts: Mapping[str, StatementText]
    scopes: Scopes
    reference: Callable[[str], str]

    def write(self, histology: str, results: Iterable[Result]) -> str:
        """Return the results of a path; ``unstated`` is there only if a direction is not stated."""
        sides: dict[Side, list[str]] = {side: [] for side in Side}
        for result in results:
            sides[result.side].append(self._result(histology, result))
        if not sides[Side.UNSTATED]:
            del sides[Side.UNSTATED]
        return write_object({side.value: write_list(found) for side, found in sides.items()})

    def _result(self, histology: str, result: Result) -> str:
        near = result.claim.values("histology") & self.scopes.around(histology)
        return extended(
            self.texts[result.claim.iri].whole,
            {
                "match": write_text(result.match.value),
                "from": write_list(self.reference(iri) for iri in sorted(near)),
                "because": write_text(result.because),
            },
        )
