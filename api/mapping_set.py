"""The mappings of a snapshot as a set of SSSOM, asked from the engine that serves it."""

from __future__ import annotations

from collections.abc import Collection

from api.canned import ask_rows
from api.engine import Engine
from kg.namespaces import Namespaces
from kg.sssom_export import MAPPINGS_QUERY, read_rows, write_sssom

__all__ = ["mapping_set"]


async def mapping_set(
    engine: Engine, names: Namespaces, *, only: Collection[str] | None = None
) -> bytes:
    """Return all mappings, or only those with some IRIs."""
    answers = await ask_rows(engine, MAPPINGS_QUERY.format(ontology=names.ontology))
    solutions = ({name: term.value for name, term in answer.items()} for answer in answers)
    kept = (each for each in solutions if only is None or each["mapping"] in only)
    return write_sssom(read_rows(kept, names), names, snapshot=engine.snapshot.id)
