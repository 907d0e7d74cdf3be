"""A query that was asked before the application heard of it, and what came of that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from types import TracebackType

from starlette.types import Scope

from api.begun import Begun
from api.messages import QueryRequest
from api.pool import Pool
from api.reply import Reply
from api.request_record import RequestRecord

__all__ = ["Ask", "AskedAhead", "Asker", "find_ahead"]

_KEY = "sarcoma_kg.asked_ahead"

Ask = AbstractAsyncContextManager[Reply]


@dataclass(frozen=True)
class Asker:
    """Whom queries are asked of: a ``pool`` if there is one, else whatever ``ask`` gives.

    ``ask`` takes a query and its client.
    """

    ask: Callable[[QueryRequest, str], Ask]
    pool: Pool | None = None


class AskedAhead:
    """The reply to a query, or why there is none; to be entered in the task that asked.

    ``record`` is that of the request, which its observers know of already; ``text`` is asked as
    ``query`` says.
    """

    def __init__(
        self, record: RequestRecord, asker: Asker, query: QueryRequest, text: str, client: str
    ) -> None:
        self.record = record
        self.snapshot: str | None = None
        self._asker = asker
        self._query = query
        self._text = text
        self._client = client
        self._begun: Begun | None = None
        self._ask: Ask | None = None
        self._reply: Reply | None = None
        self._failure: BaseException | None = None

    def begin_now(self, hear: Callable[[], None]) -> bool:
        """Ask without a task, if that can be: ``hear`` is called as `Pool.begin` does then."""
        if self._asker.pool is None:
            return False
        body = self._query.head + self._text.encode(errors="surrogatepass")
        self._begun = self._asker.pool.begin(body, client=self._client, hear=hear)
        return True

    @property
    def reply_now(self) -> Reply | None:
        """The reply to what was asked without a task, where there is a whole one."""
        return None if self._begun is None else self._begun.reply

    def give_up(self) -> None:
        """Let go of what was asked without a task, if nobody has awaited it since."""
        if self._begun is not None and self._asker.pool is not None:
            self._asker.pool.give_up(self._begun)

    async def begin(self) -> Reply | None:
        """Ask, or await; return the reply, or None where there is a failure in its place."""
        query = replace(self._query, query=self._text)
        pool = self._asker.pool
        if pool is None:
            self._ask = self._asker.ask(query, self._client)
        else:
            self._ask = pool.ask(query, client=self._client, begun=self._begun)
        try:
            self._reply = await self._ask.__aenter__()
        except (Exception, asyncio.CancelledError) as failure:
            self._failure = failure
            return None
        self.snapshot = self._reply.snapshot
        return self._reply

    async def end(self) -> None:
        """Let go of a reply that nobody has entered."""
        if self._reply is not None and self._ask is not None:
            self._reply = None
            await self._ask.__aexit__(None, None, None)

    async def __aenter__(self) -> Reply:
        """Return the reply, once; raises what the query met."""
        if self._failure is not None:
            raise self._failure
        if self._reply is None:
            raise RuntimeError("the reply was read before")
        reply, self._reply = self._reply, None
        return reply

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """End the query."""
        return None if self._ask is None else await self._ask.__aexit__(kind, error, trace)

    def offer(self, scope: Scope) -> None:
        """Be known to those who answer a request."""
        scope["extensions"][_KEY] = self


def find_ahead(scope: Scope) -> AskedAhead | None:
    """Return the query of a request that was asked ahead, or None."""
    found = scope.get("extensions", {}).get(_KEY)
    return found if isinstance(found, AskedAhead) else None
