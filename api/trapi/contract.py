"""The description of the service by OpenAPI, with the blocks that Translator reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.trapi.limits import LARGEST_BATCH
from api.trapi.question import Query
from api.trapi.versions import BIOLINK, INFORES, Version

__all__ = ["describe_service"]

_EXTENSIONS = "https://github.com/NCATSTranslator/translator_extensions/blob/production"
_API = "https://github.com/NCATSTranslator/ReasonerAPI"
_ERRORS: Mapping[int, str] = {
    400: "The query is ill-formed, or asks what no answer can have",
    408: "The query comes too slowly",
    413: "The query asks for more than its limits; the message names the limit",
    415: "The query is no JSON",
    429: "The client has too many queries at once",
    500: "A fault of the server",
    501: "What the query asks for is not implemented",
    503: "The server has too much to do, or is stopping",
}

_TAGS = ("meta_knowledge_graph", "query", "translator", "trapi")

Schema = dict[str, Any]


def describe_service(version: Version, release: str) -> Schema:
    """Return the OpenAPI document of one version of TRAPI; ``release`` is that of the server."""
    query = Query.model_json_schema(ref_template="#/components/schemas/{model}", by_alias=True)
    schemas = {**query.pop("$defs", {}), "Query": query, **_answers(version)}
    return {
        "openapi": "3.1.0",
        "info": _info(version, release),
        "servers": [{"url": f"../{version.number}", "description": "this server"}],
        "externalDocs": {"description": "The Reasoner API", "url": _API},
        "tags": [{"name": name} for name in _TAGS],
        "paths": _paths(version),
        "components": {"schemas": schemas},
    }


def _info(version: Version, release: str) -> Schema:
    return {
        "title": "sarcoma-kg",
        "version": release,
        "description": "What documents state of drugs, targets and soft-tissue sarcomas, each "
        "statement with its place. A research tool, and no medical advice.",
        "license": {
            "name": "CC BY 4.0",
            "url": "https://creativecommons.org/licenses/by/4.0/",
        },
        "x-translator": {
            "component": "KP",
            "team": ["sarcoma-kg contributors"],
            "biolink-version": BIOLINK,
            "infores": INFORES,
            "externalDocs": {
                "description": "The values allowed for component and team",
                "url": f"{_EXTENSIONS}/x-translator/",
            },
        },
        "x-trapi": {
            "version": version.schema,
            "multicuriequery": True,
            "asyncquery": False,
            "pathfinderquery": version.is_newest,
            "operations": ["lookup"],
            "batch_size_limit": LARGEST_BATCH,
            "externalDocs": {
                "description": "The values allowed for version",
                "url": f"{_EXTENSIONS}/x-trapi/",
            },
        },
    }


def _paths(version: Version) -> Schema:
    body = {"content": {"application/json": {"schema": _reference("Query")}}, "required": True}
    query: Schema = {
        "operationId": "query",
        "tags": ["query"],
        "summary": "Ask for what fits a query graph",
        "responses": _responses("Response", _ERRORS),
    }
    # The query of an older version is worded otherwise: its schema is that of TRAPI.
    query["requestBody"] = body if version.is_newest else {**body, "content": _any_json()}
    meta = {
        "operationId": "meta_knowledge_graph",
        "tags": ["meta_knowledge_graph"],
        "summary": "The kinds of nodes and edges that there are",
        "responses": _responses("MetaKnowledgeGraph", {500: _ERRORS[500], 503: _ERRORS[503]}),
    }
    return {"/query": {"post": query}, "/meta_knowledge_graph": {"get": meta}}


def _responses(answer: str, errors: Mapping[int, str]) -> Schema:
    found = {"description": "The answer", "content": _json(_reference(answer))}
    return {
        "200": found,
        **{
            str(status): {"description": words, "content": _json({"type": "string"})}
            for status, words in errors.items()
        },
    }


def _answers(version: Version) -> Schema:
    """Return the schemas of the answers by their required parts; TRAPI has the whole of them."""
    where = {"externalDocs": {"url": f"{_API}/tree/{version.number}"}, "type": "object"}
    return {
        "Response": {**where, "required": ["message"]},
        "MetaKnowledgeGraph": {**where, "required": ["nodes", "edges"]},
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _any_json() -> Schema:
    return _json({"type": "object", "required": ["message"]})
