"""SHACL by pySHACL, the reference: for fixtures and comparisons, never in a server.

pySHACL changes how rdflib reads booleans for the whole process while it loads shapes.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
import pyshacl
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.shapes import Result

__all__ = ["validate_by_reference"]

_STEPS = {
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "({})*",
    SH.oneOrMorePath: "({})+",
    SH.zeroOrOnePath: "({})?",
}


def validate_by_reference(data: bytes, shapes: Iterable[Triple]) -> tuple[Result, ...]:
    """Return what kg.shapes.validate returns, found by pySHACL (hundreds of times slower)."""
    graph = Graph().parse(data, format="nt")
    rules = Graph().parse(serialize(shapes, format=RdfFormat.N_TRIPLES), format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=rules, inference="none", inplace=True)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report but {report!r}")
    found = report.objects(report.value(None, RDF.type, SH.ValidationReport), SH.result)
    return tuple(sorted({_result(report, rules, node) for node in found}))


def _result(report: Graph, rules: Graph, node: Node) -> Result:
    return Result(
        _term(report.value(node, SH.focusNode)),
        _path(report, report.value(node, SH.resultPath)),
        _local(report.value(node, SH.sourceConstraintComponent)),
        _term(report.value(node, SH.value)),
        _local(report.value(node, SH.resultSeverity)),
        _declared_message(report, rules, node),
    )


def _declared_message(report: Graph, rules: Graph, node: Node) -> str:
    """Return the messages of a result, unless the engine worded them itself."""
    sources = (report.value(node, SH.sourceShape), report.value(node, SH.sourceConstraint))
    if not any((source, SH.message, None) in rules for source in sources if source):
        return ""
    return " ".join(sorted(map(str, report.objects(node, SH.resultMessage))))


def _path(report: Graph, node: Node | None) -> str:
    if node is None or isinstance(node, URIRef):
        return _term(node)
    for step, pattern in _STEPS.items():
        if inner := report.value(node, step):
            return pattern.format(_path(report, inner))
    if options := report.value(node, SH.alternativePath):
        return f"({'|'.join(_path(report, part) for part in Collection(report, options))})"
    return f"({'/'.join(_path(report, part) for part in Collection(report, node))})"


def _term(node: Node | None) -> str:
    if node is None or isinstance(node, BNode):
        return "_:" if node else ""
    return _literal(node) if isinstance(node, Literal) else node.n3()


def _literal(node: Literal) -> str:
    """Return a literal as an Oxigraph store returns it: rdflib has another normal form."""
    datatype = NamedNode(node.datatype) if node.datatype else None
    term = pyoxigraph.Literal(str(node), datatype=datatype, language=node.language)
    store = Store()
    store.add(Quad(NamedNode(RDF.nil), NamedNode(RDF.value), term))
    return str(next(iter(store)).object)


def _local(node: Node | None) -> str:
    return str(node).rpartition("#")[2]
