"""The card of a study: its design, arms and patients, its results, and who reports it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.card_evidence import EvidencePart, evidence_part
from api.pages.card_query import node
from api.pages.cards import Asked, Card, CardKind, Download
from api.pages.parts_arms import ArmShown, read_arms, things_of
from api.pages.parts_evidence import Evidence, find_evidence
from api.pages.parts_facts import facts_of, pieces_of, place_of_record, read_record
from api.pages.parts_things import Thing
from api.records import Json

__all__ = ["FILTERS", "STUDY", "Reporting", "ending_in_study", "study_card"]

FILTERS = ("endpoint", "histology", "direction")
_APART = frozenset(
    {"arms", "results", "statements", "reportedIn", "probablySameStudy", "acronym", "synonyms"}
)
_FIRST = (
    "phase",
    "phaseAsPrinted",
    "studyType",
    "allocation",
    "interventionModel",
    "masking",
    "primaryPurpose",
    "numberOfPatients",
    "enrolment",
    "includesHistology",
    "excludesHistology",
    "population",
    "setting",
    "line",
    "minimumAge",
    "maximumAge",
    "eligibleSex",
    "conductedBy",
    "responsibleParty",
)
"""What a reader asks first of a study; other keys follow as the record has them."""

_SHOWN_AS_PIECES = ("interventions", "eligibility", "outcomes", "sites", "stoppingRules")


@dataclass(frozen=True)
class Reporting:
    """A document that reports a study, and its date as printed, where one is."""

    document: Thing
    issued: str


async def study_card(asked: Asked) -> Card:
    """Return the card of a study."""
    record = await read_record(asked.desk, asked.iri)
    return await ending_in_study(asked, record, "Study", status=(), registry=())


async def ending_in_study(
    asked: Asked, record: Json, what: str, *, status: object, registry: object
) -> Card:
    """Return the card of a study of any sort, from its record.

    ``status`` are facts on where a trial stands, ``registry`` its numbers with their pages.
    """
    part, values = await _values(asked, record)
    values |= {"status": status, "registry": registry}
    return Card(
        template="card_study.html",
        what=what,
        values=values,
        names=asked.entry.names,
        sections=tuple(
            (anchor, name) for anchor, name, key in _SECTIONS if key == "part" or values.get(key)
        ),
        downloads=(*part.downloads, _comparisons(asked)),
        styles=("card.css", "findings.css"),
    )


_SECTIONS = (
    ("design", "Design and patients", "design"),
    ("status", "Status", "status"),
    ("arms", "Arms", "arms"),
    ("interventions", "Interventions", "interventions"),
    ("eligibility", "Eligibility", "eligibility"),
    ("outcomes", "Planned outcomes", "outcomes"),
    ("evidence", "Results", "part"),
    ("reported", "Documents", "reported"),
    ("statements", "Other statements", "statements"),
)


async def _values(asked: Asked, record: Json) -> tuple[EvidencePart, dict[str, object]]:
    """Return the results of a study, and what its template takes."""
    desk = asked.desk
    results = await find_evidence(desk, "study", {asked.iri})
    arms = read_arms(desk, record.get("arms", []))
    part = evidence_part(
        asked,
        results,
        pattern=f":ofStudy {node(asked.iri)}",
        field="study",
        filters=FILTERS,
        without=("study",),
        label=_arm_or_treatment,
    )
    return part, {
        "part": part,
        "design": facts_of(desk, _important_first(record), without={*_APART, *_SHOWN_AS_PIECES}),
        "arms": arms,
        "compare": _compare(asked, arms),
        **{key: pieces_of(desk, record, key) for key in (*_SHOWN_AS_PIECES, "statements")},
        "reported": _reporting(asked, record, results),
        "same": things_of(desk, record.get("probablySameStudy")),
        "place": place_of_record(desk, record),
    }


def _important_first(record: Json) -> Json:
    return {key: record[key] for key in (*_FIRST, *record) if key in record}


def _arm_or_treatment(each: Evidence) -> str:
    """Return what a row of a plot is called: within a study its arm tells more than its drug."""
    return " or ".join(arm.label for arm in each.arms) or each.treatment


def _compare(asked: Asked, arms: Iterable[ArmShown]) -> str:
    """Return where the arms stand side by side, or nothing where there are no two."""
    shorten = asked.desk.library.directory.shorten
    named = [("arm", shorten(each.arm.iri)) for each in arms][:4]
    return f"/compare?{urlencode(named, safe=':/')}" if len(named) > 1 else ""


def _reporting(asked: Asked, record: Json, results: Iterable[Evidence]) -> tuple[Reporting, ...]:
    """Return the documents that report a study: those it names, and those of its results."""
    named = things_of(asked.desk, record.get("reportedIn"))
    others = (document for each in results for document in each.place.documents)
    documents = {each.iri: each for each in (*named, *others)}
    dates = asked.desk.library.paths.documents
    return tuple(Reporting(each, dates.get(iri) or "") for iri, each in documents.items())


def _comparisons(asked: Asked) -> Download:
    query = urlencode({"study": asked.entry.curie})
    return Download(f"/api/v1/comparisons?{query}", "comparisons as JSON")


STUDY = CardKind("studies", study_card, parameters=("sort", "show", *FILTERS))
"""How the cards of studies are made."""
