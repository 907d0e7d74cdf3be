"""An endpoint elsewhere: one query, one whole answer, within a time and a size."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from api.failures import Overloaded, QueryTimedOut
from api.remote_failures import AnswerTooLong, EndpointDown, EndpointFailed
from kg.endpoint_address import without_secret
from kg.query_error import QueryFailedError

__all__ = ["Endpoint", "RemoteAnswer", "RemoteQuery"]

_MIB = 1024 * 1024
_TRIES = 3
_PAUSE = 0.1
_CONNECT = 5.0
_LONGEST_MESSAGE = 300
_PARTIAL = "S1TAT"
"""What Virtuoso says in X-SQL-State of an answer that it broke off."""


@dataclass(frozen=True)
class RemoteQuery:
    """A query as it goes over the wire, and its data set: graphs merged, and graphs named.

    ``is_union``: an engine is told in its own way that all graphs are merged.
    """

    text: str
    merged: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    is_union: bool = False

    def form(self) -> list[tuple[str, str]]:
        """Return the fields of the form, by https://www.w3.org/TR/sparql11-protocol/."""
        return [
            ("query", self.text),
            *(("default-graph-uri", graph) for graph in self.merged),
            *(("named-graph-uri", graph) for graph in self.named),
            *([("union-default-graph", "")] if self.is_union else ()),
        ]


@dataclass(frozen=True)
class RemoteAnswer:
    """A whole answer; ``most_rows`` is where its engine cuts answers, if it says so."""

    body: bytes
    media_type: str
    server: str
    most_rows: int | None = None


class Endpoint:
    """A SPARQL endpoint; ``longest`` is in MiB, and ``connections`` are kept open at most."""

    def __init__(self, address: str, *, longest: int = 256, connections: int = 16) -> None:
        self.address = address
        self._longest = longest * _MIB
        self._limits = httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections
        )
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Let go of all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def ask(self, query: RemoteQuery, accept: Sequence[str], seconds: float) -> RemoteAnswer:
        """Return the answer to a query, which comes whole or not at all.

        What fails before an answer began is tried again, as a query changes nothing. Raises
        QueryTimedOut, EndpointDown, EndpointFailed, AnswerTooLong, Overloaded, and
        QueryFailedError where the endpoint says that the query is at fault.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._try(query, ", ".join(accept))
        except TimeoutError:
            raise QueryTimedOut(seconds) from None

    async def _try(self, query: RemoteQuery, accept: str) -> RemoteAnswer:
        for tries_left in range(_TRIES - 1, -1, -1):
            try:
                return await self._ask(query, accept)
            except httpx.TransportError as error:
                # A connection that the endpoint closed meanwhile is found out by asking.
                if not tries_left or not _is_worth_another(error):
                    raise _explain(error, f"the endpoint {self.shown}") from None
            await asyncio.sleep(_PAUSE * (_TRIES - tries_left))
        raise AssertionError("the last try returns or raises")

    async def _ask(self, query: RemoteQuery, accept: str) -> RemoteAnswer:
        if self._client is None:
            self._client = httpx.AsyncClient(
                limits=self._limits,
                timeout=httpx.Timeout(None, connect=_CONNECT),
                follow_redirects=False,
                trust_env=False,
            )
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(query.form())
        async with self._client.stream(
            "POST", self.address, content=body, headers=headers
        ) as answer:
            return await self._read(answer)

    async def _read(self, answer: httpx.Response) -> RemoteAnswer:
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > self._longest:
                raise AnswerTooLong(
                    f"the answer is longer than {self._longest // _MIB} MiB; ask for fewer rows"
                )
        if answer.status_code != httpx.codes.OK:
            raise self._refusal(answer, bytes(body))
        if answer.headers.get("x-sql-state", "").upper() == _PARTIAL:
            raise EndpointFailed(
                f"the endpoint {self.shown} broke its answer off, as it took too long there"
            )
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        return RemoteAnswer(
            bytes(body), media_type, answer.headers.get("server", ""), _most_rows(answer)
        )

    @property
    def shown(self) -> str:
        """The address, without a name and a password that may stand in it."""
        return without_secret(self.address)

    def _refusal(self, answer: httpx.Response, body: bytes) -> Exception:
        said = " ".join(body.decode(errors="replace").split())[:_LONGEST_MESSAGE]
        status = answer.status_code
        if status == httpx.codes.BAD_REQUEST or (status == 500 and "SPARQL" in said):
            return QueryFailedError(f"the engine does not take this query: {said}")
        if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
            return Overloaded(5, f"the endpoint {self.shown} has too much to do; try again later")
        return EndpointFailed(f"the endpoint {self.shown} answered {status}: {said or 'nothing'}")


def _is_worth_another(error: httpx.TransportError) -> bool:
    return isinstance(error, httpx.ConnectError | httpx.RemoteProtocolError | httpx.ReadError)


def _explain(error: httpx.TransportError, shown: str) -> EndpointFailed:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return EndpointDown(f"{shown} cannot be reached; try again later")
    return EndpointFailed(f"{shown} broke off before its answer was whole: {error}")


def _most_rows(answer: httpx.Response) -> int | None:
    given = answer.headers.get("x-sparql-maxrows", "")
    return int(given) if given.isdigit() else None
