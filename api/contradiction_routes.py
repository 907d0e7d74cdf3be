"""Findings that do not agree, with what differs between them: ``/api/v1/contradictions``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.answers import JSON_RESPONSES, Desk, Services, envelope, json_answer
from api.binomial import LEVEL, Interval
from api.contradictions import MEANINGS, Contradiction, Rule
from api.findings import Finding
from api.histology_names import get_histology
from api.list_records import BULKY
from api.paging import page_of
from api.parameters import ID, Name, Paging
from api.records import Json
from api.statements import describe

__all__ = [
    "ContradictionFilter",
    "choose_contradictions",
    "contradiction_router",
    "find_filtered",
]

_KINDS = {
    "drug": ("drugs",),
    "regimen": ("regimens",),
    "histology": ("histologies",),
    "endpoint": ("endpoints",),
    "document": ("documents",),
}
_NOTE = (
    "These findings were made in different groups of patients: that they differ proves neither "
    "wrong. Each row names its rule and what differs; nothing is pooled."
)


class ContradictionFilter(Paging):
    """Which contradictions."""

    drug: Name = Field(None, description=f"A drug that both findings are about: {ID}.")
    regimen: Name = Field(None, description=f"A regimen that both findings are about: {ID}.")
    histology: Name = Field(
        None, description=f"The histology of both findings, or a wider one than that: {ID}."
    )
    endpoint: Name = Field(
        None,
        description="The endpoint of both, or of one where a survival "
        "stands against its rate at a time; see /api/v1/endpoints.",
    )
    document: Name = Field(None, description=f"A document that states one of the two: {ID}.")
    rule: Rule | None = Field(None, description="Why the two are said not to agree.")
    within_study: bool | None = Field(
        None,
        alias="withinStudy",
        description="true: both findings are of one study; false: they are not.",
    )


def contradiction_router(services: Services) -> APIRouter:
    """Return the route of the contradictions."""
    router = APIRouter(prefix="/api/v1")

    async def list_contradictions(
        request: Request, wanted: Annotated[ContradictionFilter, Query()]
    ) -> Response:
        """List pairs of findings on one histology, drug or regimen and endpoint that disagree.

        Opposed directions, exact intervals that share no point, or medians far from each other.
        Each row names its rule, and what differs: dose, line, numbers, definition, population.
        """
        return await json_answer(request, services, partial(_answer, wanted=wanted))

    router.add_api_route(
        "/contradictions",
        list_contradictions,
        tags=["findings"],
        summary="Findings that do not agree, and what differs between them",
        openapi_extra={"x-example": "/api/v1/contradictions?drug=doxorubicin"},
        response_class=Response,
        responses=JSON_RESPONSES,
    )
    return router


async def _answer(desk: Desk, *, wanted: ContradictionFilter) -> Json:
    given = wanted.model_dump(
        by_alias=True, exclude_none=True, exclude={"limit", "cursor"}, mode="json"
    )
    found = list(choose_contradictions(desk, wanted))
    mark = f"{desk.library.snapshot} contradictions {sorted(given.items())}"
    page = page_of(found, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    records = await _records(desk, page.items)
    around = envelope("/api/v1/contradictions", given, page, wanted.limit, desk.library.snapshot)
    rules = {rule.value: meaning for rule, meaning in MEANINGS.items()}
    items = [_show(desk, each, records) for each in page.items]
    return {**around, "note": _NOTE, "rules": rules, "items": items}


def choose_contradictions(desk: Desk, wanted: ContradictionFilter) -> Iterable[Contradiction]:
    """Yield the contradictions that the filters leave; raises UnknownName and AmbiguousName."""
    iris = {
        parameter: find_filtered(desk, parameter, name)
        for parameter in _KINDS
        if (name := getattr(wanted, parameter)) is not None
    }
    histology = iris.get("histology")
    scope = desk.library.histologies.scope(histology) if histology else None
    for each in desk.library.contradictions:
        if (
            (wanted.rule in (None, each.rule))
            and wanted.within_study in (None, each.is_within_study)
            and (scope is None or scope.match(each.histologies))
            and ("drug" not in iris or iris["drug"] in each.drugs)
            and ("regimen" not in iris or iris["regimen"] in each.regimens)
            and ("endpoint" not in iris or _measures(desk, each, iris["endpoint"]))
            and ("document" not in iris or _is_stated_in(each, iris["document"]))
        ):
            yield each


def find_filtered(desk: Desk, parameter: str, name: str) -> str:
    """Return the thing that a filter names; raises UnknownName and AmbiguousName."""
    directory = desk.library.directory

    def get() -> str:
        return directory.get(name, _KINDS[parameter], parameter=parameter).iri

    return get_histology(directory, name, parameter, get) if parameter == "histology" else get()


def _measures(desk: Desk, each: Contradiction, endpoint: str) -> bool:
    name = endpoint.removeprefix(desk.library.context.namespaces.ontology)
    return name in each.first.values("endpoint") | each.second.values("endpoint")


def _is_stated_in(each: Contradiction, document: str) -> bool:
    return document in each.first.values("document") | each.second.values("document")


async def _records(desk: Desk, found: Iterable[Contradiction]) -> dict[str, Json]:
    iris = {finding.iri for each in found for finding in (each.first, each.second)}
    if not iris:
        return {}
    statements = await describe(desk.engine, iris, root=desk.root, siblings=False)
    bulky = [desk.library.context.namespaces.ontology + name for name in BULKY]
    return {iri: desk.writer.write(iri, statements, without=bulky) for iri in iris}


def _show(desk: Desk, each: Contradiction, records: Mapping[str, Json]) -> Json:
    shared = (
        ("histology", each.histologies),
        ("drug", each.drugs),
        ("regimen", each.regimens),
        ("endpoint", each.first.values("endpoint") | each.second.values("endpoint")),
    )
    return {
        "rule": each.rule.value,
        "withinStudy": each.is_within_study,
        **{name: [_named(desk, value) for value in sorted(values)] for name, values in shared},
        "findings": [records[each.first.iri], records[each.second.iri]],
        "computed": _computed(each),
        "differs": [
            {
                "what": field,
                "values": [[_named(desk, one) for one in sorted(side)] for side in both],
            }
            for field, both in each.first.differences(each.second).items()
        ],
    }


def _computed(each: Contradiction) -> Json:
    """Return what the rule computed, labelled as such."""
    if each.rule is Rule.APART:
        method = f"exact (Clopper-Pearson) {LEVEL:.0%} intervals in percent, computed here"
        return {"method": method, "intervals": [_shown(each.first), _shown(each.second)]}
    if each.rule is Rule.FAR:
        low, high = sorted((each.first.median or 0.0, each.second.median or 0.0))
        return {"method": "the larger median by the smaller", "ratio": round(high / low, 2)}
    return {}


def _shown(finding: Finding) -> Json:
    interval = finding.interval or Interval(0, 1)
    return {"low": round(100 * interval.low, 1), "high": round(100 * interval.high, 1)}


def _named(desk: Desk, value: str) -> object:
    """Return a thing by its id and label, a term of the ontology too, and a text as it is."""
    if value.startswith("http"):
        return desk.writer.reference(value)
    term = desk.library.context.namespaces.ontology + value
    return desk.writer.reference(term) if desk.library.directory.label(term) else value
