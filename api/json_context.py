"""The JSON-LD context of the JSON answers: that of the records, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.context import Context

__all__ = ["context_document"]

_ABOUT_THE_ANSWER = (
    "answers",
    "byKind",
    "comparison",
    "documentsCounted",
    "explain",
    "facets",
    "from",
    "inferred",
    "iri",
    "kinds",
    "limit",
    "linked",
    "links",
    "match",
    "near",
    "matches",
    "next",
    "note",
    "paths",
    "shortened",
    "snapshot",
    "sortedBy",
    "source",
    "total",
)


def context_document(context: Context) -> dict[str, Any]:
    """Return the context as served: the words that the answers add never change a record's.

    ``items`` holds records, ``sarcoma:`` names the terms of the ontology, and what is about
    the answer itself means nothing in RDF.
    """
    added: Mapping[str, Any] = {
        "sarcoma": context.namespaces.ontology,
        "items": "@graph",
        **dict.fromkeys(_ABOUT_THE_ANSWER),
    }
    if both := added.keys() & context.definitions.keys():
        raise ValueError(f"the context of the records declares {', '.join(sorted(both))} itself")
    return {"@context": {**context.definitions, **added}}
