"""The ontologies of a snapshot: their statements, and their documentation once it is made."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from api.engine import Engine
from api.entity_queries import ask_quads
from api.entity_rdf import write_quads
from kg.formats import GraphFormat
from kg.namespaces import Namespaces
from kg.ontology_document import DocumentationError, OntologySource, make_documentation
from kg.shipped import Shipped

__all__ = ["Ontology", "OntologyShelf"]

_LOG = logging.getLogger(__name__)
_VERSION = "http://www.w3.org/2002/07/owl#versionIRI"
_TITLES = ("http://purl.org/dc/terms/title", "http://www.w3.org/2000/01/rdf-schema#label")
_LARGEST = 20_000
"""Triples of an ontology that is documented: six thousand take two seconds."""


@dataclass
class Ontology:
    """An ontology by its IRI; ``graphs`` hold it, and "" among them is the default graph."""

    iri: str
    title: str
    versions: tuple[str, ...]
    graphs: tuple[str, ...]
    written: dict[GraphFormat, bytes] = field(default_factory=dict)
    documentation: str | None = None
    is_refused: bool = False


class OntologyShelf:
    """Keeps the ontologies of the snapshot that is served, and what was made of them."""

    def __init__(self, names: Namespaces, shipped: Shipped) -> None:
        self._names = names
        self._shipped = shipped
        self._kept: tuple[str, Mapping[str, Ontology]] = ("", {})
        self._lock = asyncio.Lock()

    async def find(self, engine: Engine, iri: str) -> Ontology | None:
        """Return the ontology with a name, or with a version of that name, or None."""
        async with self._lock:
            if self._kept[0] != engine.snapshot.id:
                self._kept = (engine.snapshot.id, await _load(engine))
        ontologies = self._kept[1]
        plain = iri.rstrip("/")
        by_version = (each for each in ontologies.values() if plain in each.versions)
        return ontologies.get(plain) or next(by_version, None)

    async def write(self, engine: Engine, ontology: Ontology, form: GraphFormat) -> bytes:
        """Return an ontology in a format of RDF."""
        async with self._lock:
            if form not in ontology.written:
                quads = await _statements(engine, ontology)
                ontology.written[form] = write_quads(quads, form, prefixes=self._names.prefixes)
            return ontology.written[form]

    async def document(self, engine: Engine, ontology: Ontology) -> str | None:
        """Return the documentation of an ontology, or None where none can be made."""
        async with self._lock:
            if ontology.documentation is None and not ontology.is_refused:
                await self._make(engine, ontology)
            return ontology.documentation

    async def _make(self, engine: Engine, ontology: Ontology) -> None:
        quads = await _statements(engine, ontology)
        ontology.is_refused = len(quads) > _LARGEST
        if ontology.is_refused:
            return
        triples = write_quads(quads, GraphFormat.N_TRIPLES, prefixes={}).decode()
        source = OntologySource(
            iri=ontology.iri,
            triples=triples,
            prefixes={**self._names.prefixes},
            shapes=_read_shapes(self._shipped),
        )
        try:
            ontology.documentation = await asyncio.to_thread(make_documentation, source)
        except DocumentationError as error:
            ontology.is_refused = True
            _LOG.warning("%s", error)


def _read_shapes(shipped: Shipped) -> tuple[str, ...]:
    files = sorted(shipped.shapes.glob("*.ttl"))
    return tuple(each.read_text(encoding="utf-8") for each in files)


async def _load(engine: Engine) -> Mapping[str, Ontology]:
    rows = await ask_quads(engine, "ontologies")
    found = sorted({quad.subject.value for quad in rows if isinstance(quad.subject, NamedNode)})
    return {iri: _read(iri, [quad for quad in rows if _is_about(quad, iri)]) for iri in found}


def _read(iri: str, quads: list[Quad]) -> Ontology:
    titles = [
        quad.object.value
        for name in _TITLES
        for quad in quads
        if quad.predicate.value == name and hasattr(quad.object, "value")
    ]
    versions = (quad.object for quad in quads if quad.predicate.value == _VERSION)
    graphs = {getattr(quad.graph_name, "value", "") for quad in quads}
    return Ontology(
        iri=iri,
        title=titles[0] if titles else iri,
        versions=tuple(sorted(each.value for each in versions if isinstance(each, NamedNode))),
        graphs=tuple(sorted(graphs)),
    )


def _is_about(quad: Quad, iri: str) -> bool:
    return isinstance(quad.subject, NamedNode) and quad.subject.value == iri


async def _statements(engine: Engine, ontology: Ontology) -> list[Quad]:
    """Return all that the graphs of an ontology say."""
    named = [graph for graph in ontology.graphs if graph]
    found = await ask_quads(engine, "entity-graph", graph=named) if named else []
    return found + (await ask_quads(engine, "ontology-default") if "" in ontology.graphs else [])
