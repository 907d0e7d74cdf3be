"""Answers that are sent again and again: each is made once, and so is what is made of it."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable

__all__ = ["KeptAnswers", "KeptBytes", "digest_of_bytes"]

_MOST = 64
_MOST_DERIVED = 4
"""Forms that are kept of one answer: its gzip, and it below the paths and hosts of proxies."""


class KeptAnswers:
    """Answers by what they depend on, such as snapshot and format, each made once in a thread.

    Beyond ``most`` of them the one that was asked for longest ago is forgotten. To be used in
    one event loop.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, asyncio.Task[KeptBytes]] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], bytes]) -> KeptBytes:
        """Return an answer, which ``make`` gives if there is none; who asks meanwhile waits."""
        task = self._made.get(key)
        if task is None:
            task = self._made[key] = asyncio.create_task(_make(make))
            task.add_done_callback(lambda made: self._forget_failed(key, made))
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return task.result() if task.done() else await asyncio.shield(task)

    def _forget_failed(self, key: Hashable, made: asyncio.Task[KeptBytes]) -> None:
        failed = made.cancelled() or made.exception() is not None
        if failed and self._made.get(key) is made:
            del self._made[key]


class KeptBytes(bytes):
    """The bytes of an answer that is kept, and with them what was last made of it."""

    _derived: KeptAnswers

    async def derive(self, key: Hashable, change: Callable[[bytes], bytes]) -> KeptBytes:
        """Return another form of the answer, which ``change`` makes of it once."""
        if not hasattr(self, "_derived"):
            self._derived = KeptAnswers(_MOST_DERIVED)
        return await self._derived.get(key, lambda: change(self))


def digest_of_bytes(text: bytes) -> bytes:
    """Return the SHA-256 of some bytes in hexadecimal digits: a form that entity tags need.

    >>> digest_of_bytes(b"")[:12]
    b'e3b0c44298fc'
    """
    return hashlib.sha256(text).hexdigest().encode()


async def _make(make: Callable[[], bytes]) -> KeptBytes:
    return KeptBytes(await asyncio.to_thread(make))
