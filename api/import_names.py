"""What imports are called, and which lists their records are in."""

from __future__ import annotations

from collections.abc import Mapping

from api.kinds import KINDS

__all__ = ["settle_imports"]

_WITHOUT = {
    kind.path: other.path
    for kind in KINDS
    for other in KINDS
    if kind.without and kind.without == other.class_name
}


def settle_imports(kinds: Mapping[str, set[str]], names: Mapping[str, set[str]]) -> None:
    """Call imports by their short names too, and leave out of a list what has one of its own.

    >>> kinds, names = {"urn:g/import-civic": {"imports"}}, {"urn:g/import-civic": set()}
    >>> settle_imports(kinds, names)
    >>> names
    {'urn:g/import-civic': {'civic'}}
    """
    for iri, paths in kinds.items():
        if "imports" in paths:
            names[iri].add(iri.rpartition("/import-")[2])
        paths -= {list_ for list_, own in _WITHOUT.items() if own in paths}
