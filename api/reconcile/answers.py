"""JSON answers, also as calls of a function (JSONP): tagged, and made by one snapshot alone."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from starlette.requests import Request
from starlette.responses import Response

from api.answers import Desk, Services, write_json
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.reconcile.forms import read_callback
from api.workshop import engine_from_afar

__all__ = ["JSON", "answer_bytes", "answer_json"]

JSON = "application/json"
_SCRIPT = "text/javascript"

Make = Callable[[Desk], Coroutine[None, None, bytes]]


async def answer_json(
    request: Request,
    services: Services,
    build: Callable[[Desk], Coroutine[None, None, object]],
    *parts: str,
) -> Response:
    """Return what ``build`` makes as JSON; ``parts`` are what else the answer depends on."""
    callback = read_callback(request) if request.method == "GET" else ""

    async def make(desk: Desk) -> bytes:
        text = write_json(await build(desk))
        # The comment keeps the name from standing first, which could pass for another format.
        return b"/**/%b(%b);" % (callback.encode(), text) if callback else text

    return await answer_bytes(request, services, make, _SCRIPT if callback else JSON, *parts)


async def answer_bytes(
    request: Request, services: Services, make: Make, media_type: str, *parts: str
) -> Response:
    """Return what ``make`` gives in the workshop, or 304 where the client holds it."""
    while True:
        library = await services.keeper.get()
        tag = entity_tag(request, library.snapshot, services.version, media_type, *parts)
        is_tagged = request.method != "POST"
        if is_tagged and knows(request, tag):
            return not_modified(tag)
        desk = Desk(library, library.writer, engine_from_afar(services.engine))
        async with services.gate.enter(services.client_of(request)):
            body = await services.workshop.make(make(desk))
        # Asked from two snapshots it would be a mixture: after a swap it is made anew.
        if services.engine.snapshot.id != library.snapshot:
            continue
        if is_tagged and asks_for_none(request):
            return not_modified(tag)
        headers = tagged(tag) if is_tagged else {"Cache-Control": "no-store"}
        headers["Sarcoma-KG-Snapshot"] = library.snapshot
        return Response(body, media_type=media_type, headers=headers)
