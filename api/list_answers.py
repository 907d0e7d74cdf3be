"""Lists over HTTP: in JSON, JSON-LD, CSV or TSV, and only when the client lacks them."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from api.answers import Desk, Services, json_answer
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.list_page import answer_list
from api.list_tables import answer_table
from api.parameters import ListFilter, ListFormat
from api.problems import NotAcceptable
from api.tabular import Separated
from api.workshop import engine_from_afar
from kg.negotiation import choose_media_type

__all__ = ["MEDIA_TYPES", "list_answer"]

MEDIA_TYPES = {
    ListFormat.JSON: "application/json",
    ListFormat.JSON_LD: "application/ld+json",
    ListFormat.CSV: "text/csv",
    ListFormat.TSV: "text/tab-separated-values",
}
"""The formats of a list, and their media types."""


async def list_answer(
    request: Request, services: Services, kind: str, wanted: ListFilter
) -> Response:
    """Return a list in the format that its parameters or the header Accept ask for.

    Raises NotAcceptable, ParameterError, UnknownName, AmbiguousName and CursorError.
    """
    chosen = _choose_format(request, wanted)
    if chosen in (ListFormat.JSON, ListFormat.JSON_LD):
        build = partial(answer_list, kind=kind, wanted=wanted)
        return await json_answer(request, services, build, media_type=MEDIA_TYPES[chosen])
    while True:
        library = await services.keeper.get()
        tag = entity_tag(request, library.snapshot, services.version, MEDIA_TYPES[chosen])
        if knows(request, tag):
            return not_modified(tag)
        desk = Desk(library, library.writer, engine_from_afar(services.engine))
        making = answer_table(desk, kind=kind, wanted=wanted, separated=Separated[chosen.name])
        body, following = await _made(request, services, making)
        # Asked from two snapshots it would be a mixture: after a swap it is made anew.
        if services.engine.snapshot.id == library.snapshot:
            break
    if asks_for_none(request):
        return not_modified(tag)
    name = f"sarcoma-kg-{kind}-{library.snapshot[:12]}.{chosen.value}"
    headers = {
        **tagged(tag),
        "Sarcoma-KG-Snapshot": library.snapshot,
        "Content-Disposition": f'attachment; filename="{name}"',
        **({"Link": f'<{following}>; rel="next"'} if following else {}),
    }
    return Response(body, media_type=Separated[chosen.name].content_type, headers=headers)


async def _made(
    request: Request, services: Services, making: Coroutine[None, None, tuple[bytes, str | None]]
) -> tuple[bytes, str | None]:
    async with services.gate.enter(services.client_of(request)):
        return await services.workshop.make(making)


def _choose_format(request: Request, wanted: ListFilter) -> ListFormat:
    if wanted.format is not None:
        return wanted.format
    accept = ", ".join(request.headers.getlist("accept"))
    media_type = choose_media_type(accept, tuple(MEDIA_TYPES.values()))
    if media_type is None:
        offered = ", ".join(MEDIA_TYPES.values())
        raise NotAcceptable(f"this is answered as {offered}, and not as {accept}")
    return next(each for each, name in MEDIA_TYPES.items() if name == media_type)
