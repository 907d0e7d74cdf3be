"""The page of the snapshots that the server keeps: ``/snapshots``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services
from api.conditional import asks_for_none, entity_tag, knows, not_modified, tagged
from api.html import show_page
from api.pages.answering import look
from api.pages.frame import render
from api.snapshot_names import find_kept, made_at, state_of_kept
from kg.snapshot import Snapshot

__all__ = ["snapshots_router"]


@dataclass(frozen=True)
class _Kept:
    """A snapshot as the page lists it."""

    id: str
    made: str
    is_served: bool
    quads: int
    claims: int
    warnings: int


def snapshots_router(services: Services) -> APIRouter:
    """Return the route of the page."""
    router = APIRouter(include_in_schema=False)

    async def snapshots(request: Request) -> Response:
        served = services.engine.snapshot
        state = str(await asyncio.to_thread(state_of_kept, served))
        tag = entity_tag(request, served.id, services.version, state, look())
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        page = show_page(await asyncio.to_thread(_page, served))
        page.headers.update({**tagged(tag), "Sarcoma-KG-Snapshot": served.id})
        return page

    router.add_api_route("/snapshots", snapshots, response_class=Response)
    return router


def _page(served: Snapshot) -> bytes:
    return render("snapshots.html", "Snapshots", snapshot=served.id, kept=[*_show(served)])


def _show(served: Snapshot) -> Iterator[_Kept]:
    for each in find_kept(served):
        manifest = each.manifest
        yield _Kept(
            each.id,
            made_at(each),
            each.id == served.id,
            manifest.quads,
            manifest.claims,
            manifest.validation.warnings,
        )
