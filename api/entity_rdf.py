"""Descriptions of things in the formats of RDF: the same bytes for the same statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

from pyoxigraph import Quad, Triple, serialize

from kg.formats import GraphFormat
from kg.serialisation import PREFIXED, OrderedPrefixes

__all__ = ["write_quads"]

_WITH_GRAPHS = (GraphFormat.N_QUADS, GraphFormat.TRIG)


def write_quads(quads: Iterable[Quad], form: GraphFormat, *, prefixes: Mapping[str, str]) -> bytes:
    r"""Return quads in a format, in order; formats of triples leave their graphs out.

    >>> from pyoxigraph import NamedNode
    >>> a, b = NamedNode("e:a"), NamedNode("e:b")
    >>> quads = [Quad(b, a, a, b), Quad(a, a, a, a), Quad(a, a, a, b)]
    >>> write_quads(quads, GraphFormat.N_TRIPLES, prefixes={})
    b'<e:a> <e:a> <e:a> .\n<e:b> <e:a> <e:a> .\n'
    >>> len(write_quads(quads, GraphFormat.N_QUADS, prefixes={}).splitlines())
    3
    """
    statements: set[Quad] | set[Triple] = set(quads)
    if form not in _WITH_GRAPHS:
        statements = {quad.triple for quad in quads}
    ordered = sorted(statements, key=_place)
    output = BytesIO()
    if form not in PREFIXED:
        serialize(ordered, output, form.engine)
        return output.getvalue()
    with OrderedPrefixes(output) as held:
        serialize(ordered, held, form.engine, prefixes=dict(prefixes))  # type: ignore[arg-type]
    return output.getvalue()


def _place(statement: Quad | Triple) -> tuple[str, str]:
    """Return what sorts statements: those of a graph stand together."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    return (graph, str(statement))
