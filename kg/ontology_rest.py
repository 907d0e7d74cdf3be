"""What pyLODE's pages leave out: the values of an ontology, and what instances must have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import escape

from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Node, URIRef

__all__ = ["describe_constraints", "describe_rest"]

_OTHER = "Other names"


def describe_rest(graph: Graph, rest: Mapping[str, str]) -> Iterator[str]:
    """Yield the section on names that have no place yet, by their classes.

    ``rest`` has the place of each name.
    """
    grouped: dict[str, list[str]] = defaultdict(list)
    for iri in rest:
        kinds = [
            _call(graph, kind)
            for kind in graph.objects(URIRef(iri), RDF.type)
            if isinstance(kind, URIRef) and not kind.startswith(str(OWL))
        ]
        grouped[min(kinds, default=_OTHER)].append(iri)
    if grouped:
        yield '<h2 id="values">Values</h2>'
    for kind, iris in sorted(grouped.items()):
        yield f"<h3>{escape(kind)}</h3>\n<table><tbody>"
        for iri in sorted(iris, key=lambda each: (_call(graph, URIRef(each)), each)):
            yield _value(graph, iri, rest[iri])
        yield "</tbody></table>"


def describe_constraints(graph: Graph, shapes: Graph, anchors: Mapping[str, str]) -> Iterator[str]:
    """Yield the section on what shapes ask of the instances of classes."""
    found = {
        kind: sorted(_constraints(graph, shapes, shape))
        for shape, kind in shapes.subject_objects(SH.targetClass)
        if str(kind) in anchors
    }
    if not any(found.values()):
        return
    yield '<h2 id="constraints">What instances must have</h2>'
    yield "<p>The gate checks these by SHACL before anything is served.</p>"
    for kind, rows in sorted(found.items(), key=lambda each: _call(graph, each[0])):
        if rows:
            place, label = escape(anchors[str(kind)]), escape(_call(graph, kind))
            yield f'<h3><a href="#{place}">{label}</a></h3>\n<table><thead><tr>'
            yield '<th scope="col">Property</th><th scope="col">How many</th>'
            yield '<th scope="col">What</th></tr></thead><tbody>'
            for row in rows:
                yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
            yield "</tbody></table>"


def _value(graph: Graph, iri: str, place: str) -> str:
    definition = graph.value(URIRef(iri), SKOS.definition, any=True)
    shown = escape(_call(graph, URIRef(iri)))
    return (
        f'<tr id="{escape(place)}"><td><a href="{escape(iri)}">{shown}</a></td>'
        f"<td><code>{escape(iri)}</code></td><td>{escape(str(definition or ''))}</td></tr>"
    )


def _constraints(graph: Graph, shapes: Graph, shape: Node) -> Iterator[tuple[str, str, str]]:
    for each in shapes.objects(shape, SH.property):
        path = shapes.value(each, SH.path)
        least, most = shapes.value(each, SH.minCount), shapes.value(each, SH.maxCount)
        message = shapes.value(each, SH.message, any=True)
        named = _path(graph, shapes, path) if path is not None else ""
        yield named, _how_many(least, most), str(message or "")


def _how_many(least: Node | None, most: Node | None) -> str:
    """Return the bounds of a count in words.

    >>> _how_many(Literal(1), Literal(1)), _how_many(Literal(1), None), _how_many(None, None)
    ('1', '1 or more', 'any')
    """
    if least is None and most is None:
        return "any"
    if most is None:
        return f"{least} or more"
    return f"{most}" if least == most else f"{least or 0} to {most}"


def _path(graph: Graph, shapes: Graph, path: Node) -> str:
    if not isinstance(path, BNode):
        return _call(graph, path)
    for predicate, joined in ((SH.alternativePath, " or "), (SH.inversePath, "")):
        inner = shapes.value(path, predicate)
        if inner is not None:
            members = list(shapes.items(inner)) or [inner]
            shown = joined.join(_path(graph, shapes, each) for each in members)
            return shown if joined else f"inverse of {shown}"
    return " / ".join(_path(graph, shapes, each) for each in shapes.items(path)) or "a path"


def _call(graph: Graph, node: Node) -> str:
    """Return what a thing is called in the ontology, or its name cut short."""
    labels = [str(each) for each in graph.objects(node, RDFS.label) if isinstance(each, Literal)]
    if labels:
        return min(labels)
    return graph.namespace_manager.normalizeUri(str(node)) if isinstance(node, URIRef) else "…"
