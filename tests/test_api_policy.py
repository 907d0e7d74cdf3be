"""What docs/api-policy.md promises: nothing of /api/v1 goes away, and what comes is noted."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from api_surface import COMMAND, find_growth, find_losses, read_contract, read_surface, surface_of

POLICY = Path(__file__).parent.parent / "docs" / "api-policy.md"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def contract() -> Json:
    return read_contract()


def test_nothing_that_clients_rely_on_is_gone(contract: Json) -> None:
    losses = list(find_losses(read_surface(), surface_of(contract)))
    assert not losses, (
        "docs/api-policy.md keeps what /api/v1 has: leave it, announce its end with the headers "
        "Deprecation and Sunset for a year, and take it away in /api/v2 only.\n" + "\n".join(losses)
    )


def test_what_is_new_is_noted(contract: Json) -> None:
    surface = surface_of(contract)
    growth = list(find_growth(read_surface(), surface))
    assert not growth, (
        f"the interface grew; say so in CHANGELOG.md and run {COMMAND}:\n" + "\n".join(growth)
    )
    assert set(read_surface()) == set(surface)


def test_the_surface_is_no_empty_promise() -> None:
    surface = read_surface()
    assert {"GET /api/v1/paths", "GET /api/v1/evidence", "GET /sparql"} <= surface.keys()
    assert "query drug" in surface["GET /api/v1/paths"]["parameters"]
    assert sum(len(each["fields"]) for each in surface.values()) > 100


SMALL: Json = {
    "paths": {
        "/a": {
            "get": {
                "parameters": [
                    {"name": "x", "in": "query", "schema": {"enum": ["1", "2"], "type": "string"}}
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/A"}},
                            "text/csv": {},
                        }
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "A": {
                "type": "object",
                "properties": {
                    "n": {"type": "integer"},
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/B"}},
                },
            },
            "B": {"type": "object", "properties": {"id": {"anyOf": [{"type": "string"}]}}},
        }
    },
}


def test_fields_are_found_behind_references() -> None:
    fields = surface_of(SMALL)["GET /a"]["fields"]
    assert fields == {"items": "array", "items[].id": "string", "n": "integer"}


def _operation(contract: Json) -> Json:
    found: Json = contract["paths"]["/a"]["get"]
    return found


def _take_path(contract: Json) -> None:
    del contract["paths"]["/a"]


def _take_parameter(contract: Json) -> None:
    _operation(contract)["parameters"].clear()


def _take_value(contract: Json) -> None:
    _operation(contract)["parameters"][0]["schema"]["enum"].remove("2")


def _require(contract: Json) -> None:
    _operation(contract)["parameters"][0]["required"] = True


def _require_new(contract: Json) -> None:
    new = {"name": "y", "in": "query", "required": True, "schema": {"type": "string"}}
    _operation(contract)["parameters"].append(new)


def _take_type(contract: Json) -> None:
    del _operation(contract)["responses"]["200"]["content"]["text/csv"]


def _take_field(contract: Json) -> None:
    del contract["components"]["schemas"]["B"]["properties"]["id"]


def _change_field(contract: Json) -> None:
    contract["components"]["schemas"]["A"]["properties"]["n"]["type"] = "string"


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (_take_path, "GET /a is gone"),
        (_take_parameter, "GET /a: the parameter query x is gone"),
        (_take_value, "GET /a: the parameter query x does not take '2' any more"),
        (_require, "GET /a: the parameter query x is required now"),
        (_require_new, "GET /a: the new parameter query y is required"),
        (_take_type, "GET /a no longer gives text/csv"),
        (_take_field, "GET /a: the field items[].id is gone"),
        (_change_field, "GET /a: the field n was integer and is string"),
    ],
)
def test_each_loss_is_seen(break_it: Callable[[Json], None], said: str) -> None:
    changed = copy.deepcopy(SMALL)
    break_it(changed)
    assert list(find_losses(surface_of(SMALL), surface_of(changed))) == [said]


def test_growth_is_no_loss() -> None:
    changed = copy.deepcopy(SMALL)
    changed["paths"]["/b"] = changed["paths"]["/a"]
    changed["components"]["schemas"]["B"]["properties"]["label"] = {"type": "string"}
    _operation(changed)["parameters"][0]["schema"]["enum"].append("3")
    old, new = surface_of(SMALL), surface_of(changed)
    assert list(find_losses(old, new)) == []
    assert list(find_growth(old, new)) == ["GET /a", "GET /b"]


def test_the_policy_says_what_the_tests_hold() -> None:
    text = POLICY.read_text(encoding="utf-8")
    assert COMMAND in text
    for header in ("Deprecation", "Sunset", "RFC 9745", "RFC 8594"):
        assert header in text
    assert re.search(r"\b12 months\b", text)
