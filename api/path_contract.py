"""How the contract describes the paths: their answers, and the body of a POST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.answers import CONTEXT, JSON_RESPONSES
from api.path_batch import MOST_QUERIES
from api.path_kinds import KINDS_OF_PATHS, PathKind
from api.path_models import BatchAnswer, PathAnswer
from api.path_order import ORDER
from api.path_page import NOTE
from api.path_parameters import PathFilter
from api.problems import MEDIA_TYPE

__all__ = [
    "COMMAND",
    "EXAMPLE_QUERY",
    "REQUEST_BODY",
    "describe_answer",
    "describe_batch",
    "describe_paths",
]

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


EXAMPLE_QUERY: Schema = {
    "drug": ["imatinib"],
    "histology": ["GIST"],
    "kind": ["mechanism"],
    "fields": ["nodes"],
}
"""The query that the example of an answer answers, over the shipped graph."""

_PATH: Schema = {
    "kind": "mechanism",
    "match": "direct",
    "reach": ["direct"],
    "drug": {"id": "drug:imatinib", "label": "imatinib"},
    "targets": [{"id": "target:kit", "label": "KIT"}],
    "histology": {
        "id": "histology:gastrointestinal-stromal-tumour",
        "label": "gastrointestinal stromal tumour",
    },
    "nodes": [
        {
            "id": "drug:imatinib",
            "label": "imatinib",
            "iri": "https://w3id.org/sarcoma-kg/drug/imatinib",
            "kind": "drug",
        },
        {
            "id": "target:kit",
            "label": "KIT",
            "iri": "https://w3id.org/sarcoma-kg/target/kit",
            "kind": "target",
        },
        {
            "id": "biomarker:cd117-expression",
            "label": "CD117 expression",
            "iri": "https://w3id.org/sarcoma-kg/biomarker/cd117-expression",
            "kind": "biomarker",
        },
        {
            "id": "claim:jnccn-2007-cd117-expression-in-gist",
            "label": "Expression of CD117 characterises GIST",
            "iri": "https://w3id.org/sarcoma-kg/claim/jnccn-2007-cd117-expression-in-gist",
            "kind": "statement",
        },
        {
            "id": "biomarker:kit-activating-mutation",
            "label": "activating KIT mutation",
            "iri": "https://w3id.org/sarcoma-kg/biomarker/kit-activating-mutation",
            "kind": "biomarker",
        },
        {
            "id": "claim:jnccn-2007-kit-activating-mutation-in-gist",
            "label": "About 90% of GIST have an activating KIT mutation",
            "iri": "https://w3id.org/sarcoma-kg/claim/jnccn-2007-kit-activating-mutation-in-gist",
            "kind": "statement",
        },
        {
            "id": "histology:gastrointestinal-stromal-tumour",
            "label": "gastrointestinal stromal tumour",
            "iri": "https://w3id.org/sarcoma-kg/histology/gastrointestinal-stromal-tumour",
            "kind": "histology",
        },
    ],
}

_ERRORS = {
    400: "A parameter is unknown, ill-formed or contradicts another",
    404: "A name means nothing; near names are given",
    406: "None of the formats that are accepted is offered",
    409: "A name means several things; all are given",
    429: "More long answers or questions at once than a client's share; Retry-After says when",
    500: "A fault of the server",
    503: "Too many questions at once, or the server is stopping",
    504: "The answer took too long",
}
_ERRORS_OF_BODIES = {
    400: "The body is no JSON, or a key is unknown, ill-formed or contradicts another",
    408: "The body comes too slowly",
    413: "The body is too large",
    415: "The body is not application/json",
}


def describe_paths() -> dict[int | str, Schema]:
    """Return the responses of GET: an answer with an example, and all problems."""
    return {**_with_example(PathAnswer, _example()), **_problems(_ERRORS)}


def describe_batch() -> dict[int | str, Schema]:
    """Return the responses of POST: an answer to one query or to several, and all problems."""
    own = {key: value for key, value in _example().items() if key != "@context"}
    answered = {"status": 200, **own}
    refused = {
        "status": 404,
        "problem": {
            "type": "https://w3id.org/sarcoma-kg/problem/unknown-name",
            "title": "Nothing has this name",
            "status": 404,
            "detail": "drug 'imatinb' is not known as a drug",
        },
    }
    batch = {
        "@context": CONTEXT,
        "snapshot": answered["snapshot"],
        "total": 2,
        "answers": [answered, refused],
    }
    responses = _with_example(PathAnswer | BatchAnswer, batch)
    return {**responses, **_problems(dict(sorted({**_ERRORS, **_ERRORS_OF_BODIES}.items())))}


def _with_example(model: Any, example: Schema) -> dict[int | str, Schema]:
    responses = describe_answer(model)
    responses[200]["content"]["application/json"]["example"] = example
    return responses


def _problems(errors: Mapping[int, str]) -> dict[int | str, Schema]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": says, "content": content} for status, says in errors.items()}


def _example() -> Schema:
    """Return the answer to the example query, with another snapshot."""
    return {
        "@context": CONTEXT,
        "snapshot": "0" * 64,
        "total": 1,
        "limit": 50,
        "byKind": {kind.value: int(kind is PathKind.MECHANISM) for kind in PathKind},
        "kinds": {kind.value: meaning for kind, meaning in KINDS_OF_PATHS.items()},
        "sortedBy": list(ORDER),
        "note": NOTE,
        "paths": [_PATH],
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
