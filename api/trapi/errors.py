"""What goes wrong below ``/trapi``: a JSON string, as TRAPI asks, and never a problem object."""

from __future__ import annotations

import json

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import MEDIA_TYPE

__all__ = ["TrapiErrors", "TrapiProblem", "show_error"]

_ROOT = "/trapi/"


class TrapiProblem(ValueError):  # noqa: N818 - what the client is told
    """A query cannot be answered; ``status`` is what TRAPI gives such a reason."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def show_error(error: TrapiProblem) -> Response:
    """Return an error as an answer."""
    return Response(
        json.dumps(str(error), ensure_ascii=False).encode(),
        status_code=error.status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


class TrapiErrors:
    """Turns the problems that other layers answer with into strings, below ``/trapi`` only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and change its answer where it is a problem."""
        if scope["type"] == "http" and scope["path"].startswith(_ROOT):
            send = _Answer(send).send
        await self._app(scope, receive, send)


class _Answer:
    """One answer on its way."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None
        self._problem = b""

    async def send(self, message: Message) -> None:
        """Send a message, or hold it back until the problem is whole."""
        if message["type"] == "http.response.start" and _is_problem(message):
            self._head = message
        elif self._head is None:
            await self._send(message)
        else:
            self._problem += message.get("body", b"")
            if not message.get("more_body", False):
                await self._show(self._head)

    async def _show(self, head: Message) -> None:
        problem = json.loads(self._problem)
        text = f"{problem['title']}: {problem['detail']}"
        body = json.dumps(text, ensure_ascii=False).encode()
        headers = MutableHeaders(scope=head)
        headers["Content-Type"] = "application/json"
        headers["Content-Length"] = str(len(body))
        await self._send(head)
        await self._send({"type": "http.response.body", "body": body})


def _is_problem(head: Message) -> bool:
    return MutableHeaders(scope=head).get("content-type", "").startswith(MEDIA_TYPE)
