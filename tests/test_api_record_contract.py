"""The contract of lists and records is true: real answers conform to it, and examples work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from list_client import Lists

from api.kinds import KINDS, Kind
from api.list_kinds import fields_of
from api.list_parameters import example_of
from api.parameters import MOST_ITEMS
from api.record_contract import list_model, record_model
from api.record_models import ListEnvelope, Problem, Record, RulingAnswer

ERRORS = {"400", "404", "406", "409", "429", "500", "503", "504"}
NESTED = {
    "arm", "comparatorArm", "doses", "arms", "interventions", "outcomes", "eligibility", "sites",
    "references", "statements", "stoppingRules", "results", "thresholds", "endpointDefinition",
    "boosts", "comparison", "owl:sameAs",
}  # fmt: skip
"""Keys of parts, and of what lists alone leave out: the models let them stand as they are."""

SHIPPED = [kind for kind in KINDS if kind.path not in ("imported-trials", "imported-evidence")]
"""Nothing shipped is of the others: tests/test_api_imports.py has some."""


@pytest.fixture(scope="module")
def lists(address: str) -> Iterator[Lists]:
    found = Lists(address)
    yield found
    found.close()


@pytest.fixture(scope="module")
def contract(lists: Lists) -> Any:
    return lists.raw("../../openapi.json").json()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_every_item_of_every_list_conforms(lists: Lists, kind: Kind) -> None:
    answer = lists.get(kind.path, limit=MOST_ITEMS, facets="type")
    read = list_model(kind).model_validate(answer)
    assert isinstance(read, ListEnvelope)
    assert len(read.items) == min(read.total, MOST_ITEMS)  # type: ignore[attr-defined]
    for item in answer["items"]:
        for name in Record.model_fields:
            assert name not in ("of",) or name not in item


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_single_records_conform(lists: Lists, kind: Kind) -> None:
    for item in lists.get(kind.path, limit=8, fields="links")["items"]:
        record = lists.get(item["links"]["self"].removeprefix("/api/v1/"))
        read = record_model(kind).model_validate(record)
        assert isinstance(read, Record)
        assert (read.id, read.snapshot is not None) == (item["id"], True)


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.path)
def test_every_parameter_has_an_example_that_finds_something(
    lists: Lists, contract: Any, kind: Kind
) -> None:
    described = contract["paths"][f"/api/v1/{kind.path}"]["get"]["parameters"]
    by_name = {each["name"]: each for each in described}
    for each in described:
        assert each["description"]
        assert each["schema"].get("examples"), each["name"]
    for field in fields_of(kind.path):
        stated = lists.total(kind.path, has=field.name)
        for parameter in field.parameters:
            assert parameter in by_name
            found = lists.total(kind.path, **{parameter: example_of(kind.path, field)})
            assert bool(found) is bool(stated) or field.type == "flag", parameter


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_every_error_is_described(contract: Any, kind: Kind) -> None:
    for path in (f"/api/v1/{kind.path}", f"/api/v1/{kind.path}/{{id}}"):
        responses = contract["paths"][path]["get"]["responses"]
        assert responses.keys() >= {"200", *ERRORS}
        for status in ERRORS:
            content = responses[status]["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        schema = responses["200"]["content"]["application/json"]["schema"]
        assert "$ref" in schema or "anyOf" in schema


def test_titles_of_schemas_are_names_that_no_two_share(contract: Any) -> None:
    titles = [schema["title"] for schema in contract["components"]["schemas"].values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    ("status", "kind", "given"),
    [
        (400, "evidence", {"limit": "0"}),
        (404, "drugs/imatinb", {}),
        (404, "evidence", {"drug": "imatinb"}),
        (409, "evidence/response", {}),
        (400, "evidence", {"cursor": "x"}),
    ],
)
def test_problems_conform(lists: Lists, status: int, kind: str, given: dict[str, str]) -> None:
    problem = Problem.model_validate(lists.problem(kind, status, **given))
    assert problem.status == status


def test_the_lookup_of_contraindications_conforms(lists: Lists) -> None:
    answer = lists.get("contraindications", condition="renal impairment", drug="ifosfamide")
    assert RulingAnswer.model_validate(answer).items[0].drug.id == "drug:ifosfamide"


def test_a_model_knows_the_keys_of_its_records(lists: Lists) -> None:
    for kind in KINDS:
        known = {
            each.alias or name for name, each in record_model(kind).model_fields.items()
        } | NESTED
        for item in lists.all(kind.path):
            assert item.keys() <= known, (kind.path, item.keys() - known)
