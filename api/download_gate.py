"""How many downloads there may be at once: each takes a descriptor, and as long as it likes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from api.failures import Overloaded, TooManyRequests

__all__ = ["DownloadGate", "TooManyDownloads"]

_AGAIN = 5


class TooManyDownloads(TooManyRequests):
    """The client has its share of the downloads."""

    def __init__(self) -> None:
        Overloaded.__init__(self, _AGAIN, "too many of your downloads are under way; wait for one")


class DownloadGate:
    """Lets ``most`` downloads through, ``most_of_one`` of them of one client."""

    def __init__(self, *, most: int = 64, most_of_one: int = 8) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._under_way = Counter[str]()

    @contextmanager
    def entered(self, client: str) -> Iterator[None]:
        """Count a download for as long as the block lasts; raises TooManyDownloads, Overloaded."""
        if self._under_way[client] >= self._most_of_one:
            raise TooManyDownloads
        if self._under_way.total() >= self._most:
            raise Overloaded(_AGAIN, "too many downloads are under way; try again later")
        self._under_way[client] += 1
        try:
            yield
        finally:
            self._under_way[client] -= 1
            if not self._under_way[client]:
                del self._under_way[client]
