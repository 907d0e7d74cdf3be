"""The histology that a name in a filter means, or the foreign term that stands for several."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from api.directory import Directory, UnknownName
from api.quotation import clipped
from api.records import Json
from kg.external_names import read_codes
from kg.prefixes import compress

__all__ = ["get_histology", "standing_for"]


def standing_for(directory: Directory, asked: Iterable[str], refer: Callable[[str], Json]) -> Json:
    """Return what an answer says of the foreign terms that were asked for, if there were any."""
    shown = [
        {
            "id": compress(term.registered) or term.registered or iri,
            "label": term.label,
            "histologies": [refer(each) for each in sorted(directory.foreign.below[iri])],
        }
        for iri in dict.fromkeys(asked)
        if (term := directory.foreign.find(iri))
    ]
    return {"standsFor": shown} if shown else {}


def get_histology(directory: Directory, name: str, parameter: str, get: Callable[[], str]) -> str:
    """Return what ``get`` finds or else the IRI of a term of an imported hierarchy.

    Such a term stands for the histologies that it, or a narrower term, is aligned with: all that
    is about them matches by inheritance. Raises what ``get`` raises, and UnknownName for an
    identifier with no histology at or below it.
    """
    try:
        return get()
    except UnknownName as unknown:
        if found := directory.foreign.find(name):
            return found.iri
        if unknown.near or not read_codes(name):
            raise
    message = (
        f"{parameter} '{clipped(name)}' is aligned with no histology here, and in no imported "
        "hierarchy is anything below it; /api/v1/hierarchies has what there is"
    )
    raise UnknownName(message, parameter, ())
