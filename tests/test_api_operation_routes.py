"""What those who run the server ask: whether it lives, and whether it may be asked."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from api.answers import Services
from api.metrics import Metrics
from api.operation_routes import operation_router
from api.surroundings import Surroundings


class StandIn:
    """An engine that is ready or not, in services that have nothing else."""

    def __init__(self, *, is_ready: bool) -> None:
        self.is_ready = is_ready
        self.trouble = "" if is_ready else "no query worker runs"

    @property
    def engine(self) -> StandIn:
        return self


class Figures:
    def expose(self, accept: str) -> tuple[bytes, str]:
        return f"figures for {accept}".encode(), "text/plain; version=0.0.4"


def ask(
    path: str, *, is_ready: bool = True, is_stopping: bool = False, **headers: str
) -> httpx.Response:
    around = Surroundings()
    if is_stopping:
        around.stop()
    services: Any = StandIn(is_ready=is_ready)
    app = FastAPI()
    app.include_router(operation_router(cast(Services, services), cast(Metrics, Figures()), around))

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(request())


@pytest.mark.parametrize(
    ("is_ready", "is_stopping", "status", "reason"),
    [
        (True, False, 200, None),
        (False, False, 503, "no query worker runs"),
        (True, True, 503, "the server was told to end"),
        (False, True, 503, "the server was told to end"),
    ],
)
def test_ready_is_who_answers_queries_and_goes_on(
    is_ready: bool, is_stopping: bool, status: int, reason: str | None
) -> None:
    answered = ask("/readyz", is_ready=is_ready, is_stopping=is_stopping)
    assert answered.status_code == status
    assert answered.json().get("reason") == reason


def test_alive_is_who_answers_at_all() -> None:
    answered = ask("/healthz", is_ready=False, is_stopping=True)
    assert (answered.status_code, answered.json()) == (200, {"status": "alive"})
    assert answered.headers["cache-control"] == "no-store"


def test_figures_are_given_in_the_format_that_is_accepted() -> None:
    answered = ask("/metrics", accept="application/openmetrics-text")
    assert answered.text == "figures for application/openmetrics-text"
    assert answered.headers["content-type"] == "text/plain; version=0.0.4"
