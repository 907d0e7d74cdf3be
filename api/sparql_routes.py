"""The SPARQL endpoint: ``/sparql``."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services
from api.conditional import entity_tag, knows, not_modified, tagged
from api.messages import Head
from api.sparql_request import read_query
from api.streaming import QueryAnswer
from kg.formats import GraphFormat, ResultFormat, choose_graph_format, choose_result_format

__all__ = ["sparql_router"]

_REPEATABLE = ("default-graph-uri", "named-graph-uri")
_PARAMETERS = (
    ("query", True, "The query. Our prefixes (drug:, histology:, : ...) need no declaration."),
    ("default-graph-uri", False, "A graph that the query's default graph consists of; repeatable."),
    ("named-graph-uri", False, "A graph that GRAPH may reach; repeatable."),
    ("timeout", False, "Seconds that the query may take; less than the server allows."),
    ("format", False, "json, xml, csv, tsv; ttl, nt, rdf, jsonld, nq, trig: instead of Accept."),
)

_COMMAND = (
    "curl http://127.0.0.1:8000/sparql -H 'Content-Type: application/sparql-query' "
    "--data 'ASK { ?drug :inhibits target:kit }'"
)


def sparql_router(services: Services) -> APIRouter:
    """Return the routes of the SPARQL endpoint."""
    router = APIRouter()

    async def answer(request: Request) -> Response:
        """Answer a SPARQL 1.1 query, as the SPARQL 1.1 Protocol says.

        A query without FROM sees the union of all graphs. Answers are complete, or problems;
        one longer than 32 MiB is cut off visibly when it fails.
        """
        return await _answer(request, services)

    for method, described in (("GET", _get()), ("POST", _post())):
        router.add_api_route(
            "/sparql",
            answer,
            methods=[method],
            tags=["SPARQL"],
            summary=f"Ask a query ({method})",
            operation_id=f"sparql_{method.lower()}",
            response_class=Response,
            openapi_extra=described,
        )
    return router


async def _answer(request: Request, services: Services) -> Response:
    query = await read_query(request, services.settings)
    if request.method != "GET":
        return QueryAnswer(services.engine, query, lambda _: {"Cache-Control": "no-store"})

    def tag(media_type: str) -> str:
        parts = (services.engine.snapshot.id, services.version, media_type, str(query.union))
        return entity_tag(request, *parts)

    if "if-none-match" in request.headers:
        # Which of the two it would be is known after parsing; the client knows one of them.
        for choice in (choose_result_format(query.accept), choose_graph_format(query.accept)):
            if choice and knows(request, tag(choice.media_type)):
                return not_modified(tag(choice.media_type))

    def headers(head: Head) -> dict[str, str]:
        return {"Cache-Control": "no-store"} if head.is_volatile else tagged(tag(head.media_type))

    return QueryAnswer(services.engine, query, headers)


def _get() -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": required,
            "description": description,
            "schema": _schema(name),
        }
        for name, required, description in _PARAMETERS
    ]
    example = "/sparql?query=ASK%20%7B%20?drug%20:inhibits%20target:kit%20%7D"
    return {"parameters": parameters, "responses": _responses(), "x-example": example}


def _post() -> dict[str, Any]:
    properties = {
        name: {**_schema(name), "description": description} for name, _, description in _PARAMETERS
    }
    form = {"schema": {"type": "object", "required": ["query"], "properties": properties}}
    content = {
        "application/x-www-form-urlencoded": form,
        "application/sparql-query": {"schema": {"type": "string"}},
    }
    body = {"required": True, "content": content}
    return {"requestBody": body, "responses": _responses(), "x-command": _COMMAND}


def _schema(name: str) -> dict[str, Any]:
    text = {"type": "string"}
    return {"type": "array", "items": text} if name in _REPEATABLE else text


def _responses() -> dict[str, Any]:
    offered = (*ResultFormat, *GraphFormat)
    content = {each.media_type: {"schema": {"type": "string"}} for each in offered}
    return {"200": {"description": "The answer", "content": content}}
