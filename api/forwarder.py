"""What carries SERVICE clauses out of workers, who have no network, to the allowed endpoints.

It listens where only workers connect. The path of a request is the number of an endpoint on the
operator's list.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.endpoint_calls import (
    QUERY,
    CallFailed,
    CallLimits,
    EndpointAnswer,
    Endpoints,
    read_address,
    read_bounded,
)

__all__ = ["ServiceForwarder", "create_forwarder", "serve_forwarder"]

_LOG = logging.getLogger(__name__)
_HUNG_UP = 499


class ServiceForwarder:
    """The endpoints that SERVICE may reach, and the way there.

    Raises ValueError for an address that is not one of HTTP, or that holds a password.
    """

    def __init__(self, addresses: Sequence[str], limits: CallLimits | None = None) -> None:
        for address in addresses:
            read_address(address)
        self._addresses = tuple(addresses)
        self._limits = limits or CallLimits()

    def services(self, port: int) -> Mapping[str, str]:
        """Return the endpoints, each with the address to call instead, at a port of loopback.

        >>> dict(ServiceForwarder(["http://example.org/sparql"]).services(4000))
        {'http://example.org/sparql': 'http://127.0.0.1:4000/0'}
        """
        numbered = enumerate(self._addresses)
        return {address: f"http://127.0.0.1:{port}/{number}" for number, address in numbered}

    async def serve(self, listener: socket.socket) -> None:
        """Forward what comes in at a listener, until cancelled."""
        async with serve_forwarder(listener, self._addresses, self._limits):
            await asyncio.Event().wait()


@asynccontextmanager
async def serve_forwarder(
    listener: socket.socket, addresses: Sequence[str], limits: CallLimits | None = None
) -> AsyncIterator[None]:
    """Forward what comes in at a listener, in the background; it is closed in the end."""
    chosen = limits or CallLimits()
    async with Endpoints(addresses, chosen) as endpoints:
        config = uvicorn.Config(
            create_forwarder(endpoints, chosen),
            http="h11",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = _InnerServer(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            while not (server.started or serving.done()):
                await asyncio.sleep(0.01)
            yield
        finally:
            server.should_exit = True
            await serving


def create_forwarder(endpoints: Endpoints, limits: CallLimits) -> Starlette:
    """Return the application that answers ``/0``, ``/1`` ... for the endpoints in their order."""
    too_large = f"the query for the endpoint has more than {limits.query_bytes:,} bytes"

    async def answer(request: Request) -> Response:
        try:
            if request.headers.get("content-type", "").partition(";")[0].strip() != QUERY:
                raise CallFailed(f"only {QUERY} is forwarded", 415)
            refusal = CallFailed(too_large, 413)
            query = await read_bounded(request.stream(), refusal, limits.query_bytes)
            accept = request.headers.get("accept", "*/*")
            call = endpoints.call(request.path_params["number"], query, accept)
            answer = await _unless_disconnected(request, call)
        except CallFailed as error:
            _LOG.info("a SERVICE call failed: %s", error)
            return PlainTextResponse(str(error), error.status)
        return Response(answer.body, media_type=answer.media_type)

    return Starlette(routes=[Route("/{number:int}", answer, methods=["POST"])])


class _InnerServer(uvicorn.Server):
    """A server within another one's process, which alone is meant by signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _unless_disconnected(
    request: Request, call: Coroutine[Any, Any, EndpointAnswer]
) -> EndpointAnswer:
    """Return what a call returns, unless the worker hangs up before: then the call is dropped."""
    calling = asyncio.create_task(call)
    watching = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait([calling, watching], return_when=asyncio.FIRST_COMPLETED)
        if not calling.done():
            raise CallFailed("the worker has hung up", _HUNG_UP)
        return calling.result()
    finally:
        for task in (calling, watching):
            task.cancel()
        await asyncio.gather(calling, watching, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
