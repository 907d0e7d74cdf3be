"""Pages as answers: made in the workshop from one library, tagged, and 304 where known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from api.addresses import taken_parts
from api.answers import Services
from api.assets.shelf import installed_assets
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.entity_address import Addresses
from api.html import show_page
from api.library import Library
from api.pages.desk import PageDesk
from api.workshop import engine_from_afar

__all__ = ["Make", "look", "page_answer"]

Make = Callable[[PageDesk], Awaitable[bytes]]


async def page_answer(request: Request, services: Services, make: Make) -> Response:
    """Return the page that ``make`` writes, or 304 where the client holds it.

    All of it comes from one snapshot. Raises what ``make`` raises: problems are shown as pages.
    """
    while True:
        library = await services.keeper.get()
        tag = entity_tag(request, library.snapshot, services.version, look())
        if knows(request, tag):
            return not_modified(tag)
        desk = _desk(request, services, library)
        async with services.gate.enter(services.client_of(request)):
            body = await services.workshop.make(_made(make, desk))
        # Asked from two snapshots it would be a mixture: after a swap it is made anew.
        if services.engine.snapshot.id != library.snapshot:
            continue
        if asks_for_none(request):
            return not_modified(tag)
        answer = show_page(body)
        answer.headers.update({**tagged(tag), "Sarcoma-KG-Snapshot": library.snapshot})
        return answer


def _desk(request: Request, services: Services, library: Library) -> PageDesk:
    root = library.context.namespaces.root
    addresses = Addresses(root, taken=taken_parts(request))
    return PageDesk(library, engine_from_afar(services.engine), request.url.path, addresses)


async def _made(make: Make, desk: PageDesk) -> bytes:
    return await make(desk)


def look() -> str:
    """Return what the look of pages depends on: they link to assets by digest."""
    return " ".join(each.digest for each in installed_assets().files.values())
