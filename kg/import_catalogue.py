"""What the graph says of its imports: source, version, licence, date, digest and counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.importing.folder import DESCRIPTION_FILE, Import
from kg.importing.statement import ONTOLOGY, import_graph
from kg.problem import Place, Problem, Refused

__all__ = ["IMPORT_GRAPHS", "check_references", "describe_imports", "digest_imports"]

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


def check_references(curated: Store, imports: Iterable[Import]) -> None:
    """Refuse imports that refer to a thing which the curated graph no longer has."""
    if problems := [problem for each in imports for problem in _gone(curated, each)]:
        raise Refused(problems)


def _gone(curated: Store, given: Import) -> Iterator[Problem]:
    gone = [iri for iri in given.description.refers if not _is_known(curated, iri)]
    if gone:
        message = (
            f"the import {given.name} refers to {gone[0]}, which is not in the graph any more "
            f"({len(gone)} in all); import its files again with sarcoma-kg import {given.name}"
        )
        yield Problem(Place(str(given.directory / DESCRIPTION_FILE), 0), message)


def _is_known(curated: Store, iri: str) -> bool:
    return next(curated.quads_for_pattern(NamedNode(iri), _TYPE, None), None) is not None


def _described(given: Import) -> Iterator[Triple]:
    graph, said = NamedNode(given.graph), given.description
    yield Triple(_DATASET, NamedNode(f"{_DCAT}dataset"), graph)
    yield Triple(graph, _TYPE, NamedNode(f"{_DCAT}Dataset"))
    yield Triple(graph, _TYPE, NamedNode(f"{ONTOLOGY}ImportedDataset"))
    links = ((f"{_DCTERMS}license", said.licence), (f"{_DCTERMS}source", said.source))
    for name, iri in links:
        if iri:
            yield Triple(graph, NamedNode(name), NamedNode(iri))
    for name, value, datatype in _values(given):
        if value:
            yield Triple(
                graph, NamedNode(name), Literal(value, datatype=NamedNode(_XSD + datatype))
            )


def _values(given: Import) -> Iterator[tuple[str, str, str]]:
    said = given.description
    yield f"{_DCTERMS}title", said.title, "string"
    yield "http://www.w3.org/2000/01/rdf-schema#label", said.title, "string"
    yield f"{_DCTERMS}rights", said.attribution, "string"
    yield f"{_DCAT}version", said.version, "string"
    yield f"{ONTOLOGY}retrievedOn", said.retrieved, "date"
    yield f"{ONTOLOGY}contentDigest", said.digest, "string"
    counts = {
        "recordsRead": said.counts.read,
        "recordsKept": said.counts.kept,
        "recordsRejected": sum(said.counts.rejects.values()),
        "tripleCount": said.counts.triples,
    }
    for name, count in counts.items():
        yield ONTOLOGY + name, str(count), "integer"
    yield f"{ONTOLOGY}isShipped", str(given.is_shipped).lower(), "boolean"
    for name, digest in sorted(said.files.items()):
        yield f"{ONTOLOGY}sourceFileDigest", f"{name} {digest}", "string"
