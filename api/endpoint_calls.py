"""Calls to other SPARQL endpoints, within limits of time, size and redirects."""

from __future__ import annotations

import asyncio
import http.cookiejar
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

import httpx

from api.client_identity import own_call
from api.endpoint_shape import ShapeError, read_shape
from api.version import find_version
from kg.formats import ResultFormat

__all__ = [
    "QUERY",
    "CallFailed",
    "CallLimits",
    "EndpointAnswer",
    "Endpoints",
    "read_address",
    "read_bounded",
]

QUERY = "application/sparql-query"
"""The media type of a query that is sent by itself."""

_READ = frozenset(
    name for each in (ResultFormat.JSON, ResultFormat.XML) for name in (each.media_type, *each.also)
)
_REPEATED = frozenset([301, 302, 307, 308])
_LONGEST_EXCERPT = 200


@dataclass(frozen=True)
class CallLimits:
    """What one call may take: seconds in all, bytes out and in, redirects; and calls at once."""

    seconds: float = 30.0
    query_bytes: int = 4 * 1024 * 1024
    answer_bytes: int = 32 * 1024 * 1024
    redirects: int = 3
    calls: int = 32


class CallFailed(Exception):  # noqa: N818 - what the caller is told
    """A call has no answer; ``status`` is the one of HTTP that says so."""

    def __init__(self, message: str, status: int = 502) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class EndpointAnswer:
    """What an endpoint answers, whole."""

    media_type: str
    body: bytes


class Endpoints:
    """The endpoints of a list, by number. No other address is ever called, by redirects neither.

    To be entered before the first call. Raises ValueError for an address that is not one of HTTP,
    or that holds a password.
    """

    def __init__(self, addresses: Sequence[str], limits: CallLimits) -> None:
        self._urls = tuple(map(read_address, addresses))
        self._limits = limits
        self._client = _client(limits)

    async def __aenter__(self) -> Endpoints:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(kind, error, traceback)

    async def call(self, number: int, query: bytes, accept: str) -> EndpointAnswer:
        """Return an endpoint's answer to a query; raises CallFailed."""
        if number >= len(self._urls):
            raise CallFailed("there is no endpoint of this number", 404)
        endpoint, limits = self._urls[number], self._limits
        try:
            async with asyncio.timeout(limits.seconds):
                return await self._post(endpoint, query, accept)
        except (TimeoutError, httpx.TimeoutException):
            message = f"<{endpoint}> has not answered within {limits.seconds:g} s"
            raise CallFailed(message, 504) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            reason = _clip(str(error)) or type(error).__name__
            raise CallFailed(f"<{endpoint}> cannot be reached: {reason}") from None

    async def _post(self, endpoint: httpx.URL, query: bytes, accept: str) -> EndpointAnswer:
        target, headers = endpoint, {"Accept": accept, "Content-Type": QUERY, **own_call()}
        for _ in range(self._limits.redirects + 1):
            async with self._client.stream(
                "POST", target, content=query, headers=headers
            ) as response:
                if response.status_code not in _REPEATED:
                    return await self._take(endpoint, response)
                target = self._redirected(endpoint, response)
        raise CallFailed(f"<{endpoint}> redirects more than {self._limits.redirects} times")

    def _redirected(self, endpoint: httpx.URL, response: httpx.Response) -> httpx.URL:
        target = response.url.join(response.headers.get("location", ""))
        if target not in self._urls:
            shown = _clip(str(target))
            raise CallFailed(f"<{endpoint}> redirects to <{shown}>, which is not allowed")
        return target

    async def _take(self, endpoint: httpx.URL, response: httpx.Response) -> EndpointAnswer:
        """Return an endpoint's answer when it is whole, short and of a kind that is read."""
        limit = self._limits.answer_bytes
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise CallFailed(f"<{endpoint}> compresses its answer, though not asked to")
        if response.status_code != httpx.codes.OK:
            said = _clip(await _read_start(response))
            raise CallFailed(f"<{endpoint}> answers {response.status_code}{said and f': {said}'}")
        content_type = response.headers.get("content-type", "")
        if (media_type := content_type.partition(";")[0].strip().lower()) not in _READ:
            shown = _clip(content_type)
            message = f"<{endpoint}> answers as {shown!r}, not as results in JSON or XML"
            raise CallFailed(message)
        too_large = CallFailed(f"<{endpoint}> answers with more than {limit:,} bytes")
        if int(response.headers.get("content-length", 0)) > limit:
            raise too_large
        shape = read_shape(media_type)
        try:
            body = await read_bounded(response.aiter_raw(), too_large, limit, shape.add)
            shape.end(body)
        except ShapeError as error:
            raise CallFailed(f"<{endpoint}> gives an answer that {error}") from None
        return EndpointAnswer(media_type, body)


async def read_bounded(
    pieces: AsyncIterator[bytes],
    too_large: CallFailed,
    limit: int,
    look: Callable[[bytes], None] = lambda _: None,
) -> bytes:
    """Return all pieces together; raises ``too_large`` beyond ``limit`` bytes.

    ``look`` gets each piece, and may raise what is wrong with it.
    """
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            raise too_large
        look(piece)
    return bytes(body)


async def _read_start(response: httpx.Response) -> str:
    start = b""
    with suppress(httpx.HTTPError):
        async for piece in response.aiter_raw():
            start += piece
            if len(start) > _LONGEST_EXCERPT:
                break
    return start.decode(errors="replace")


def read_address(address: str) -> httpx.URL:
    """Return the address of an endpoint; raises ValueError as ``Endpoints`` does.

    >>> read_address("ftp://example.org/sparql")
    Traceback (most recent call last):
    ValueError: ftp://example.org/sparql is no address of an endpoint: write http:// or https://
    """
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"{address} is no address of an endpoint: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{address} is no address of an endpoint: write http:// or https://")
    if url.userinfo or url.fragment:
        raise ValueError(f"the endpoint at {url.host} has a password or a '#' in its address")
    return url


def _client(limits: CallLimits) -> httpx.AsyncClient:
    """Return a client that sends what it is told, and nothing that it finds around or is given."""
    no_cookies = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(
        cookies=no_cookies,
        follow_redirects=False,
        headers={"User-Agent": f"sarcoma-kg/{find_version()}", "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=limits.calls),
        timeout=limits.seconds,
        trust_env=False,
        verify=ssl.create_default_context(),
    )


def _clip(text: str) -> str:
    """Return the start of a text from elsewhere, on one line and without control characters."""
    start = "".join(each if each.isprintable() else " " for each in text[:_LONGEST_EXCERPT])
    return start.strip() + ("…" if len(text) > _LONGEST_EXCERPT else "")
