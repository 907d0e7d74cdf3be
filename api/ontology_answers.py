"""Ontologies as answers: whole in a format of RDF, or documented for people."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup
from starlette.responses import Response

from api.engine import Engine
from api.entity_address import Addresses
from api.entity_formats import FORMATS, described_by
from api.html import show_page
from api.ontology_shelf import Ontology, OntologyShelf
from api.pages.frame import render
from kg.formats import Choice, GraphFormat, TableFormat

__all__ = ["answer_ontology"]

_END_OF_CONTENTS = "</div>"
"""The first end of a division in a documentation: its table of contents has none within it."""

_HEADING = "<h3>Table of Contents</h3>"
_PARTS = (("values", "Values"), ("constraints", "What instances must have"))
"""What the documentation has beyond what its table of contents tells."""


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
            answer = show_page(_write(ontology, documentation, addresses, address))
        answer.headers.update(described_by(address, ontology.iri, choice.format.extension))
        return answer
    return None


def _write(ontology: Ontology, documentation: str, addresses: Addresses, address: str) -> bytes:
    contents, _, rest = documentation.replace(
        f'href="{escape(addresses.root)}', 'href="/'
    ).partition(_END_OF_CONTENTS)
    return render(
        "ontology.html",
        ontology.title,
        here="/ontology",
        scripts=("ontology.js",),
        styles=("docs.css",),
        is_wide=True,
        iri=ontology.iri,
        versions=ontology.versions,
        formats=[(f"{address}?format={each.extension}", each.title) for each in FORMATS],
        contents=Markup(_outlined(contents)),  # noqa: S704 - cleaned by kg.ontology_html
        documentation=Markup(rest),  # noqa: S704 - the same
        parts=[part for part in _PARTS if f'id="{part[0]}"' in rest],
    )


def _outlined(contents: str) -> str:
    """Return the table of contents, which stands beside the text, with headings that fit there."""
    plain = contents.removeprefix('<div id="toc">').replace(_HEADING, "")
    return plain.replace("<h4>", "<strong>").replace("</h4>", "</strong>")
