"""Attacks that nest RDF: a parser that descends a level a call runs out of stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from abuse_case import REFUSED, WRITTEN, Case
from abuse_wire import Answer, Target

__all__ = ["JSON_LD", "NQUADS", "NTRIPLES", "RDF_XML", "TRIG", "TURTLE", "nested_upload_cases"]

TURTLE = "text/turtle"
TRIG = "application/trig"
NTRIPLES = "application/n-triples"
NQUADS = "application/n-quads"
RDF_XML = "application/rdf+xml"
JSON_LD = "application/ld+json"

DEPTHS = (10, 1_000, 100_000)
LIMITED = REFUSED | WRITTEN | {504}


@dataclass(frozen=True)
class Nest:
    """What opens, fills and closes a level, what stands around all, and the formats of that."""

    formats: tuple[str, ...]
    levels: tuple[str, str, str]
    around: tuple[str, str] = ("<urn:s> <urn:p> ", " .\n")
    depths: tuple[int, ...] = DEPTHS

    def text(self, depth: int) -> str:
        (opening, core, closing), (before, after) = self.levels, self.around
        return before + opening * depth + core + closing * depth + after


TERSE = (TURTLE, TRIG)
LINES = (NTRIPLES, NQUADS)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:p#"'
DOCUMENT = (f"<rdf:RDF {RDF}>", "</rdf:RDF>")
ELEMENT = "</p:p></rdf:Description>"
NESTS = {
    "blank nodes": Nest(TERSE, ("[ <urn:p> ", "1", " ]")),
    "collections": Nest(TERSE, ("( ", "1", " )")),
    "triple terms": Nest(TERSE + LINES, ("<<( <urn:s> <urn:p> ", "<urn:o>", " )>>")),
    "triple terms left open": Nest(TERSE + LINES, ("<<( ", "", "")),
    # Legal at any depth, and each level is two quads to write.
    "reified triples": Nest(
        TERSE, ("<< <urn:s> <urn:p> ", "<urn:o>", " >>"), ("", " <urn:p> 1 ."), DEPTHS[:2]
    ),
    "annotations": Nest(TERSE, ("{| <urn:p> 1 ", "", "|} "), ("<urn:s> <urn:p> 1 ", ".")),
    "elements": Nest((RDF_XML,), ("<rdf:Description><p:p>", "", ELEMENT), DOCUMENT),
    "elements of collections": Nest(
        (RDF_XML,), ('<rdf:Description><p:p rdf:parseType="Collection">', "", ELEMENT), DOCUMENT
    ),
    "elements of literals": Nest(
        (RDF_XML,),
        ("<a>", "", "</a>"),
        (
            DOCUMENT[0] + '<rdf:Description><p:p rdf:parseType="Literal">',
            ELEMENT + DOCUMENT[1],
        ),
    ),
    "objects": Nest((JSON_LD,), ('{"urn:p": ', '{"urn:p": 1}', "}"), ("", "")),
    "lists": Nest((JSON_LD,), ('{"@list": [', "1", "]}"), ('{"urn:p": ', "}")),
    "arrays": Nest((JSON_LD,), ("[", "1", "]"), ('{"urn:p": ', "}")),
    "arrays left open": Nest((JSON_LD,), ("[", "", ""), ("", "")),
    "graphs": Nest((JSON_LD,), ('{"@id": "urn:g", "@graph": ', "[]", "}"), ("", "")),
    "contexts": Nest(
        (JSON_LD,), ('{"a": {"@id": "urn:a", "@context": ', "{}", "}}"), ('{"@context": ', "}")
    ),
}


def nested_upload_cases() -> Iterator[Case]:
    """Return every nesting in every format that has it."""
    for name, nest in NESTS.items():
        for media_type in nest.formats:
            yield Case(
                f"uploaded {name} in {media_type.partition('/')[2]}",
                f"{nest.depths[0]} to {nest.depths[-1]:,} levels",
                lambda target, nest=nest, media_type=media_type: _ladder(target, nest, media_type),  # type: ignore[misc]
                LIMITED,
            )


def _ladder(target: Target, nest: Nest, media_type: str) -> Iterable[Answer]:
    return (target.upload(media_type, nest.text(depth)) for depth in nest.depths)
