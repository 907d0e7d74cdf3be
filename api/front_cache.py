"""Answers ahead of the application: bytes up to a bound, as long as one snapshot is served."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from api.front_answer import FrontAnswer
from api.front_key import Wish

__all__ = ["LARGEST_ANSWER", "FrontCache", "FrontFigures"]

LARGEST_ANSWER = 1024 * 1024
"""Bytes of the largest answer that is kept."""

_LONGEST_REQUEST = 4096
_MOST_REQUESTS = 4
"""Heads of requests that are known to have an answer: as many as there are kinds of clients."""

_ANY = b"*"

Key = tuple[tuple[object, ...], bytes | None]
"""What is asked, and the tags that the client knows of."""


@dataclass(frozen=True)
class FrontFigures:
    """How the cache fares: what it has, and how often it could answer."""

    hits: int
    misses: int
    sent: int
    answers: int
    size: int


class FrontCache:
    """Keeps answers by what was asked; those asked for longest ago make room for new ones.

    ``snapshot`` gives what is served: at the moment that it is another one, nothing is kept any
    more. An answer of which the client knows the tag is kept beside the whole one, under the
    tags that it named.
    """

    def __init__(self, snapshot: Callable[[], object], largest: int) -> None:
        self._snapshot = snapshot
        self._largest = largest
        self._served: object = None
        self._served_id = b""
        self._kept: OrderedDict[Key, FrontAnswer] = OrderedDict()
        self._by_request: dict[bytes, FrontAnswer] = {}
        self._size = 0
        self._hits = 0
        self._misses = 0
        self._sent = 0

    @property
    def snapshot(self) -> object:
        """What is served now."""
        return self._snapshot()

    @property
    def figures(self) -> FrontFigures:
        """How it fares."""
        return FrontFigures(self._hits, self._misses, self._sent, len(self._kept), self._size)

    def find_by_head(self, request: bytes) -> FrontAnswer | None:
        """Return the answer to a request whose whole head is known, or None."""
        if self._snapshot() is not self._served:
            self._start_anew()
        return self._by_request.get(request)

    def find(self, wish: Wish) -> FrontAnswer | None:
        """Return the answer to what a request asks, or None where it is not kept.

        A whole answer is for those as well who name tags of which it has none, for certain.
        """
        if self._snapshot() is not self._served:
            self._start_anew()
        found = self._kept.get((wish.key, wish.known))
        if found is None and wish.known is not None:
            whole = self._kept.get((wish.key, None))
            found = whole if whole and self._is_unknown(whole, wish.known) else None
        if found is None:
            self._misses += 1
            return None
        return found

    def keep(
        self, wish: Wish, answer: FrontAnswer, snapshot: object, *, is_whole: bool
    ) -> FrontAnswer | None:
        """Keep an answer to a request that began when ``snapshot`` was served; else return None."""
        answer.key = (wish.key, None if is_whole else wish.known)
        if snapshot is not self._snapshot() or answer.size > self._largest:
            return None
        if self._served is not snapshot:
            self._start_anew()
        self._drop(answer.key)
        self._kept[answer.key] = answer
        self._size += answer.size
        self._make_room()
        return answer

    def remember(self, request: bytes, answer: FrontAnswer) -> None:
        """Remember that a request with this very head has an answer that is kept."""
        if len(request) > _LONGEST_REQUEST or self._kept.get(answer.key) is not answer:
            return
        if request in self._by_request:
            return
        if len(answer.requests) == _MOST_REQUESTS:
            self._forget_request(answer)
        answer.requests.append(request)
        self._by_request[request] = answer
        self._size += len(request)
        self._make_room()

    def count_hit(self, found: FrontAnswer) -> None:
        """Write down that an answer was given again."""
        self._hits += 1
        self._sent += found.sent
        self._kept.move_to_end(found.key)

    def _is_unknown(self, whole: FrontAnswer, known: bytes) -> bool:
        """Tell whether none of the tags can be that of an answer, nor of another form of it."""
        return not any(each in known for each in (whole.validator, self._served_id, _ANY))

    def _start_anew(self) -> None:
        self._served = self._snapshot()
        self._served_id = str(getattr(self._served, "id", "")).encode() or _ANY
        self._kept.clear()
        self._by_request.clear()
        self._size = 0

    def _make_room(self) -> None:
        while self._size > self._largest:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is None:
            return
        while dropped.requests:
            self._forget_request(dropped)
        self._size -= dropped.size

    def _forget_request(self, answer: FrontAnswer) -> None:
        oldest = answer.requests.pop(0)
        del self._by_request[oldest]
        self._size -= len(oldest)
