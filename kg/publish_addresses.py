"""Where the engines that are known by their header Server take updates and graphs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kg.publish_endpoint import Addresses

__all__ = ["NO_STORE", "complete"]

NO_STORE = "none"
"""What is given in place of the address of a graph store that is not to be used."""

_Guess = tuple[str, str, str]

_KNOWN: Mapping[str, tuple[_Guess, ...]] = MappingProxyType(
    {
        "Oxigraph": (("/query", "/update", "/store"),),
        "Virtuoso": (
            ("/sparql", "/sparql", "/sparql-graph-crud"),
            ("/sparql-auth", "/sparql-auth", "/sparql-graph-crud-auth"),
        ),
    }
)


def complete(given: Addresses, server: str) -> Addresses:
    """Return all addresses of an endpoint; those that are given count before those known.

    >>> complete(Addresses("http://h/query"), "Oxigraph/0.5.13")
    Addresses(query='http://h/query', update='http://h/update', store='http://h/store')
    >>> complete(Addresses("http://h/sparql", store="none"), "")
    Addresses(query='http://h/sparql', update='http://h/sparql', store=None)
    """
    query, update, store = given.query, given.update, given.store
    for asked, updated, stored in _KNOWN.get(server.partition("/")[0], ()):
        if query.endswith(asked):
            stem = query.removesuffix(asked)
            update, store = update or stem + updated, store or stem + stored
            break
    return Addresses(query, update or query, None if store == NO_STORE else store)
