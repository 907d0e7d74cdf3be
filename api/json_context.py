"""The JSON-LD context of the JSON answers: that of the records, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.context import Context
from kg.prefixes import prefix_map

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
    "importedDrugs",
    "importedTargets",
    "identifiers",
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
    "standsFor",
    "source",
    "total",
)


def context_document(context: Context) -> dict[str, Any]:
    """Return the context as served: the words that the answers add never change a record's.

    ``items`` holds records, ``sarcoma:`` names the terms of the ontology, other systems have
    the prefixes of their identifiers, and what is about the answer itself means nothing in RDF.
    """
    added: Mapping[str, Any] = {
        "sarcoma": context.namespaces.ontology,
        "items": "@graph",
        **{name: {"@id": iri, "@prefix": True} for name, iri in prefix_map().items()},
        **dict.fromkeys(_ABOUT_THE_ANSWER),
    }
    if both := added.keys() & context.definitions.keys():
        raise ValueError(f"the context of the records declares {', '.join(sorted(both))} itself")
    return {"@context": {**context.definitions, **added}}
