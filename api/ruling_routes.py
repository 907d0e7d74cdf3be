"""What is ruled of drugs in patients with some conditions: ``/api/v1/contraindications``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field, create_model
from starlette.responses import Response

from api.answers import Desk, Services, envelope, json_answer
from api.condition_names import ConditionNames
from api.kinds import get_kind
from api.list_answers import list_answer
from api.list_parameters import filter_of
from api.list_question import given_of, read_as_of
from api.paging import page_of
from api.parameters import ID, LONGEST_NAME, ListFilter
from api.path_parameters import last_day
from api.problems import ParameterError
from api.record_contract import describe_list
from api.record_models import RulingAnswer
from api.records import Json
from api.ruling_sentences import sentence_of
from api.rulings import REACHES, STATUSES, Entry, Reach, Ruling, Rulings, Status
from api.statements import describe

__all__ = ["ContraindicationFilter", "ruling_router"]

_PATH = "/api/v1/contraindications"
_LOOKED_UP = {"condition", "drug", "document", "asOf", "as_of"}
_MOST = 50
_NOTE = (
    "This repeats what documents of the given dates state. That a drug has no entry permits "
    "nothing, and the answer is no medical advice."
)
Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]], Field(max_length=_MOST)
]


class ContraindicationFilter(ListFilter):
    """Which contraindications, or which drugs and conditions to look up."""

    condition: Names = Field(
        [],
        description=f"A condition of the patient, repeatable: {ID}; see /api/v1/comorbidities. One "
        "that is not known makes the whole answer a 404, with candidates.",
        examples=[["renal impairment"]],
    )
    drug: Names = Field(
        [],
        description=f"A drug to list or look up, repeatable: {ID}. Without one: every drug with an "
        "entry.",
        examples=[["ifosfamide"]],
    )


def ruling_router(services: Services) -> APIRouter:
    """Return the route of the contraindications."""
    router = APIRouter(prefix="/api/v1")

    async def contraindications(request: Request, wanted: ContraindicationFilter) -> Response:
        """List contraindications, or look up drugs in patients with some conditions.

        With `condition`, each drug asked about gets one of four statuses for each condition:
        contraindicated, precaution, no entry, drug not in the table. Entries on wider conditions
        count; those on narrower ones do where none is on the condition itself: see `reach`.
        `sentence` has all in words; with `condition` only `drug`, `document` and `asOf` apply.
        """
        if wanted.condition:
            return await json_answer(request, services, partial(_look_up, wanted=wanted))
        return await list_answer(request, services, "contraindications", wanted)

    # The list takes what other lists take too.
    both = create_model(
        "ContraindicationsFilter", __base__=(ContraindicationFilter, filter_of("contraindications"))
    )
    contraindications.__annotations__["wanted"] = Annotated[both, Query()]
    router.add_api_route(
        "/contraindications",
        contraindications,
        tags=["findings"],
        summary="Contraindications; with conditions, what is ruled of each drug",
        openapi_extra={
            "x-example": "/api/v1/contraindications?condition=renal-impairment&drug=ifosfamide"
        },
        response_class=Response,
        responses=describe_list(get_kind("contraindications"), otherwise=RulingAnswer),
    )
    return router


async def _look_up(desk: Desk, *, wanted: ContraindicationFilter) -> Json:
    given = given_of(wanted)
    if others := sorted(given.keys() - _LOOKED_UP):
        message = f"{others[0]} belongs to the list without conditions"
        raise ParameterError(others[0], message)
    rulings = _rulings(desk, given)
    conditions = ConditionNames(desk.library.directory, rulings.near).find(wanted.condition)
    drugs = _iris(desk, wanted.drug, "drug", "drugs") if wanted.drug else rulings.drugs
    mark = f"{desk.library.snapshot} rulings {sorted(given.items())}"
    page = page_of(drugs, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    found = [rulings.rule(drug, condition) for drug in page.items for condition in conditions]
    records = await _records(desk, found)
    return {
        **envelope(_PATH, given, page, wanted.limit, desk.library.snapshot),
        "note": _NOTE,
        "statuses": {status.value: meaning for status, meaning in STATUSES.items()},
        "reaches": {reach.value: meaning for reach, meaning in REACHES.items()},
        "items": [
            _show(desk, drug, [each for each in found if each.drug == drug], records)
            for drug in page.items
        ],
    }


def _rulings(desk: Desk, given: Mapping[str, Any]) -> Rulings:
    """Return the rulings of the documents asked about."""
    rulings = desk.library.rulings
    names = (part.strip() for name in given.get("document", ()) for part in name.split(","))
    documents = _iris(desk, filter(None, names), "document", "documents")
    latest = read_as_of(given)
    kept = {
        document
        for stated in rulings.documents.values()
        for document in stated
        if (not documents or document in documents) and _is_issued(rulings, document, latest)
    }
    return rulings.only({claim for claim, by in rulings.documents.items() if kept & set(by)})


def _is_issued(rulings: Rulings, document: str, latest: date | None) -> bool:
    if latest is None:
        return True
    issued = last_day(rulings.dates.get(document, ""))
    return issued is not None and issued <= latest


def _iris(desk: Desk, names: Iterable[str], parameter: str, kind: str) -> tuple[str, ...]:
    directory = desk.library.directory
    found = (directory.get(name, [kind], parameter=parameter).iri for name in names)
    return tuple(dict.fromkeys(found))


async def _records(desk: Desk, rulings: Iterable[Ruling]) -> Mapping[str, Json]:
    iris = {entry.claim for ruling in rulings for _, entry in ruling.entries}
    if not iris:
        return {}
    statements = await describe(desk.engine, iris, root=desk.root)
    return {iri: desk.writer.write(iri, statements) for iri in iris}


def _show(desk: Desk, drug: str, rulings: list[Ruling], records: Mapping[str, Json]) -> Json:
    # The gravest of all conditions, and of these the closest; both are in this order.
    gravest = next(status for status in Status if status in {each.status for each in rulings})
    reaches = {each.reach for each in rulings if each.status is gravest}
    conditions = [_show_condition(desk, ruling, records) for ruling in rulings]
    return {
        "drug": desk.writer.reference(drug),
        "status": gravest.value,
        "reach": next((reach.value for reach in Reach if reach in reaches), None),
        "sentences": [each["sentence"] for each in conditions],
        "conditions": conditions,
    }


def _show_condition(desk: Desk, ruling: Ruling, records: Mapping[str, Json]) -> Json:
    return {
        "condition": desk.writer.reference(ruling.condition),
        "status": ruling.status.value,
        "reach": ruling.reach and ruling.reach.value,
        "narrower": _show_narrower(desk, ruling.narrower),
        "sentence": sentence_of(ruling, lambda iri: desk.library.directory.label(iri) or iri),
        "entries": [
            {
                "status": entry.status.value,
                "reach": reach.value,
                "claim": records[entry.claim],
                "documents": _documents(desk, entry.claim),
            }
            for reach, entry in ruling.entries
        ],
    }


def _show_narrower(desk: Desk, entries: tuple[Entry, ...]) -> Json | None:
    if not entries:
        return None
    conditions = sorted({entry.condition for entry in entries})
    return {
        "status": entries[0].status.value,
        "conditions": [desk.writer.reference(condition) for condition in conditions],
    }


def _documents(desk: Desk, claim: str) -> list[Json]:
    """Return the documents that state a claim, each with its date."""
    return [
        {**desk.writer.reference(document), "issued": desk.library.rulings.dates.get(document)}
        for document in desk.library.rulings.documents.get(claim, ())
    ]
