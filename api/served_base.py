"""What a server starts from: the shipped graph, the user's files, or nothing."""

from __future__ import annotations

from kg.base import Base, EmptyBase, FilesBase, ShippedBase, choose_base

__all__ = ["choose_base", "name_base"]


def name_base(base: Base) -> str:
    """Return what a base is, in a few words.

    >>> name_base(EmptyBase())
    'an empty data set'
    """
    match base:
        case EmptyBase():
            return "an empty data set"
        case FilesBase():
            named = ", ".join(path.name for path in base.files)
            return f"the triples of {named}"
        case ShippedBase(overlay=None):
            return "the shipped graph"
        case ShippedBase():
            return f"the shipped graph with the records in {base.overlay}"
    return "a data set"
