"""A query that was asked before the application heard of it, and what came of that."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from types import TracebackType

from starlette.types import Scope

from api.reply import Reply
from api.request_record import RequestRecord

__all__ = ["Ask", "AskedAhead", "find_ahead"]

_KEY = "sarcoma_kg.asked_ahead"

Ask = AbstractAsyncContextManager[Reply]


class AskedAhead:
    """The reply to a query, or why there is none; to be entered in the task that asked.

    ``record`` is that of the request, which its observers know of already.
    """

    def __init__(self, record: RequestRecord, ask: Ask) -> None:
        self.record = record
        self.snapshot: str | None = None
        self._ask = ask
        self._reply: Reply | None = None
        self._failure: BaseException | None = None

    async def begin(self) -> Reply | None:
        """Ask; return the reply, or None where there is a failure in its place."""
        try:
            self._reply = await self._ask.__aenter__()
        except (Exception, asyncio.CancelledError) as failure:
            self._failure = failure
            return None
        self.snapshot = self._reply.snapshot
        return self._reply

    async def end(self) -> None:
        """Let go of a reply that nobody has entered."""
        if self._reply is not None:
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
        return await self._ask.__aexit__(kind, error, trace)

    def offer(self, scope: Scope) -> None:
        """Be known to those who answer a request."""
        scope["extensions"][_KEY] = self


def find_ahead(scope: Scope) -> AskedAhead | None:
    """Return the query of a request that was asked ahead, or None."""
    found = scope.get("extensions", {}).get(_KEY)
    return found if isinstance(found, AskedAhead) else None
