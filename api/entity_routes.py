"""Linked data: every name of a thing answers at its path, by Accept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.addresses import find_address, taken_parts
from api.answers import Services
from api.entity_address import RESOURCE, is_iri, named_by
from api.entity_answers import EntityAnswers
from api.entity_formats import FORMAT_NAMES, RESPONSES
from api.problems import MEDIA_TYPE, ParameterError
from api.query_string import check_parameters
from api.quotation import quoted
from kg.external_names import bare_code

__all__ = ["entity_router"]

_Format = Annotated[str | None, Query(description=f"{FORMAT_NAMES}: instead of Accept.")]
_Page = Annotated[
    int, Query(ge=1, le=1_000_000, description="Which hundred of the things that point to it.")
]
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def entity_router(services: Services) -> APIRouter:
    """Return the routes of things: they take what no other route does, so they come last."""
    router = APIRouter(default_response_class=Response)
    routes = _EntityRoutes(services)

    def add(path: str, route: Callable[..., Awaitable[Response]], **contract: Any) -> None:
        router.add_api_route(path, route, response_class=Response, **contract)

    for path, route, summary, example in (
        ("/ontology", routes.ontology, "The ontology", "/ontology?format=ttl"),
        (RESOURCE, routes.resource, "A thing by its IRI", f"{RESOURCE}?iri=drug:imatinib"),
        ("/{kind}/{slug:path}", routes.thing, "A thing at its path", "/drug/imatinib?format=ttl"),
    ):
        add(
            path,
            route,
            tags=["linked data"],
            summary=f"{summary}, as HTML or in a format of RDF",
            responses=RESPONSES,
            openapi_extra={"x-example": example},
        )
    add("/{name}", routes.named, include_in_schema=False)
    add("/{name:path}", routes.refuse, include_in_schema=False, methods=_METHODS)
    return router


class _EntityRoutes:
    def __init__(self, services: Services) -> None:
        self._answers = EntityAnswers(services)
        self._names = services.names

    async def thing(
        self,
        request: Request,
        kind: Annotated[str, Path(description="Such as drug, claim or ontology.")],
        slug: Annotated[str, Path(description="The rest of the name.")],
        format: _Format = None,  # noqa: A002 - public
        page: _Page = 1,
    ) -> Response:
        """Return what the graph says of a thing, of its parts, and of what points to it.

        The path is that of the thing's IRI. N-Quads and TriG tell the graph of each statement.
        docs/linked-data.md says what a description holds.
        """
        if kind in taken_parts(request):
            raise _refusal(request)
        iris = named_by(f"{kind}/{slug}", self._names.root, sent=_sent(request))
        return await self._answers.make(request, iris, format, page)

    async def named(
        self,
        request: Request,
        name: str,
        format: _Format = None,  # noqa: A002 - public
        page: _Page = 1,
    ) -> Response:
        """Return the description of a thing whose path has one part."""
        check_parameters(request.query_params.keys(), {"format": False, "page": False})
        iris = named_by(name, self._names.root)
        answer = await self._answers.make(request, iris, format, page)
        # Such a path is a mistyped address of the server rather than the name of a thing.
        if answer.status_code == 404 and answer.media_type == MEDIA_TYPE:
            raise HTTPException(404)
        return answer

    async def resource(
        self,
        request: Request,
        iri: Annotated[
            str, Query(max_length=2000, description="An IRI or a CURIE, of another system too.")
        ],
        format: _Format = None,  # noqa: A002 - public
        page: _Page = 1,
    ) -> Response:
        """Return what the graph says of a thing by its IRI, be it of this graph or of another.

        What is exactly matched to a thing of this graph leads there: 303.
        """
        curie = iri.removeprefix("sarcoma") if iri.startswith("sarcoma:") else iri
        wanted = self._names.expand(curie) or iri
        if not is_iri(wanted) and not bare_code(wanted):
            raise ParameterError("iri", f"iri is {quoted(iri)}, which is no IRI and no CURIE")
        return await self._answers.make(request, [wanted], format, page)

    async def ontology(
        self,
        request: Request,
        format: _Format = None,  # noqa: A002 - public
    ) -> Response:
        """Return the ontology: documented for people, and whole in the formats of RDF.

        Each term has its place in the documentation, such as `/ontology#Drug`. The format `owl`
        is RDF/XML.
        """
        return await self._answers.make(request, [f"{self._names.root}ontology"], format, 1)

    async def refuse(self, request: Request) -> Response:
        """Refuse what no route takes."""
        raise _refusal(request)


def _sent(request: Request) -> str:
    """Return the path as the client wrote it, where it is known."""
    raw: bytes = request.scope.get("raw_path") or b""
    return raw.decode("latin-1").partition("?")[0].removeprefix("/")


def _refusal(request: Request) -> HTTPException:
    """Return why there is nothing here: no such address, or no such method of it."""
    address = find_address(request)
    return HTTPException(405 if address and request.method not in address.methods else 404)
