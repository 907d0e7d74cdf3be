"""Triples in an RDF format: the same bytes for the same triples."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from itertools import takewhile

from pyoxigraph import Triple, serialize

from kg.formats import Choice, GraphFormat
from kg.terms import PREFIXES
from kg.xml_output import XmlOutput

__all__ = ["sort_prefixes", "write_graph"]

_WITH_PREFIXES = (GraphFormat.TURTLE, GraphFormat.TRIG)


def write_graph(
    triples: Iterable[Triple],
    choice: Choice[GraphFormat],
    *,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    r"""Return triples in a format, those of a subject together; a triple that is repeated, once.

    Raises NotXmlError for RDF/XML of a character that XML cannot hold.

    >>> from pyoxigraph import NamedNode
    >>> a, b = NamedNode("e:a"), NamedNode("e:b")
    >>> choice = Choice(GraphFormat.N_TRIPLES, "application/n-triples")
    >>> write_graph([Triple(b, a, a), Triple(a, a, a), Triple(b, a, a)], choice)
    b'<e:a> <e:a> <e:a> .\n<e:b> <e:a> <e:a> .\n'
    """
    ordered = sorted(set(triples), key=str)
    form = choice.format
    if form is GraphFormat.RDF_XML:
        return _write_xml(ordered)
    if form not in _WITH_PREFIXES:
        return serialize(ordered, format=form.engine) or b""
    return sort_prefixes(serialize(ordered, format=form.engine, prefixes=dict(prefixes)) or b"")


def _write_xml(triples: Iterable[Triple]) -> bytes:
    output = io.BytesIO()
    with XmlOutput(output) as xml:
        serialize(triples, xml, GraphFormat.RDF_XML.engine)
    return output.getvalue()


def sort_prefixes(text: bytes) -> bytes:
    r"""Return Turtle with its leading prefixes in order: the serialiser shuffles them.

    >>> sort_prefixes(b"@prefix b: <b> .\n@prefix a: <a> .\na:a b:b 1 .").split(b"\n")[0]
    b'@prefix a: <a> .'
    """
    lines = text.split(b"\n")
    count = sum(1 for _ in takewhile(lambda line: line.startswith(b"@prefix "), lines))
    return b"\n".join([*sorted(lines[:count]), *lines[count:]])
