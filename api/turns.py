"""Turns: how many requests one address may begin before the server looks at all others."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable

__all__ = ["Turns"]


class Turns:
    """Lets each address begin ``at_once`` requests in a round of the event loop.

    Whoever wants more waits, and the addresses take turns. Otherwise a few hundred connections
    that never pause make each round as long as all their requests, and anybody's answer takes
    several rounds.
    """

    def __init__(self, at_once: int = 8) -> None:
        self._at_once = at_once
        self._begun = Counter[str]()
        self._waiting: OrderedDict[str, deque[Callable[[], None]]] = OrderedDict()
        self._is_planned = False

    def take(self, host: str, go_on: Callable[[], None]) -> bool:
        """Tell whether an address may begin a request now; else ``go_on`` is called in its turn."""
        if self.take_now(host):
            return True
        self._waiting.setdefault(host, deque()).append(go_on)
        return False

    def take_now(self, host: str) -> bool:
        """Tell whether an address may begin a request now; else it may ask again, or wait."""
        if not self._is_planned:
            self._plan()
        begun = self._begun
        if begun[host] >= self._at_once or host in self._waiting:
            return False
        begun[host] += 1
        return True

    def _plan(self) -> None:
        self._is_planned = True
        asyncio.get_running_loop().call_soon(self._next_round)

    def _next_round(self) -> None:
        self._is_planned = False
        self._begun.clear()
        for _ in range(self._at_once):
            if not self._waiting:
                return
            self._serve_one()
        if self._waiting and not self._is_planned:
            self._plan()

    def _serve_one(self) -> None:
        """Let the address that waits longest begin one request, and wait again for the next."""
        host, queue = self._waiting.popitem(last=False)
        go_on = queue.popleft()
        if queue:
            self._waiting[host] = queue
        go_on()
