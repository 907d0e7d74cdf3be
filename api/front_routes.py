"""Whose answers may be kept ahead of the application: those that a snapshot alone decides."""

from __future__ import annotations

__all__ = ["is_lasting"]

_LASTING = frozenset(
    {
        "/",
        "/.well-known/sparql-examples",
        "/.well-known/void",
        "/compare",
        "/contradictions",
        "/docs",
        "/explore",
        "/ontology",
        "/openapi.json",
        "/rdf-graph-store",
        "/resource",
        "/search",
        "/search/suggestions",
        "/sparql",
        "/{kind}/{slug:path}",
    }
)
_LASTING_BELOW = (
    "/api/v1/",
    "/assets/",
    "/ontology/",
    "/rdf-graph-store/",
    "/reconcile",
    "/trapi/",
)
_CHANGING = frozenset({"/api/v1/differences", "/api/v1/snapshots", "/api/v1/snapshots/{id}"})
"""What tells of the snapshots that are kept: they come and go while the same one is served."""


def is_lasting(route: str | None) -> bool:
    """Tell whether the answers of a route that have a tag are the same as long as the snapshot is.

    Files for download are sent from where they lie, and their list grows as they are made.

    >>> [is_lasting(each) for each in ("/api/v1/drugs/{id}", "/api/v1/snapshots", "/downloads")]
    [True, False, False]
    """
    if route is None or route in _CHANGING:
        return False
    return route in _LASTING or route.startswith(_LASTING_BELOW)
