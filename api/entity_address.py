"""The names of things and the addresses on this server that answer for them."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

__all__ = ["RESOURCE", "Addresses", "is_iri", "named_by"]

RESOURCE = "/resource"
"""Answers for any IRI, given as a parameter."""

_CHANGED = {"", ".", ".."}
_KEPT = "/:@!$&'()*+,;=~%"


class Addresses:
    """Where things are found: at the paths of their names, unless other routes are there.

    ``root`` is the namespace above the kinds; ``taken`` are the first parts of the paths of
    other routes.

    >>> addresses = Addresses("https://example.org/", taken={"api"})
    >>> addresses.of("https://example.org/drug/imatinib")
    '/drug/imatinib'
    >>> addresses.of("https://example.org/api/x")
    '/resource?iri=https%3A%2F%2Fexample.org%2Fapi%2Fx'
    >>> addresses.of("https://elsewhere.example/") is None
    True
    """

    def __init__(self, root: str, *, taken: Collection[str] = ()) -> None:
        self.root = root
        self._taken = taken

    def of(self, iri: str) -> str | None:
        """Return the address of a thing with a name of ours, or None for all others."""
        if not iri.startswith(self.root):
            return None
        document, hash_sign, fragment = iri.partition("#")
        path = document.removeprefix(self.root)
        parts = path.split("/")
        # Clients and servers make other paths of these, or parameters.
        if "?" in path or not _CHANGED.isdisjoint(parts) or parts[0] in self._taken:
            return self.query(iri)
        return f"/{quote(path, safe=_KEPT)}{hash_sign}{quote(fragment, safe=_KEPT)}"

    def query(self, iri: str) -> str:
        """Return the address that takes any IRI as a parameter."""
        return f"{RESOURCE}?{urlencode({'iri': iri})}"


def named_by(path: str, root: str, *, sent: str = "") -> tuple[str, ...]:
    """Return the IRIs that a decoded path below the root may stand for, the likeliest first.

    The path of an address is told decoded; names may be written either way. ``sent`` is the path
    as the client wrote it, which alone tells ``%2F`` from a slash.

    >>> named_by("drug/a b", "https://example.org/")
    ('https://example.org/drug/a%20b',)
    >>> named_by("drug/é", "https://example.org/")
    ('https://example.org/drug/é', 'https://example.org/drug/%C3%A9')
    >>> named_by("drug/a:b/c", "https://example.org/", sent="drug/a%3Ab%2Fc")[0]
    'https://example.org/drug/a%3Ab%2Fc'
    """
    written = (
        sent or path,
        path,
        quote(path, safe=_KEPT),
        quote(path, safe=_KEPT.replace("%", "")),
    )
    return tuple(each for each in dict.fromkeys(root + way for way in written) if is_iri(each))


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI.

    >>> is_iri("https://example.org/a"), is_iri("a b")
    (True, False)
    """
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
