"""What is ruled of drugs in patients with some conditions: ``/api/v1/contraindications``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field, create_model
from starlette.responses import Response

from api.answers import Desk, Services, json_answer
from api.kinds import get_kind
from api.list_answers import list_answer
from api.list_parameters import filter_of
from api.list_question import given_of
from api.parameters import ID, LONGEST_NAME, ListFilter
from api.problems import ParameterError
from api.record_contract import describe_list
from api.record_models import RulingAnswer
from api.records import Json
from api.rulings import STATUSES, Ruling, Status
from api.statements import describe

__all__ = ["ContraindicationFilter", "ruling_router"]

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
        description=f"A condition of the patient, repeatable: {ID}; see /api/v1/comorbidities.",
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
        count; those on narrower ones are listed and decide nothing.
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
    if others := sorted(given_of(wanted).keys() - {"condition", "drug"}):
        message = f"{others[0]} belongs to the list without conditions"
        raise ParameterError(others[0], message)
    conditions = _iris(desk, wanted.condition, "condition", "comorbidities")
    rulings = desk.library.rulings
    drugs = _iris(desk, wanted.drug, "drug", "drugs") if wanted.drug else rulings.drugs
    found = [rulings.rule(drug, condition) for drug in drugs for condition in conditions]
    records = await _records(desk, found)
    return {
        "snapshot": desk.library.snapshot,
        "note": _NOTE,
        "statuses": {status.value: meaning for status, meaning in STATUSES.items()},
        "total": len(drugs),
        "items": [
            _show(desk, drug, [each for each in found if each.drug == drug], records)
            for drug in drugs
        ],
    }


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
    found = {ruling.status for ruling in rulings}
    return {
        "drug": desk.writer.reference(drug),
        # The gravest of all conditions; the statuses are in this order.
        "status": next(status for status in Status if status in found).value,
        "conditions": [
            {
                "condition": desk.writer.reference(ruling.condition),
                "status": ruling.status.value,
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
            for ruling in rulings
        ],
    }


def _documents(desk: Desk, claim: str) -> list[Json]:
    """Return the documents that state a claim, each with its date."""
    return [
        {**desk.writer.reference(document), "issued": desk.library.rulings.dates.get(document)}
        for document in desk.library.rulings.documents.get(claim, ())
    ]
