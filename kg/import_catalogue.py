"""What the graph says of its imports: source, version, licence, date, digest and counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.importing.folder import DESCRIPTION_FILE, Description, Import
from kg.importing.statement import ONTOLOGY, import_graph

__all__ = ["IMPORT_GRAPHS", "describe_imports", "digest_imports"]

IMPORT_GRAPHS = import_graph("")
"""What the IRIs of the graphs of imports begin with."""

_DATASET = NamedNode("https://w3id.org/sarcoma-kg/dataset")
_DCAT = "http://www.w3.org/ns/dcat#"
_DCTERMS = "http://purl.org/dc/terms/"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_XSD = "http://www.w3.org/2001/XMLSchema#"


def digest_imports(imports: Iterable[Import]) -> dict[str, str]:
    """Return the SHA-256 of the description of each import, by a portable name.

    The description holds the digest of its graph.
    """
    return {
        f"imports/{each.name}/{DESCRIPTION_FILE}": hashlib.sha256(
            (each.directory / DESCRIPTION_FILE).read_bytes()
        ).hexdigest()
        for each in imports
    }


def describe_imports(imports: Iterable[Import]) -> Iterator[Triple]:
    """Yield the description of the graph of each import: source, version, licence, counts."""
    for each in imports:
        yield from _described(each)


def _described(given: Import) -> Iterator[Triple]:
    graph, said = NamedNode(given.graph), given.description
    yield Triple(_DATASET, NamedNode(f"{_DCAT}dataset"), graph)
    yield Triple(graph, _TYPE, NamedNode(f"{_DCAT}Dataset"))
    yield Triple(graph, _TYPE, NamedNode(f"{ONTOLOGY}ImportedDataset"))
    links = ((f"{_DCTERMS}license", said.licence), (f"{_DCTERMS}source", said.source))
    for name, iri in links:
        if iri:
            yield Triple(graph, NamedNode(name), NamedNode(iri))
    for name, value, datatype in _values(said):
        if value:
            yield Triple(
                graph, NamedNode(name), Literal(value, datatype=NamedNode(_XSD + datatype))
            )


def _values(said: Description) -> Iterator[tuple[str, str, str]]:
    yield f"{_DCTERMS}title", said.title, "string"
    yield f"{_DCTERMS}rights", said.attribution, "string"
    yield f"{_DCAT}version", said.version, "string"
    yield f"{ONTOLOGY}retrievedOn", said.retrieved, "date"
    yield f"{ONTOLOGY}contentDigest", said.digest, "string"
    counts = {
        "recordsRead": said.counts.read,
        "recordsKept": said.counts.kept,
        "recordsRejected": sum(said.counts.rejects.values()),
    }
    for name, count in counts.items():
        yield ONTOLOGY + name, str(count), "integer"
    for name, digest in sorted(said.files.items()):
        yield f"{ONTOLOGY}sourceFileDigest", f"{name} {digest}", "string"
