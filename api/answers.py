"""JSON answers: in JSON or JSON-LD, with a tag, and only when the client lacks them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.authorization import Authority
from api.client_identity import client_of
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.contract_keeper import ContractKeeper
from api.descriptions import DescriptionKeeper
from api.download_gate import DownloadGate
from api.download_maker import Maker
from api.engine import Engine
from api.fair_gate import FairGate
from api.kept_bytes import KeptAnswers
from api.library import Library
from api.library_keeper import LibraryKeeper
from api.paging import Page
from api.problems import NotAcceptable
from api.records import Json, RecordWriter
from api.workshop import Workshop, engine_from_afar
from api.writer import Writer
from kg.namespaces import Namespaces
from kg.negotiation import choose_media_type
from kg.settings import Settings
from kg.shipped import Shipped, find_shipped

__all__ = [
    "CONTEXT",
    "JSON_RESPONSES",
    "Build",
    "Desk",
    "Services",
    "Written",
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
    descriptions: DescriptionKeeper
    version: str
    authority: Authority
    names: Namespaces
    writer: Writer
    workshop: Workshop
    gate: FairGate = field(default_factory=FairGate)
    contract: ContractKeeper = field(default_factory=ContractKeeper)
    shipped: Shipped = field(default_factory=find_shipped)
    download_gate: DownloadGate = field(default_factory=DownloadGate)
    maker: Maker = field(default_factory=Maker)
    kept: KeptAnswers = field(default_factory=KeptAnswers)

    def client_of(self, request: Request) -> str:
        """Return who asks, for a fair part of the workers."""
        return client_of(request, self.settings.trusted_proxy, self.authority)


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


@dataclass(frozen=True)
class Written:
    """An answer that is the text of a JSON object already, and where its list goes on.

    ``rest`` are pieces of the object in UTF-8 that follow the text: long ones are copied once.
    """

    text: str = field(repr=False)
    next: str | None = None
    rest: tuple[bytes, ...] = field(default=(), repr=False)


Build = Callable[[Desk], Coroutine[None, None, Json | Written]]


async def json_answer(
    request: Request, services: Services, build: Build, *, media_type: str | None = None
) -> Response:
    """Return what ``build`` makes as JSON or JSON-LD, or 304 where the client holds it.

    The header Accept decides, unless a media type is given. Raises NotAcceptable, and what
    ``build`` raises.
    """
    accept = ", ".join(request.headers.getlist("accept"))
    media_type = media_type or choose_media_type(accept, (_JSON, _JSON_LD))
    if media_type is None:
        raise NotAcceptable(f"this is answered as {_JSON} or {_JSON_LD}, and not as {accept}")
    while True:
        library = await services.keeper.get()
        answered = await _answer_from(library, request, services, build, media_type)
        # Asked from two snapshots it would be a mixture: after a swap it is made anew.
        if services.engine.snapshot.id == library.snapshot:
            answered.headers["Sarcoma-KG-Snapshot"] = library.snapshot
            return answered


async def _answer_from(
    library: Library, request: Request, services: Services, build: Build, media_type: str
) -> Response:
    tag = entity_tag(request, library.snapshot, services.version, media_type)
    is_tagged = request.method != "POST"  # the address of a POST does not tell its question
    if is_tagged and knows(request, tag):
        return not_modified(tag)
    writer = library.writer if media_type == _JSON else library.exact_writer
    desk = Desk(library, writer, engine_from_afar(services.engine))
    async with services.gate.enter(services.client_of(request)):
        following, body = await services.workshop.make(_write(build, desk))
    if is_tagged and asks_for_none(request):
        return not_modified(tag)
    headers = tagged(tag) if is_tagged else {}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    return Response(body, media_type=media_type, headers=headers)


async def _write(build: Build, desk: Desk) -> tuple[str | None, bytes]:
    """Return where an answer goes on, and the answer itself."""
    made = await build(desk)
    if isinstance(made, Written):
        head = f'{{"@context":"{CONTEXT}",{made.text[1:]}'.encode()
        return made.next, b"".join((head, *made.rest))
    return made.get("next"), write_json({"@context": CONTEXT, **made})


def write_json(value: object) -> bytes:
    """Return JSON text in UTF-8.

    >>> write_json({"label": "Ö"}).decode()
    '{"label":"Ö"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half a character, which JSON may name but UTF-8 has not, is written as it was named.
    return text.encode(errors="backslashreplace")


def envelope(
    path: str, parameters: Mapping[str, object], page: Page[Any], limit: int, snapshot: str
) -> Json:
    """Return what stands around a page of a list: its size, and where it goes on."""
    given = {name: value for name, value in parameters.items() if value not in (None, False)}
    around: Json = {"snapshot": snapshot, "total": page.total, "limit": limit}
    if page.cursor:
        query = urlencode({**given, "limit": limit, "cursor": page.cursor}, doseq=True)
        around["next"] = f"{path}?{query}"
    return around
