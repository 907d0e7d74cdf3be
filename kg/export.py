"""A snapshot in an exchange format: the same bytes every time, with prefixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.change import graph_name
from kg.formats import GraphFormat
from kg.graph_writing import sort_prefixes
from kg.namespaces import Namespaces
from kg.near import find_near
from kg.snapshot import Snapshot
from kg.sources import GRAPH
from kg.xml_output import XmlOutput

__all__ = ["PREFIXES", "GraphMissing", "export", "find_graphs", "known_prefixes", "query_prefixes"]

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def known_prefixes(names: Namespaces) -> dict[str, str]:
    """Return the prefixes that nobody need declare: those of the graph and the usual ones.

    >>> known_prefixes(Namespaces({}, "https://example.org/o/"))[""]
    'https://example.org/o/'
    """
    return {**PREFIXES, **names.prefixes, "": names.ontology}


def query_prefixes(names: Namespaces) -> dict[str, str]:
    """Return the prefixes of queries and of names in them: ``sarcoma:`` may be written for ``:``.

    >>> query_prefixes(Namespaces({}, "https://example.org/o/"))["sarcoma"]
    'https://example.org/o/'
    """
    return {**known_prefixes(names), "sarcoma": names.ontology}


class GraphMissing(LookupError):  # noqa: N818 - it names what is not there
    """A snapshot has no graph of this name; the message lists near ones."""


def find_graphs(snapshot: Snapshot, name: str) -> tuple[str, ...]:
    """Return the IRIs of the graphs that ``name`` means: an IRI, a CURIE, or what ends either.

    ``inferred`` means the graphs of all rules, ``vocabulary`` all vocabularies, and so on;
    ``default`` means the default graph, whose name is ``""``. Raises GraphMissing.
    """
    slug = name.removeprefix(GRAPH).removeprefix("graph:")
    graphs = sorted(snapshot.manifest.graphs)
    if name == "default" and "" in graphs:
        return ("",)
    found = [iri for iri in graphs if iri in (name, GRAPH + slug)]
    found = found or [iri for iri in graphs if slug and iri.startswith(f"{GRAPH}{slug}-")]
    if not found:
        known = [iri.removeprefix(GRAPH) or "default" for iri in graphs]
        near = find_near(slug, known)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
        raise GraphMissing(f"snapshot {snapshot.id[:12]} has no graph {name!r}; {hint}")
    return tuple(found)


def export(
    snapshot: Snapshot,
    output: IO[bytes],
    form: GraphFormat,
    *,
    graphs: Iterable[str] = (),
    prefixes: Mapping[str, str] = PREFIXES,
) -> None:
    """Write a snapshot, or the named ``graphs`` of it, in the order of its terms.

    A format without named graphs gets each triple once, whatever graphs hold it. N-Quads of the
    whole snapshot are its very bytes: their SHA-256 is its id. They alone tell of empty graphs.
    Raises NotXmlError for RDF/XML of a character that XML cannot hold.
    """
    chosen = frozenset(graphs)
    if form is GraphFormat.N_QUADS and not chosen:
        output.write(snapshot.nquads.read_bytes())
        return
    read = parse(path=snapshot.nquads, format=RdfFormat.N_QUADS)
    quads = [quad for quad in read if not chosen or graph_name(quad.graph_name) in chosen]
    if form in (GraphFormat.TURTLE, GraphFormat.TRIG):
        written = serialize(_in_order(quads, form), format=form.engine, prefixes=dict(prefixes))
        output.write(sort_prefixes(written or b""))
    elif form is GraphFormat.RDF_XML:
        with XmlOutput(output) as xml:
            serialize(_in_order(quads, form), xml, form.engine)
    else:
        serialize(_in_order(quads, form), output, form.engine)


def _in_order(quads: Iterable[Quad], form: GraphFormat) -> list[Quad] | list[Triple]:
    if not form.engine.supports_datasets:
        return sorted({quad.triple for quad in quads}, key=str)
    if form is GraphFormat.N_QUADS:
        return list(quads)
    return sorted(quads, key=lambda quad: graph_name(quad.graph_name))
