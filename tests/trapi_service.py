"""The Reasoner API as tests ask it, and the specifications that its answers must keep to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import yaml

__all__ = [
    "SHARED",
    "ask",
    "bindings",
    "get_validator",
    "nulls",
    "schema_of",
    "stated_edges",
]

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
_PROGRAM = "TRAPI_PYTHON"
_REMOTE = "https://standards.ncats.io/workflow/1.3.5/schema"

Json = dict[str, Any]


def ask(client: httpx.Client, body: Json, version: str = "2.0") -> Json:
    """Return the response to a query that must be answered."""
    answer = client.post(f"/trapi/{version}/query", json=body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def bindings(response: Json, *names: str) -> set[tuple[str, ...]]:
    """Return what some nodes of the query are bound to, by the names of the things."""
    nodes = response["message"]["knowledge_graph"]["nodes"]
    return {
        tuple(
            "+".join(sorted(nodes[each]["name"] for each in result["node_bindings"][name]["ids"]))
            for name in names
        )
        for result in response["message"]["results"]
    }


def stated_edges(response: Json) -> Iterator[tuple[str, Json, dict[str, list[Any]]]]:
    """Yield the edges of an answer, each with the values of its attributes."""
    for name, edge in response["message"]["knowledge_graph"]["edges"].items():
        values: dict[str, list[Any]] = {}
        for each in edge.get("attributes", ()):
            values.setdefault(each["attribute_type_id"], []).append(each["value"])
        yield name, edge, values


def nulls(value: Any, place: str = "") -> Iterator[str]:
    """Yield where an answer has a null."""
    if value is None:
        yield place
    if isinstance(value, dict | list):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nulls(each, f"{place}/{name}")


@cache
def schema_of(version: str, name: str) -> Any:
    """Return the validator of a part of a specification; skips where there is none."""
    found = SHARED / "specs" / f"trapi_{version}.yaml"
    if not found.exists():
        pytest.skip("skipped: no ../shared")
    text = found.read_text(encoding="utf-8")
    # The one reference out of the document is to the steps of workflows: lists of objects.
    text = text.replace(f"oneOf:\n            - $ref: {_REMOTE}", "type: array")
    assert _REMOTE not in text
    components = _with_nulls(yaml.safe_load(text)["components"])
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return jsonschema_rs.validator_for(schema)


def _with_nulls(schema: Any) -> Any:
    """Return a schema in which what OpenAPI 3.0 calls nullable may be null by JSON Schema."""
    if isinstance(schema, list):
        return [_with_nulls(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _with_nulls(each) for name, each in schema.items() if name != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") is True else found


def get_validator() -> str:
    """Return a Python that has reasoner-validator; skips where there is none."""
    found = os.environ.get(_PROGRAM) or shutil.which("trapi-python")
    if not found:
        pytest.skip(f"skipped: no Python with reasoner-validator; name it in {_PROGRAM}")
    if not SHARED.exists():
        pytest.skip("skipped: no ../shared")
    return found
