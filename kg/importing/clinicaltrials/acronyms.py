"""Names that are acronyms: they count in capitals alone, for words are written like them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.importing.names import name_key, parts_in_brackets
from kg.importing.terms import Kind, Match, MatchedBy, Terms

__all__ = ["find_named", "is_written_as"]

_ACRONYM = re.compile(r"[A-Z]{2,5}")
_LETTERS = re.compile(r"[^\W\d_]+")


def find_named(
    terms: Terms, kind: Kind, name: str, identifiers: Iterable[str] = ()
) -> Match | None:
    """Return what an identifier or a name means; an acronym must have its capitals in the name."""
    match = terms.find(kind, identifiers=identifiers, names=(name,))
    if match is None or match.by is MatchedBy.IDENTIFIER:
        return match
    written = parts_in_brackets(name) or (name,)
    known = terms.names_of(kind, match.iri)
    return match if any(is_written_as(each, known) for each in written) else None


def is_written_as(name: str, known: Iterable[str]) -> bool:
    """Tell whether a name is none of the acronyms that are known, or has the capitals of one.

    >>> [is_written_as(name, ["ARMS", "alveolar"]) for name in ("Arms", "ARMS", "A.R.M.S.")]
    [False, True, True]
    >>> is_written_as("GISTs", ["GIST"]), is_written_as("gists", ["GIST"])
    (True, False)
    >>> is_written_as("taxol", ["Taxol"])
    True
    """
    key, letters = name_key(name), "".join(_LETTERS.findall(name))
    alike = [each.strip() for each in known if name_key(each) == key]
    acronyms = {each for each in alike if _ACRONYM.fullmatch(each)}
    capitals = acronyms | {each + end for each in acronyms for end in "sS"}
    return not acronyms or not capitals.issuperset(alike) or letters in capitals
