"""The graph store: ``/rdf-graph-store``, by the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services
from api.conditional import digest_tag, knows, not_modified, tagged
from api.graph_store_request import PATH, Target, find_target, read_payloads
from api.html import guard
from api.messages import GraphRequest, Head, WriteRequest
from api.own_address import own_address
from api.precondition import Precondition
from api.problems import ParameterError
from api.request_body import MIB
from api.request_parameters import decode_parameters, read_accept
from api.sparql_contract import written_schema
from api.streaming import QueryAnswer
from api.write_answers import answer_write, written_answer
from api.writer import Guard, Written
from kg.formats import GraphFormat, TableFormat, get_graph_choice
from kg.snapshot import Snapshot
from kg.writing import Effect, GraphWrite

__all__ = ["graph_store_router"]

_SUMMARIES = {
    "GET": "Read a graph",
    "PUT": "Replace a graph",
    "POST": "Add to a graph, or make a new one",
    "DELETE": "Delete a graph",
}
_PARAMETERS = (
    ("graph", "The graph, by an IRI or a CURIE such as graph:documents."),
    ("default", "The default graph; needs no value."),
)
_FORMAT = ("format", "ttl, nt, rdf, jsonld, nq, trig, html: instead of Accept.")
_STATUSES = {
    "PUT": {201: "The graph is new", 204: "The graph was replaced"},
    "POST": {200: "The triples were added", 201: "The graph is new; Location may name it"},
    "DELETE": {200: "The graph was deleted"},
}
_COMMANDS = {
    "GET": "curl 'http://127.0.0.1:8000/rdf-graph-store?graph=graph:documents'",
    "PUT": "curl -X PUT 'http://127.0.0.1:8000/rdf-graph-store?graph=urn:mine' "
    '-H "Authorization: Bearer $(cat token)" '
    "-H 'Content-Type: text/turtle' --data-binary @mine.ttl",
}


def graph_store_router(services: Services) -> APIRouter:
    """Return the routes of the graph store."""
    router = APIRouter(tags=["SPARQL"])
    store = _GraphStore(services)
    for method, summary in _SUMMARIES.items():
        for path, name in ((PATH, "graph_store"), (f"{PATH}/{{path:path}}", "graph")):
            router.add_api_route(
                path,
                store.read if method == "GET" else store.write,
                methods=[method],
                summary=summary,
                operation_id=f"{name}_{method.lower()}",
                response_class=Response,
                openapi_extra=_described(method, path),
            )
    return router


class _GraphStore:
    """What the routes do."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def read(self, request: Request) -> Response:
        """Answer with a graph, as the SPARQL 1.1 Graph Store HTTP Protocol says.

        The graph is named by `graph`, by `default`, or by the address of the request itself.
        """
        target = self._target(request)
        accept = read_accept(request, decode_parameters(request.scope["query_string"]))
        engine, asked = self._services.engine, self._services.engine.snapshot.id
        tag = self._tag(asked, target, get_graph_choice(accept, "a graph").media_type)
        if knows(request, tag):
            return not_modified(tag)
        condition = Precondition.of_request(request)

        def headers(head: Head) -> dict[str, str]:
            condition.check_reading(tag)
            # The graph may have been read from a newer snapshot than the tag names.
            kept = tagged(tag) if engine.snapshot.id == asked else {"Cache-Control": "no-store"}
            return {**kept, **guard(head.media_type)}

        wish = GraphRequest(target.graph, accept, self._services.settings.query_timeout)
        return QueryAnswer(engine, wish, headers, client=self._services.client_of(request))

    async def write(self, request: Request) -> Response:
        """Replace a graph (PUT), add to it (POST), or delete it (DELETE).

        Writes need the bearer token; a write that the gate refuses changes nothing.
        """
        services = self._services
        services.authority.check(request)
        target = self._target(request)
        if "content-range" in request.headers:
            raise ParameterError("Content-Range", "a graph is written as a whole, and not in parts")
        payloads = (
            await read_payloads(request, services.settings.upload_limit * MIB)
            if request.method != "DELETE"
            else ()
        )
        write = GraphWrite(request.method, target.graph, payloads, target.base)  # type: ignore[arg-type]
        return await answer_write(
            request,
            services,
            WriteRequest(write, services.settings.query_timeout),
            partial(_answer, request.method, target),
            self._guard(request, target),
        )

    def _target(self, request: Request) -> Target:
        own = own_address(request, self._services.settings.trusted_proxy)
        return find_target(request, own, self._services.names)

    def _guard(self, request: Request, target: Target) -> Guard:
        """Return what holds the write to the conditions that its client sets."""
        condition = Precondition.of_request(request)

        def check(snapshot: Snapshot, effect: Effect) -> None:
            there = (*GraphFormat, *TableFormat) if effect.existed else ()
            condition.check(
                [
                    self._tag(snapshot.id, target, media_type)
                    for form in there
                    for media_type in (form.media_type, *form.also)
                ]
            )

        return check

    def _tag(self, snapshot: str, target: Target, media_type: str) -> str:
        return digest_tag(snapshot, self._services.version, target.graph or "", media_type)


def _answer(method: str, target: Target, written: Written) -> Response:
    """Return the answer to a write: the statuses are those that the W3C's tests ask for."""
    if not written.existed and method != "DELETE":
        headers = {"Location": target.graph} if target.is_new and target.graph else {}
        return written_answer(written, 201, headers)
    return written_answer(written, 204 if method == "PUT" else 200)


def _described(method: str, path: str) -> dict[str, Any]:
    """Return how the contract describes a method of the store, or of a graph below it."""
    named = [*_PARAMETERS, *([_FORMAT] if method == "GET" else [])]
    parameters = [_parameter(name, meaning, "query") for name, meaning in named]
    if "{" in path:
        meaning = "What makes the address of the request the name of the graph."
        parameters.append({**_parameter("path", meaning, "path"), "required": True})
    described: dict[str, Any] = {"parameters": parameters, "responses": _answers(method)}
    if method in ("PUT", "POST"):
        described["requestBody"] = {"content": _documents(method)}
    if method in _COMMANDS and "{" not in path:
        described["x-command"] = _COMMANDS[method]
    return described


def _parameter(name: str, meaning: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "description": meaning, "schema": {"type": "string"}}


def _answers(method: str) -> dict[str, Any]:
    if method == "GET":
        offered = (*GraphFormat, *TableFormat)
        content = {each.media_type: {"schema": written_schema(each.media_type)} for each in offered}
        return {"200": {"description": "The graph", "content": content}}
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        str(status): {"description": what, **({} if status == 204 else {"content": content})}
        for status, what in _STATUSES[method].items()
    }


def _documents(method: str) -> dict[str, Any]:
    text = {"schema": {"type": "string", "description": "the triples of the graph"}}
    documents = {each.media_type: text for each in GraphFormat}
    if method == "PUT":
        return documents
    several = {"type": "object", "description": "several documents, each with its media type"}
    return {**documents, "multipart/form-data": {"schema": several}}
