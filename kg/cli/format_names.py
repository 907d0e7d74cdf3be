"""The formats by the names that people type."""

from __future__ import annotations

import typer

from kg.formats import (
    GraphFormat,
    ResultFormat,
    find_graph_format,
    find_result_format,
)

__all__ = ["get_answer_format", "get_graph_format"]

_SPELLINGS = {
    "nquads": "n_quads",
    "ntriples": "n_triples",
    "rdfxml": "rdf_xml",
    "owl": "rdf_xml",
}


def get_graph_format(name: str) -> GraphFormat:
    """Return the RDF format of a name, an extension or a media type; raises BadParameter.

    >>> get_graph_format("nquads").name
    'N_QUADS'
    """
    wanted = name.lower()
    found = find_graph_format(_SPELLINGS.get(wanted, wanted))
    if found is None:
        raise _unknown(name, [form.extension for form in GraphFormat])
    return found


def get_answer_format(name: str) -> ResultFormat | GraphFormat:
    """Return the format of query results, else of RDF, that a name means; raises BadParameter.

    >>> get_answer_format("xml").name, get_answer_format("turtle").name
    ('XML', 'TURTLE')
    """
    wanted = name.lower()
    found = find_result_format(wanted) or find_graph_format(_SPELLINGS.get(wanted, wanted))
    if found is None:
        both = (*ResultFormat, *GraphFormat)
        raise _unknown(name, ["table", *(form.extension for form in both)])
    return found


def _unknown(name: str, offered: list[str]) -> typer.BadParameter:
    known = ", ".join(dict.fromkeys(offered))
    return typer.BadParameter(f"{name!r} is no format here; there are {known}")
