"""Ontologies as answers: whole in a format of RDF, or documented for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from starlette.responses import Response

from api.engine import Engine
from api.entity_address import Addresses
from api.entity_formats import FORMATS, described_by
from api.html import link
from api.html import page as html_page
from api.ontology_shelf import Ontology, OntologyShelf
from kg.formats import Choice, GraphFormat, TableFormat

__all__ = ["answer_ontology"]


async def answer_ontology(
    shelf: OntologyShelf,
    engine: Engine,
    iris: Sequence[str],
    choice: Choice[GraphFormat | TableFormat],
    addresses: Addresses,
) -> Response | None:
    """Return the answer about the ontology that one of some names means, or None.

    There is none either where people ask for what is too large to be documented.
    """
    for iri in iris:
        ontology = await shelf.find(engine, iri)
        if ontology is None:
            continue
        address = addresses.of(ontology.iri) or addresses.query(ontology.iri)
        if isinstance(choice.format, GraphFormat):
            body = await shelf.write(engine, ontology, choice.format)
            answer = Response(body, headers={"Content-Type": choice.content_type})
        else:
            documentation = await shelf.document(engine, ontology)
            if documentation is None:
                return None
            answer = html_page(ontology.title, _page(ontology, documentation, addresses, address))
        answer.headers.update(described_by(address, ontology.iri, choice.format.extension))
        return answer
    return None


def _page(
    ontology: Ontology, documentation: str, addresses: Addresses, address: str
) -> Iterator[str]:
    links = (link(f"{address}?format={each.extension}", each.title) for each in FORMATS)
    versions = "".join(f", version <code>{escape(each)}</code>" for each in ontology.versions)
    yield f"<p><code>{escape(ontology.iri)}</code>{versions}, as {', '.join(links)}.</p>"
    yield '<p>Below: <a href="#metadata">metadata</a>'
    for place, label in (("values", "values"), ("constraints", "what instances must have")):
        if f'id="{place}"' in documentation:
            yield f', <a href="#{place}">{label}</a>'
    yield ".</p>"
    yield documentation.replace(f'href="{escape(addresses.root)}', 'href="/')
