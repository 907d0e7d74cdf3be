"""The addresses of the reconciliation service: ``/reconcile`` and what its manifest names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.addresses import find_address
from api.answers import Desk, Services
from api.directory import UnknownName
from api.failures import QueryTimedOut
from api.html import escaped
from api.own_address import own_address
from api.problems import ParameterError
from api.quotation import clipped
from api.reconcile.answers import answer_bytes, answer_json
from api.reconcile.extending import answer_extension, find_entry, read_extension
from api.reconcile.forms import read_number, read_request
from api.reconcile.limits import MOST_SUGGESTED, USUAL_SUGGESTED
from api.reconcile.manifest import ROOT, describe_service
from api.reconcile.matching import FEATURES, Json, answer_question
from api.reconcile.preview import (
    POLICY,
    PREVIEWED,
    flyout_html,
    preview_body,
    preview_page,
)
from api.reconcile.properties import find_property
from api.reconcile.questions import Question, read_batch, read_json, read_question
from api.reconcile.suggesting import (
    propose_properties,
    suggest_entities,
    suggest_properties,
    suggest_types,
)
from api.reconcile.tables import load_names, load_values
from api.reconcile.types import EntityType, find_type, own_kind

__all__ = ["reconcile_router"]

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_MOST_SKIPPED = 100_000
_Suggest = Callable[[Desk, str, list[EntityType]], Any]


def reconcile_router(services: Services) -> APIRouter:
    """Return the routes of the service, which its manifest describes."""
    router = APIRouter(include_in_schema=False)
    routes = _Routes(services)
    router.add_api_route(ROOT, routes.service, methods=["GET", "POST"])
    router.add_api_route(f"{ROOT}/suggest/{{what}}", routes.suggest)
    router.add_api_route(f"{ROOT}/flyout/{{what}}", routes.flyout)
    router.add_api_route(f"{ROOT}/properties", routes.properties)
    router.add_api_route(f"{ROOT}/preview", routes.preview)
    router.add_api_route(f"{ROOT}/feature", routes.feature)
    router.add_api_route(f"{ROOT}/{{path:path}}", _refuse, methods=list(_METHODS))
    router.add_api_route(ROOT, _refuse, methods=list(_METHODS))
    return router


async def _refuse(request: Request) -> Response:
    address = find_address(request)
    raise HTTPException(405 if address and request.method not in address.methods else 404)


class _Routes:
    """The answers to requests, by the addresses in the manifest."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def service(self, request: Request) -> Response:
        """Return the manifest, or the answer to queries or to an extension."""
        asking = await read_request(request)
        match asking.what:
            case "queries":
                batch = read_batch(asking.text)
                seconds = self._services.settings.query_timeout
                build = partial(_answer_batch, batch=batch, seconds=seconds)
                return await self._answer(request, build)
            case "query":
                question = _read_single(asking.text)
                return await self._answer(request, partial(_answer_single, question=question))
            case "extend":
                wanted = read_extension(asking.text)
                return await self._answer(request, partial(answer_extension, wanted=wanted))
        address = own_address(request, self._services.settings.trusted_proxy)
        describe = partial(_describe, address=address, version=self._services.version)
        return await self._answer(request, describe, address)

    async def suggest(self, request: Request, what: str) -> Response:
        """Return suggestions for things, types or properties."""
        if what not in _SUGGESTIONS:
            raise HTTPException(404)
        given = request.query_params
        if "prefix" not in given:
            raise ParameterError("prefix", "prefix is missing: the text as far as it is typed")
        skipped = read_number(given, "cursor", 0, least=0, most=_MOST_SKIPPED)
        limit = read_number(given, "limit", USUAL_SUGGESTED, least=1, most=MOST_SUGGESTED)

        async def build(desk: Desk) -> Json:
            types = _types(desk, given.getlist("type"))
            if types is None:
                return {"result": []}
            found = await _SUGGESTIONS[what](desk, given["prefix"], types)
            return {"result": found[skipped : skipped + limit]}

        return await self._answer(request, build)

    async def flyout(self, request: Request, what: str) -> Response:
        """Return a line of HTML on a thing, a type or a property."""
        if what not in _SUGGESTIONS:
            raise HTTPException(404)
        name = _id(request)

        async def build(desk: Desk) -> Json:
            return {"id": name, "html": flyout_html(_find(desk, what, name))}

        return await self._answer(request, build)

    async def properties(self, request: Request) -> Response:
        """Return the properties that an extension may ask for, by the type of the things."""
        given = request.query_params
        limit = read_number(given, "limit", 0, least=0, most=_MOST_SKIPPED)
        name = given.get("type", "")

        async def build(desk: Desk) -> Json:
            names = await load_names(desk)
            found = propose_properties(names, find_type(name, _ontology(desk)))
            shown: Json = {"properties": found[:limit] if limit else found, "type": name}
            return {**shown, "limit": limit} if limit else shown

        return await self._answer(request, build)

    async def preview(self, request: Request) -> Response:
        """Return a small page on a thing."""
        name = _id(request)

        async def make(desk: Desk) -> bytes:
            entry = find_entry(desk, name)
            if entry is None:
                raise UnknownName(f"there is nothing with the id '{clipped(name)}'", "id", ())
            kinds = [kind for kind in [own_kind(entry.kinds)] if kind]
            wanted = [one for each in PREVIEWED for one in find_property(each, kinds) if kinds]
            values = await load_values(desk, kinds, wanted)
            return preview_page(entry.label, preview_body(values, entry))

        page = await answer_bytes(request, self._services, make, "text/html")
        page.headers["Content-Security-Policy"] = POLICY
        return page

    async def feature(self, request: Request) -> Response:
        """Return a small page on a matching feature."""
        name = _id(request)

        async def make(_: Desk) -> bytes:
            if name not in FEATURES:
                raise UnknownName(f"there is no feature '{clipped(name)}'", "id", ())
            return preview_page(name, [escaped("p", FEATURES[name])])

        page = await answer_bytes(request, self._services, make, "text/html")
        page.headers["Content-Security-Policy"] = POLICY
        return page

    async def _answer(self, request: Request, build: Any, *parts: str) -> Response:
        return await answer_json(request, self._services, build, *parts)


async def _describe(desk: Desk, *, address: str, version: str) -> Json:
    return describe_service(desk.library.context.namespaces, address, version)


async def _answer_batch(desk: Desk, *, batch: Mapping[str, Question], seconds: float) -> Json:
    names = await load_names(desk)
    found: Json = {}
    try:
        async with asyncio.timeout(seconds):
            for key, question in batch.items():
                found[key] = {"result": await answer_question(desk, names, question)}
                # Other requests have their turn between two queries.
                await asyncio.sleep(0)
    except TimeoutError:
        raise QueryTimedOut(seconds, "batch") from None
    return found


async def _answer_single(desk: Desk, *, question: Question) -> Json:
    names = await load_names(desk)
    return {"result": await answer_question(desk, names, question)}


def _read_single(text: str) -> Question:
    """Read one query as version 0.1 had it: an object, or the text alone."""
    given = read_json(text, "query") if text.lstrip().startswith("{") else {"query": text}
    return read_question(given, "query")


async def _entities(desk: Desk, prefix: str, types: list[EntityType]) -> list[Json]:
    return suggest_entities(await load_names(desk), prefix, types)


async def _suggest_types(desk: Desk, prefix: str, _: list[EntityType]) -> list[Json]:
    return suggest_types(prefix, _ontology(desk))


async def _suggest_properties(desk: Desk, prefix: str, types: list[EntityType]) -> list[Json]:
    return suggest_properties(await load_names(desk), prefix, types)


_SUGGESTIONS: dict[str, _Suggest] = {
    "entity": _entities,
    "type": _suggest_types,
    "property": _suggest_properties,
}


def _types(desk: Desk, given: list[str]) -> list[EntityType] | None:
    """Return the types that suggestions are limited to; None where none of those is known."""
    named = [each for each in given if each]
    found = [each for name in named if (each := find_type(name, _ontology(desk)))]
    return None if named and not found else found


def _find(desk: Desk, what: str, name: str) -> Any:
    if what == "entity":
        found: Any = find_entry(desk, name)
    elif what == "type":
        found = find_type(name, _ontology(desk))
    else:
        found = next(iter(find_property(name)), None)
    if found is None:
        raise UnknownName(f"there is no {what} with the id '{clipped(name)}'", "id", ())
    return found


def _id(request: Request) -> str:
    name = request.query_params.get("id", "")
    if not name:
        raise ParameterError("id", "id is missing")
    return name


def _ontology(desk: Desk) -> str:
    return desk.library.context.namespaces.ontology
