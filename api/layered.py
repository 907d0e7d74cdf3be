"""An application around which lies what it was given, and nothing else."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["LayeredApp"]


class LayeredApp(FastAPI):
    """An application whose requests pass its own layers only, before they come to its router.

    The framework's layers beside them report to telemetry, bound bodies and turn what nobody
    foresaw into an answer: our own do the latter two, and each costs every request.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or start and end."""
        if scope["type"] == "http" and self.middleware_stack is not None:
            scope["app"] = self
            await self.middleware_stack(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Return the layers around the router."""
        inside = AsyncExitStackMiddleware(self.router)
        app: ASGIApp = ExceptionMiddleware(inside, handlers=self.exception_handlers)
        for layer in reversed(self.user_middleware):
            app = layer.cls(app, *layer.args, **layer.kwargs)
        return app
