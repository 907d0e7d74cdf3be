"""The contract of the application: made once, and not in the loop that answers requests."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

from fastapi import FastAPI

__all__ = ["ContractKeeper"]

Contract = dict[str, Any]


class ContractKeeper:
    """Makes the contract in a thread when it is first wanted: that takes seconds.

    Who asks meanwhile waits for the same one. A server that ends does not wait for it.
    """

    def __init__(self) -> None:
        self._making: Future[Contract] | None = None

    async def get(self, app: FastAPI) -> Contract:
        """Return the contract of an application: always of the same one."""
        if self._making is None:
            self._making = Future()
            self._making.set_running_or_notify_cancel()  # who goes away does not end it
            threading.Thread(
                target=_make, args=(app, self._making), name="contract", daemon=True
            ).start()
        return await asyncio.wrap_future(self._making)


def _make(app: FastAPI, made: Future[Contract]) -> None:
    try:
        made.set_result(app.openapi())
    except Exception as error:
        made.set_exception(error)
