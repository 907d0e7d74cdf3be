"""How the contract describes the paths: their answers, and the body of a POST."""

from __future__ import annotations

from typing import Any

from api.answers import JSON_RESPONSES
from api.path_batch import MOST_QUERIES
from api.path_parameters import PathFilter

__all__ = ["COMMAND", "REQUEST_BODY", "describe_answer"]

Schema = dict[str, Any]

COMMAND = (
    "curl http://127.0.0.1:8000/api/v1/paths -H 'Content-Type: application/json' \\\n"
    """  --data '{"queries": [{"drug": "imatinib"}, {"target": ["VEGFR", "KIT"]}]}'"""
)
"""How to ask several queries at once."""

_EXAMPLES = {
    "one query": {"value": {"drug": ["imatinib"], "histology": ["GIST"]}},
    "several queries": {
        "value": {"queries": [{"drug": ["imatinib"]}, {"target": ["VEGFR", "PDGFR", "KIT"]}]}
    },
}


def describe_answer(model: Any) -> dict[int | str, Schema]:
    """Return the responses of an address whose JSON answer looks as a model says."""
    described = JSON_RESPONSES[200]
    # JSON comes first: a generated client takes the first that it understands.
    linked = described["content"]["application/ld+json"]
    content = {"application/json": {}, "application/ld+json": linked}
    return {200: {"description": described["description"], "model": model, "content": content}}


def _query(title: str) -> Schema:
    schema = PathFilter.model_json_schema(by_alias=True)
    shared = schema.pop("$defs", {})
    return {**_inlined(schema, shared), "title": title, "additionalProperties": False}


def _inlined(schema: Any, shared: Schema) -> Any:
    """Return a schema with what it refers to in place: the contract has its names elsewhere."""
    if isinstance(schema, list):
        return [_inlined(each, shared) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(shared[schema["$ref"].rpartition("/")[2]], shared)
    return {
        key: _inlined(value, shared)
        for key, value in schema.items()
        if key != "title" or isinstance(value, dict)
    }


def _request_body() -> Schema:
    queries = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_QUERIES,
        "items": _query("PathQueryOfBatch"),
    }
    batch = {
        "title": "PathBatch",
        "type": "object",
        "additionalProperties": False,
        "required": ["queries"],
        "properties": {"queries": queries},
    }
    description = "one query, whose keys are the parameters of GET, or several of them"
    schema = {"description": description, "oneOf": [_query("PathQuery"), batch]}
    content = {"application/json": {"schema": schema, "examples": _EXAMPLES}}
    return {"required": True, "content": content}


REQUEST_BODY: Schema = _request_body()
"""The body of a POST: one query, or several under the key ``queries``."""
