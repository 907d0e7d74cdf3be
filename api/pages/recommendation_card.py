"""The card of a recommendation: what is advised, how strongly, for whom, and where it stands."""

from __future__ import annotations

from urllib.parse import urlencode

from api.pages.card_query import node
from api.pages.cards import Asked, Card, CardKind
from api.pages.parts_arms import texts_of, things_of
from api.pages.parts_behind import Behind
from api.pages.parts_claims import ClaimShown, find_cautions, find_claims
from api.pages.parts_evidence import find_evidence
from api.pages.parts_facts import facts_of, place_of_record, read_record
from api.pages.parts_things import Thing
from api.records import Json

__all__ = ["RECOMMENDATION", "recommendation_card"]

_RECOMMENDED = ("recommendsDrug", "recommendsRegimen", "recommendsClass", "recommendsProcedure")
_APART = frozenset(
    {
        *_RECOMMENDED,
        "aboutHistology",
        "excludesHistology",
        "strengthAsWorded",
        "recommendationNumber",
        "line",
        "setting",
    }
)


async def recommendation_card(asked: Asked) -> Card:
    """Return the card of a recommendation."""
    desk, record = asked.desk, await read_record(asked.desk, asked.iri)
    drugs = things_of(desk, [*_listed(record, "recommendsDrug"), *_listed(record, "aboutDrug")])
    histologies = things_of(desk, record.get("aboutHistology"))
    strength = ", ".join(texts_of(record.get("strengthAsWorded")))
    heading = "What is advised" if strength else "What is stated"
    values = {
        "heading": heading,
        "recommended": _recommended(asked, record),
        "about": things_of(desk, record.get("aboutProcedure")) or drugs,
        "strength": strength,
        "number": ", ".join(texts_of(record.get("recommendationNumber"))),
        "histologies": histologies,
        "excluded": things_of(desk, record.get("excludesHistology")),
        "lines": things_of(desk, record.get("line")),
        "settings": things_of(desk, record.get("setting")),
        "details": facts_of(desk, record, without=_APART),
        "place": place_of_record(desk, record),
        "cautions": await find_cautions(asked.desk, drugs),
        "beside": await _beside(asked, record),
        "results": [
            (drug, histology, count, f"/api/v1/evidence?{query}", f"/explore?{query}")
            for drug in drugs
            for histology in histologies
            for count, query in [await _results(asked, drug, histology)]
        ],
        "drugs": drugs,
    }
    sections = (
        ("advice", heading, "histologies"),
        ("contraindications", "Contraindications of the drugs", "drugs"),
        ("results", "Results on the drugs", "results"),
        ("beside", "Of the same number", "beside"),
    )
    return Card(
        template="card_recommendation.html",
        what="Recommendation",
        values=values,
        sections=tuple((anchor, name) for anchor, name, key in sections if values[key]),
        behind=(Behind(_query(asked), "the recommendation"),),
        styles=("card.css", "findings.css"),
    )


def _recommended(asked: Asked, record: Json) -> tuple[Thing, ...]:
    found = [each for key in _RECOMMENDED for each in _listed(record, key)]
    return things_of(asked.desk, found)


async def _beside(asked: Asked, record: Json) -> tuple[ClaimShown, ...]:
    """Return the other recommendations of the same number in the same document."""
    numbers = set(texts_of(record.get("recommendationNumber")))
    documents = {each.iri for each in place_of_record(asked.desk, record).documents}
    if not numbers:
        return ()
    found = await find_claims(
        asked.desk, "recommendations", recommendationNumber=numbers, document=documents
    )
    return tuple(each for each in found if each.claim.iri != asked.iri)


async def _results(asked: Asked, drug: Thing, histology: Thing) -> tuple[int, str]:
    """Return how many results a drug has in a histology or narrower ones, and what lists them."""
    scope = asked.desk.library.histologies.scope(histology.iri)
    found = await find_evidence(asked.desk, "drug", {drug.iri}, scope=scope)
    shorten = asked.desk.library.directory.shorten
    return len(found), urlencode(
        {"drug": shorten(drug.iri), "histology": shorten(histology.iri)}, safe=":"
    )


def _query(asked: Asked) -> str:
    ontology = asked.desk.library.context.namespaces.ontology
    return (
        f"PREFIX : <{ontology}>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT DISTINCT ?label ?strength ?recommended ?histology ?line ?document ?issued\n"
        "WHERE {\n"
        f"  VALUES ?recommendation {{ {node(asked.iri)} }}\n"
        "  ?recommendation rdfs:label ?label .\n"
        "  OPTIONAL { ?recommendation :strengthAsWorded ?strength }\n"
        "  OPTIONAL { ?recommendation :recommends|:recommendsClass ?recommended }\n"
        "  OPTIONAL { ?recommendation :aboutHistology/rdfs:label ?histology }\n"
        "  OPTIONAL { ?recommendation :line/rdfs:label ?line }\n"
        "  OPTIONAL { ?recommendation :passage/:inDocument ?document .\n"
        "    OPTIONAL { ?document :issued ?issued } }\n"
        "}"
    )


def _listed(record: Json, key: str) -> list[object]:
    value = record.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


RECOMMENDATION = CardKind("recommendations", recommendation_card, parameters=())
"""How the cards of recommendations are made."""
