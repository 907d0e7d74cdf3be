"""Snapshots: the one that is served, those before it, and what differs between two of them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.answers import Services, write_json
from api.conditional import asks_for_none, digest_tag, knows, not_modified, tagged
from api.difference_answers import (
    FORMATS,
    DifferenceFilter,
    describe_page,
    differences_file,
)
from api.download_index import PATH as DOWNLOADS
from api.download_sending import FileAnswer, wants_gzip
from api.kept_bytes import KeptBytes, digest_of_bytes
from api.problems import NotAcceptable
from api.snapshot_models import Differences, SnapshotList, SnapshotManifest
from api.snapshot_names import find_kept, get_kept, made_at, state_of_kept
from kg.negotiation import choose_media_type
from kg.snapshot import KEPT, Snapshot

__all__ = ["snapshot_router"]

PATH = "/api/v1/snapshots"
DIFFERENCES = "/api/v1/differences"

_Responses = dict[int | str, dict[str, Any]]
_JSON = "application/json"
_SNAPSHOT = "An id, or its first eight digits or more; current is the served one."
_KEPT = (
    f"The home keeps the served snapshot and the {KEPT - 1} last ones before it; what is asked "
    "for after that is answered 404."
)


def snapshot_router(services: Services) -> APIRouter:
    """Return the routes of snapshots and their differences."""
    router, routes = APIRouter(tags=["snapshots"]), _Snapshots(services)
    rows: tuple[tuple[str, Any, str, str, _Responses], ...] = (
        (PATH, routes.list, "The snapshots that are kept", PATH, _answers(SnapshotList)),
        (
            f"{PATH}/{{id}}",
            routes.get,
            "A snapshot: its manifest",
            f"{PATH}/current",
            _answers(SnapshotManifest),
        ),
        (
            DIFFERENCES,
            routes.differences,
            "What differs between two snapshots",
            f"{DIFFERENCES}?from=current",
            _answers(Differences, FORMATS),
        ),
    )
    for path, endpoint, summary, example, answers in rows:
        router.add_api_route(
            path,
            endpoint,
            summary=summary,
            response_class=Response,
            responses=answers,
            openapi_extra={"x-example": example},
        )
    return router


def _answers(model: type[BaseModel], content: dict[str, Any] | None = None) -> _Responses:
    return {200: {"description": "The answer", "model": model, "content": content or {}}}


class _Snapshots:
    """What the routes do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._shipped = services.shipped

    async def list(self, request: Request) -> Response:
        """Return the snapshots that the server keeps, the newest first."""
        served = self._services.engine.snapshot
        state = await asyncio.to_thread(state_of_kept, served)
        text = await self._services.kept.get(
            (PATH, served.id, state), lambda: write_json(_listed(served))
        )
        return await self._answer(request, text, served)

    async def get(
        self,
        request: Request,
        id: Annotated[str, Path(description=_SNAPSHOT)],  # noqa: A002
    ) -> Response:
        """Return what a snapshot says of itself: counts, digests of its inputs, validation."""
        served = self._services.engine.snapshot
        snapshot = await asyncio.to_thread(get_kept, served, id)
        text = await self._services.kept.get(
            (PATH, served.id, snapshot.id), lambda: write_json(_described(snapshot, served))
        )
        return await self._answer(request, text, snapshot)

    async def differences(
        self, request: Request, wanted: Annotated[DifferenceFilter, Query()]
    ) -> Response:
        """Return what is said in one snapshot and not in the other, subject by subject.

        A subject is `added`, `removed`, `changed`, or `inferred`: only what rules infer of it is
        another. Each property has its values `before` and `after`. Blank nodes are matched by
        what is said of them, so that other labels alone are no difference.
        """
        services = self._services
        served = services.engine.snapshot
        before = await asyncio.to_thread(get_kept, served, wanted.before)
        after = await asyncio.to_thread(get_kept, served, wanted.after)
        media_type = wanted.media_type(", ".join(request.headers.getlist("accept")))
        tag = digest_tag(before.id, after.id, services.version, media_type, str(wanted))
        if knows(request, tag):
            return not_modified(tag)
        with services.download_gate.entered(services.client_of(request)):
            shelf = await services.maker.compare(before, after, self._shipped)
        if asks_for_none(request):
            return not_modified(tag)
        if media_type != _JSON:
            sent = differences_file(
                shelf, (before, after), media_type, tag, is_packed=wants_gzip(request)
            )
            return FileAnswer(sent, services.download_gate.entered(services.client_of(request)))
        page = await asyncio.to_thread(describe_page, shelf, wanted, DIFFERENCES)
        headers = {**tagged(tag), "Sarcoma-KG-Snapshot": after.id, **page.link}
        return Response(page.body, media_type=_JSON, headers=headers)

    async def _answer(self, request: Request, text: KeptBytes, snapshot: Snapshot) -> Response:
        accept = ", ".join(request.headers.getlist("accept"))
        if choose_media_type(accept, (_JSON,)) is None:
            raise NotAcceptable(f"this is answered as {_JSON}, and not as {accept}")
        digest = (await text.derive("digest", digest_of_bytes)).decode()
        tag = digest_tag(snapshot.id, self._services.version, request.url.path, digest)
        if knows(request, tag) or asks_for_none(request):
            return not_modified(tag)
        headers = {**tagged(tag), "Sarcoma-KG-Snapshot": snapshot.id}
        return Response(text, media_type=_JSON, headers=headers)


def _listed(served: Snapshot) -> dict[str, Any]:
    kept = find_kept(served)
    return {
        "snapshot": served.id,
        "total": len(kept),
        "about": _KEPT,
        "items": [_summary(each, served) for each in kept],
    }


def _summary(snapshot: Snapshot, served: Snapshot) -> dict[str, Any]:
    manifest = snapshot.manifest
    return {
        "id": snapshot.id,
        "made": made_at(snapshot),
        "isServed": snapshot.id == served.id,
        "quads": manifest.quads,
        "claims": manifest.claims,
        "graphs": len(manifest.graphs),
        "inputs": manifest.inputs.digest,
        "writes": manifest.inputs.journal,
        "tools": dict(manifest.tools),
        "links": {
            "self": f"{PATH}/{snapshot.id}",
            "data": f"{DOWNLOADS}/{snapshot.id}/data.nq",
            "differences": f"{DIFFERENCES}?from={snapshot.id}&to={served.id}",
        },
    }


def _described(snapshot: Snapshot, served: Snapshot) -> dict[str, Any]:
    manifest, validation = snapshot.manifest, snapshot.manifest.validation
    return {
        **_summary(snapshot, served),
        "graphs": [
            {"graph": name or None, "triples": counts.triples, "claims": counts.claims}
            for name, counts in manifest.graphs.items()
        ],
        "inputs": {
            "digest": manifest.inputs.digest,
            "files": dict(manifest.inputs.files),
            "journal": manifest.inputs.journal,
        },
        "validation": {
            "warnings": validation.warnings,
            "infos": validation.infos,
            "problems": [
                {
                    "severity": each.severity.value,
                    "place": str(each.place),
                    "message": each.message,
                }
                for each in validation.problems
            ],
        },
    }
