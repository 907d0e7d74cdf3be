"""What each address takes: its methods and parameters, as the contract declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from starlette.requests import Request

from api.card_parameters import CARD_PARAMETERS
from api.described_parameters import Operations
from api.entity_address import RESOURCE

__all__ = ["Address", "find_address", "known_paths", "taken_parts"]

_THINGS = "/{kind}/{slug}"
"""Where things are found that are named by their IRIs: what no other address is."""

_ONTOLOGY = "/ontology"
"""The one address below which things are found too: its terms."""

_BOOK = "addresses"
_MOST_KEPT = 1024
"""Addresses that are looked up once only: to find one takes longer than many an answer."""

_PAGES: Mapping[str, Mapping[str, bool]] = {
    "/": {},
    "/docs": {"q": False},
    "/openapi.json": {},
    "/contradictions": {
        **dict.fromkeys(("drug", "regimen", "histology", "endpoint", "document"), False),
        **dict.fromkeys(("rule", "withinStudy", "limit", "cursor"), False),
    },
    "/compare": {"drug": True, "histology": False, "arm": True},
    "/search": {"q": False, "kind": True, "cursor": False},
    "/explore": {
        **dict.fromkeys(("drug", "target", "family", "histology", "kind", "source"), True),
        **dict.fromkeys(("as_of", "asOf", "edge", "show", "sort"), False),
    },
    "/search/suggestions": {"q": False},
    "/snapshots": {},
}
"""Addresses that the contract leaves out, as no program needs them, with their parameters."""

_ASSET = re.compile(r"/assets/[^/]+")


_TRAPI = re.compile(r"/trapi/[\d.]+/(query|meta_knowledge_graph|openapi\.json)")
"""Addresses that a contract of their own describes."""

_RECONCILE = re.compile(
    r"/reconcile(/(suggest|flyout)/(entity|type|property)|/properties|/preview|/feature)?"
)
"""Addresses that a manifest describes; its clients send parameters of their own beside."""


@dataclass(frozen=True)
class Address:
    """An address: the methods it answers, and its query parameters.

    ``parameters`` says of each name whether it may be given more than once. One that takes any
    ignores what it does not know.
    """

    methods: tuple[str, ...]
    parameters: Mapping[str, bool]
    takes_any: bool = False

    @property
    def allow(self) -> str:
        """The methods as the header Allow lists them."""
        return ", ".join(self.methods)


def find_address(request: Request) -> Address | None:
    """Return what the address of a request takes, or None where nothing is."""
    state = request.app.state
    if not hasattr(state, _BOOK):
        book = lru_cache(_MOST_KEPT)(partial(_find, _described(request)))
        setattr(state, _BOOK, book)
    found: Address | None = getattr(state, _BOOK)(request.scope["path"])
    return found


def _find(described: Mapping[str, Any], path: str) -> Address | None:
    if path in _PAGES:
        return Address(_methods(("get",)), _PAGES[path])
    if _ASSET.fullmatch(path):
        return Address(_methods(("get",)), {"v": False})
    if found := _TRAPI.fullmatch(path):
        return Address(_methods(("post" if found[1] == "query" else "get",)), {})
    if found := _RECONCILE.fullmatch(path):
        named = ("get",) if found[1] else ("get", "post")
        return Address(_methods(named), {}, takes_any=True)
    if path.startswith("/reconcile/"):
        return None
    return _find_described(path, described)


def _find_described(path: str, described: Mapping[str, Any]) -> Address | None:
    """Return an address of the contract; pages of things take the parameters of cards too."""
    operations = _find_operations(path, described)
    if operations is None:
        return None
    address = _read_address(operations)
    if operations is described.get(_THINGS) or path == RESOURCE:
        return replace(address, parameters={**address.parameters, **CARD_PARAMETERS})
    return address


def _find_operations(path: str, described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the operations at a path: an id may have slashes, and ends its address."""
    for known, operations in described.items():
        before, brace, _ = known.partition("{")
        if known != _THINGS and (path.startswith(before) if brace else path == known):
            found: Mapping[str, Any] = operations
            return found
    _, kind, slug = (*path.split("/", 2), "", "")[:3]
    is_thing = bool(kind and slug) and kind not in _first_parts(described)
    return described.get(_THINGS) if is_thing else None


def taken_parts(request: Request) -> frozenset[str]:
    """Return the first parts of the paths that are no names of things."""
    return _first_parts(_described(request))


def known_paths(request: Request) -> tuple[str, ...]:
    """Return the paths of the contract that are written as they stand."""
    return tuple(path for path in _described(request) if "{" not in path)


def _described(request: Request) -> Operations:
    found: Operations = request.app.state.operations
    return found


def _first_parts(described: Mapping[str, Any]) -> frozenset[str]:
    """Return what the paths of all addresses but those of things start with.

    >>> found = _first_parts({"/sparql": {}, "/api/v1/drugs": {}, "/{kind}/{slug}": {}})
    >>> found >= {"", "api", "docs", "sparql"}, "{kind}" in found
    (True, False)
    """
    others = (*described, *_PAGES)
    return frozenset(path.split("/")[1] for path in others if path not in (_THINGS, _ONTOLOGY))


def _read_address(operations: Mapping[str, Any]) -> Address:
    declared = [
        each for operation in operations.values() for each in operation.get("parameters", ())
    ]
    return Address(
        _methods(operations),
        {
            each["name"]: each["schema"].get("type") == "array"
            for each in declared
            if each["in"] == "query"
        },
    )


def _methods(answered: Mapping[str, Any] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the methods of an address: HEAD goes with GET, and OPTIONS with all."""
    named = tuple(each.upper() for each in answered)
    known = (("GET", "GET"), ("HEAD", "GET"), *((each, each) for each in ("POST", "PUT", "DELETE")))
    return (*(method for method, needed in known if needed in named), "OPTIONS")
