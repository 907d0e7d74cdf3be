"""What is said beside a record by imports: where an imported one came from, and what others say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from api.imports import ImportedAction, Imports
from api.path_reasons import Vocabulary
from api.records import Json

__all__ = ["said_by_imports"]

Refer = Callable[[str], Json]


def said_by_imports(
    imports: Imports, vocabulary: Vocabulary, *, kind: str, iri: str, refer: Refer
) -> Json:
    """Return the source of an imported record; of a drug or target, what imports say of it.

    A family has what is said of it and of its members. ``refer`` gives a thing by id and label.
    """
    if found := imports.of_record(iri):
        return {"source": found.shown}
    if kind == "drugs":
        return _listed("importedTargets", "target", imports.of_drug(iri), imports, refer)
    if kind == "targets":
        return _listed("importedDrugs", "drug", imports.of_targets({iri}), imports, refer)
    if kind == "families":
        members = {each for each, wide in vocabulary.families.items() if iri in wide}
        said = imports.of_targets(members | {iri})
        return _listed("importedDrugs", "drug", said, imports, refer)
    return {}


@dataclass(frozen=True, order=True)
class _Pair:
    drug: str
    target: str
    graph: str


def _listed(
    key: str, role: str, said: Iterable[ImportedAction], imports: Imports, refer: Refer
) -> Json:
    """Return what imports say, once for each pair and import, with the claims behind it."""
    claims: dict[_Pair, list[ImportedAction]] = {}
    for each in sorted(said):
        claims.setdefault(_Pair(each.drug, each.target, each.graph), []).append(each)
    if not claims:
        return {}
    return {
        key: [
            {
                **({"drug": refer(pair.drug)} if role == "drug" else {}),
                "target": refer(pair.target),
                "source": imports.get(pair.graph).shown,
                "inhibits": any(each.inhibits for each in found),
                "claims": [refer(each.claim) for each in found],
            }
            for pair, found in claims.items()
        ]
    }
