"""JSON answers: in JSON or JSON-LD, with a tag, and only when the client lacks them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.engine import Engine
from api.library import Library, LibraryKeeper
from api.paging import Page
from api.problems import NotAcceptable
from api.records import Json, RecordWriter
from kg.negotiation import choose_media_type
from kg.settings import Settings

__all__ = [
    "CONTEXT",
    "JSON_RESPONSES",
    "Build",
    "Desk",
    "Services",
    "envelope",
    "json_answer",
    "write_json",
]

CONTEXT = "/api/v1/context.jsonld"
_JSON, _JSON_LD = "application/json", "application/ld+json"


JSON_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; decimals are numbers in JSON, and texts in JSON-LD",
        "content": {each: {"schema": {"type": "object"}} for each in (_JSON, _JSON_LD)},
    }
}
"""How the contract describes JSON answers."""


@dataclass(frozen=True)
class Services:
    """What the routes work with."""

    settings: Settings
    engine: Engine
    keeper: LibraryKeeper
    version: str


@dataclass(frozen=True)
class Desk:
    """What one JSON answer is made with: the library, and the writer for its media type."""

    library: Library
    writer: RecordWriter
    engine: Engine

    @property
    def root(self) -> str:
        """The namespace above the kinds."""
        return self.library.context.namespaces.root


Build = Callable[[Desk], Awaitable[Json]]


async def json_answer(request: Request, services: Services, build: Build) -> Response:
    """Return what ``build`` makes as JSON or JSON-LD, or 304 where the client holds it.

    Raises NotAcceptable, and what ``build`` raises.
    """
    accept = ", ".join(request.headers.getlist("accept"))
    media_type = choose_media_type(accept, (_JSON, _JSON_LD))
    if media_type is None:
        raise NotAcceptable(f"this is answered as {_JSON} or {_JSON_LD}, and not as {accept}")
    tag = entity_tag(request, services.engine.snapshot.id, services.version, media_type)
    if knows(request, tag):
        return not_modified(tag)
    library = await services.keeper.get()
    writer = library.writer if media_type == _JSON else library.exact_writer
    body = {"@context": CONTEXT, **await build(Desk(library, writer, services.engine))}
    if asks_for_none(request):
        return not_modified(tag)
    headers = tagged(tag)
    if following := body.get("next"):
        headers["Link"] = f'<{following}>; rel="next"'
    return Response(write_json(body), media_type=media_type, headers=headers)


def write_json(value: object) -> bytes:
    """Return JSON text in UTF-8.

    >>> write_json({"label": "Ö"}).decode()
    '{"label":"Ö"}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def envelope(
    path: str, parameters: Mapping[str, object], page: Page[Any], limit: int, snapshot: str
) -> Json:
    """Return what stands around a page of a list: its size, and where it goes on."""
    given = {name: value for name, value in parameters.items() if value not in (None, False)}
    around: Json = {"snapshot": snapshot, "total": page.total, "limit": limit}
    if page.cursor:
        query = urlencode({**given, "limit": limit, "cursor": page.cursor})
        around["next"] = f"{path}?{query}"
    return around
