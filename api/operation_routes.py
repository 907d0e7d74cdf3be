"""Whether the server works, and what it serves: ``/healthz``, ``/readyz``, ``/version``."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import Services, write_json

__all__ = ["operation_router"]


def operation_router(services: Services) -> APIRouter:
    """Return the routes that those who run the server ask."""
    router = APIRouter(tags=["operation"])

    async def healthz() -> Response:
        """Tell that the process answers."""
        return _plain({"status": "alive"})

    async def readyz() -> Response:
        """Tell whether queries are answered: 200, or 503."""
        ready = services.engine.is_ready
        return _plain({"status": "ready" if ready else "starting"}, 200 if ready else 503)

    async def version() -> Response:
        """Return the version of the software, and the snapshot that is served."""
        snapshot = services.engine.snapshot
        manifest = snapshot.manifest
        return _plain(
            {
                "name": "sarcoma-kg",
                "version": services.version,
                "snapshot": snapshot.id,
                "quads": manifest.quads,
                "claims": manifest.claims,
                "graphs": len(manifest.graphs),
                "tools": dict(manifest.tools),
            }
        )

    for path, endpoint, summary in (
        ("/healthz", healthz, "Whether the process answers"),
        ("/readyz", readyz, "Whether queries are answered"),
        ("/version", version, "What is served"),
    ):
        router.add_api_route(path, endpoint, summary=summary, response_class=Response)
    return router


def _plain(body: dict[str, object], status: int = 200) -> Response:
    return Response(
        write_json(body),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
