"""The addresses of the Reasoner API: ``/trapi/2.0``, and ``/trapi/1.5`` beside it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, NoReturn

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.addresses import find_address
from api.answers import Services, write_json
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.engine import Engine
from api.quotation import clipped, quoted
from api.request_body import read_body, read_content_type
from api.trapi.answering import answer_query
from api.trapi.contract import describe_service
from api.trapi.errors import TrapiProblem, show_error
from api.trapi.graph import Graph
from api.trapi.limits import LONGEST_BODY
from api.trapi.meta import meta_knowledge_graph
from api.trapi.older import older_response, upgraded
from api.trapi.question import read_query
from api.trapi.versions import VERSIONS, Version
from api.workshop import engine_from_afar

__all__ = ["trapi_router"]

_JSON = "application/json"
_ENDS = ("query", "meta_knowledge_graph", "openapi.json")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def trapi_router(services: Services) -> APIRouter:
    """Return the routes of all versions; each describes itself at its own openapi.json."""
    router = APIRouter(include_in_schema=False)
    for version in VERSIONS:
        _add_version(router, services, version)
    router.add_api_route("/trapi/{path:path}", _refuse, methods=list(_METHODS))
    return router


async def _refuse(request: Request, path: str) -> Response:
    """Answer for addresses that there are not, and for methods that an address does not take."""
    known = [f"{version.prefix}/{end}" for version in VERSIONS for end in _ENDS]
    address = find_address(request) if f"/trapi/{path}" in known else None
    if address is None:
        message = f"there is nothing at {clipped('/trapi/' + path)}; there is {', '.join(known)}"
        return show_error(TrapiProblem(message, 404))
    message = f"{request.method} is not allowed here; allowed: {address.allow}"
    refused = show_error(TrapiProblem(message, 405))
    refused.headers["Allow"] = address.allow
    return refused


def _add_version(router: APIRouter, services: Services, version: Version) -> None:
    async def query(request: Request) -> Response:
        try:
            return await _answer(request, services, version)
        except TrapiProblem as error:
            return show_error(error)

    async def meta(request: Request) -> Response:
        return await _describe(request, services)

    async def contract(request: Request) -> Response:
        tag = entity_tag(request, "", services.version, _JSON)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        body = write_json(describe_service(version, services.version))
        return Response(body, media_type=_JSON, headers=tagged(tag))

    router.add_api_route(f"{version.prefix}/query", query, methods=["POST"])
    router.add_api_route(f"{version.prefix}/meta_knowledge_graph", meta)
    router.add_api_route(f"{version.prefix}/openapi.json", contract)


async def _answer(request: Request, services: Services, version: Version) -> Response:
    body = await _read(request)
    while True:
        library = await services.keeper.get()
        engine = engine_from_afar(services.engine)
        async with services.gate.enter(services.client_of(request)):
            made = await services.workshop.make(_write(library.trapi, body, engine, version))
        # Asked from two snapshots it would be a mixture: after a swap it is made anew.
        if services.engine.snapshot.id == library.snapshot:
            headers = {"Sarcoma-KG-Snapshot": library.snapshot, "Cache-Control": "no-store"}
            return Response(made, media_type=_JSON, headers=headers)


async def _write(graph: Graph, body: dict[str, Any], engine: Engine, version: Version) -> bytes:
    try:
        asked = body if version.is_newest else upgraded(body)
        response = await answer_query(graph, read_query(asked), asked, engine)
        if not version.is_newest:
            response = older_response(graph, response, body)
        return write_json(response)
    except RecursionError:
        raise TrapiProblem("the query is nested too deeply") from None


async def _describe(request: Request, services: Services) -> Response:
    library = await services.keeper.get()
    tag = entity_tag(request, library.snapshot, services.version, _JSON)
    if knows(request, tag):
        return not_modified(tag)
    key = ("trapi-meta", library.snapshot)
    body = await services.kept.get(key, partial(_write_meta, library.trapi))
    if asks_for_none(request):
        return not_modified(tag)
    return Response(body, media_type=_JSON, headers=tagged(tag))


def _write_meta(graph: Graph) -> bytes:
    return write_json(meta_knowledge_graph(graph))


async def _read(request: Request) -> dict[str, Any]:
    given = read_content_type(request.headers.get("content-type"))
    if given.media_type not in (_JSON, "") and not given.media_type.endswith("+json"):
        message = f"a query is sent as {_JSON}, and not as {quoted(given.media_type)}"
        raise TrapiProblem(message, 415)
    body = await read_body(request, LONGEST_BODY)
    try:
        found = json.loads(body, parse_constant=_refuse_constant)
        # It comes back in the answer, where neither half a character nor 1e999 can be written.
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise TrapiProblem(f"the body is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise TrapiProblem(f"the body is an object with the key message, and not {quoted(found)}")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
