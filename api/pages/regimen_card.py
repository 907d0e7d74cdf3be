"""The card of a regimen: its drugs, the doses that studies gave, its results, advice and limits."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from api.canned import ask_rows, read_canned
from api.pages.card_evidence import evidence_part
from api.pages.card_query import claims_query, node
from api.pages.cards import Asked, Card, CardKind, Download
from api.pages.parts_arms import ArmShown, read_arms, things_of
from api.pages.parts_behind import Behind
from api.pages.parts_claims import find_cautions, find_claims
from api.pages.parts_evidence import find_evidence
from api.pages.parts_facts import facts_of, place_of_record, read_record
from api.pages.parts_place import PlaceShown
from api.pages.parts_things import Thing, Things
from api.pages.study_card import Reporting
from api.records import Json
from api.statements import describe

__all__ = ["REGIMEN", "GivenArm", "regimen_card"]

_FILTERS = ("histology", "endpoint", "line", "direction")
_APART = frozenset({"includesDrug", "includesClass", "namedIn", "synonyms", "acronym"})


@dataclass(frozen=True)
class GivenArm:
    """An arm that was given the regimen, in its study."""

    arm: ArmShown
    study: Thing
    place: PlaceShown


async def regimen_card(asked: Asked) -> Card:
    """Return the card of a regimen."""
    desk, record = asked.desk, await read_record(asked.desk, asked.iri)
    part = evidence_part(
        asked,
        await find_evidence(desk, "regimen", {asked.iri}),
        pattern=f":aboutRegimen {node(asked.iri)}",
        field="regimen",
        filters=_FILTERS,
    )
    values = {"part": part, **await _values(asked, record)}
    query = urlencode({"regimen": asked.entry.curie})
    ontology = desk.library.context.namespaces.ontology
    return Card(
        template="card_regimen.html",
        what="Regimen",
        values=values,
        names=asked.entry.names,
        sections=tuple((anchor, name) for anchor, name, key in _SECTIONS if values[key]),
        behind=(
            Behind(
                claims_query(ontology, ("Recommendation",), f":recommends {node(asked.iri)}"),
                "the recommendations",
            ),
        ),
        downloads=(*part.downloads, Download(f"/api/v1/claims?{query}", "claims as JSON")),
        styles=("card.css", "findings.css"),
    )


async def _values(asked: Asked, record: Json) -> Json:
    """Return what the card shows beside the results."""
    desk, drugs = asked.desk, things_of(asked.desk, record.get("includesDrug"))
    return {
        "drugs": drugs,
        "classes": things_of(desk, record.get("includesClass")),
        "details": facts_of(desk, record, without=_APART),
        "place": place_of_record(desk, record),
        "named": _named(asked, record),
        "given": await _given(asked),
        "advice": await find_claims(desk, "recommendations", recommends={asked.iri}),
        "cautions": await find_cautions(asked.desk, drugs),
        "compare": f"/compare?{urlencode([('drug', each.slug) for each in drugs][:4])}"
        if len(drugs) > 1
        else "",
    }


_SECTIONS = (
    ("composition", "Drugs", "drugs"),
    ("given", "Doses that studies gave", "given"),
    ("evidence", "Results", "part"),
    ("recommendations", "Recommendations", "advice"),
    ("contraindications", "Contraindications of its drugs", "cautions"),
    ("named", "Documents", "named"),
)


def _named(asked: Asked, record: Json) -> tuple[Reporting, ...]:
    dates = asked.desk.library.paths.documents
    documents = things_of(asked.desk, record.get("namedIn"))
    return tuple(Reporting(each, dates.get(each.iri) or "") for each in documents)


async def _given(asked: Asked) -> tuple[GivenArm, ...]:
    """Return the arms that use the regimen, with the doses that their documents print."""
    desk = asked.desk
    rows = await ask_rows(desk.engine, read_canned("regimen-arms", regimen=[asked.iri]))
    studies = {row["arm"].value: row["study"].value for row in rows if row["arm"].is_iri}
    if not studies:
        return ()
    answering, things = desk.desk, Things.at(desk)
    statements = await describe(desk.engine, studies, root=answering.root, siblings=False)
    records = [answering.writer.write(iri, statements) for iri in studies]
    shown = zip(records, read_arms(desk, records), studies.values(), strict=True)
    return tuple(
        GivenArm(arm, things.get(study), place_of_record(desk, record))
        for record, arm, study in shown
    )


REGIMEN = CardKind("regimens", regimen_card, parameters=("sort", "show", *_FILTERS))
"""How the cards of regimens are made."""
