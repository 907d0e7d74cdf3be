"""Whether the server works, and what it serves: ``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import Services, write_json
from api.metrics import Metrics
from api.surroundings import Surroundings

__all__ = ["operation_router"]

_JSON: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
_TEXT: dict[str, Any] = {"text/plain": {"schema": {"type": "string"}}}


class _OperationRoutes:
    def __init__(self, services: Services, metrics: Metrics, surroundings: Surroundings) -> None:
        self._services = services
        self._metrics = metrics
        self._surroundings = surroundings

    async def healthz(self) -> Response:
        """Tell that the process answers."""
        return _plain({"status": "alive"})

    async def readyz(self) -> Response:
        """Tell whether queries are answered: 200, or 503 with the reason."""
        if self._surroundings.is_stopping:
            return _plain({"status": "stopping", "reason": "the server was told to end"}, 503)
        engine = self._services.engine
        if not engine.is_ready:
            return _plain({"status": "waiting", "reason": engine.trouble}, 503)
        return _plain({"status": "ready"})

    async def metrics(self, request: Request) -> Response:
        """Return figures for Prometheus; in OpenMetrics where it is accepted."""
        accept = ", ".join(request.headers.getlist("accept"))
        body, content_type = self._metrics.expose(accept)
        return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})

    async def version(self) -> Response:
        """Return the version of the software, and the snapshot that is served."""
        snapshot = self._services.engine.snapshot
        manifest = snapshot.manifest
        return _plain(
            {
                "name": "sarcoma-kg",
                "version": self._services.version,
                "snapshot": snapshot.id,
                "quads": manifest.quads,
                "claims": manifest.claims,
                "graphs": len(manifest.graphs),
                "tools": dict(manifest.tools),
            }
        )


def operation_router(services: Services, metrics: Metrics, surroundings: Surroundings) -> APIRouter:
    """Return the routes that those who run the server ask."""
    router, routes = (
        APIRouter(tags=["operation"]),
        _OperationRoutes(services, metrics, surroundings),
    )
    rows: tuple[tuple[str, Callable[..., Awaitable[Response]], str, dict[str, Any]], ...] = (
        ("/healthz", routes.healthz, "Whether the process answers", _JSON),
        ("/readyz", routes.readyz, "Whether queries are answered", _JSON),
        ("/metrics", routes.metrics, "Figures for Prometheus", _TEXT),
        ("/version", routes.version, "What is served", _JSON),
    )
    for path, endpoint, summary, content in rows:
        router.add_api_route(
            path,
            endpoint,
            summary=summary,
            response_class=Response,
            responses=_responses(path, content),
        )
    return router


def _responses(path: str, content: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    described: dict[int | str, dict[str, Any]] = {
        200: {"description": "The answer", "content": content}
    }
    if path == "/readyz":
        described[503] = {"description": "Not now, and why", "content": content}
    return described


def _plain(body: dict[str, object], status: int = 200) -> Response:
    return Response(
        write_json(body),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
