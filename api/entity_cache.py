"""Answers that are kept by their entity tags: whoever asks again gets the same bytes."""

from __future__ import annotations

from collections import OrderedDict

from starlette.responses import Response

__all__ = ["AnswerCache"]

_LARGEST = 16 * 1024 * 1024
"""Bytes that are kept in all: some three hundred pages."""

_LARGEST_ANSWER = 1024 * 1024


class AnswerCache:
    """Keeps answers up to a size: those that were asked for longest ago make room for new ones.

    A tag stands for a snapshot, an address and a format, so that nothing in here gets stale.
    """

    def __init__(self, largest: int = _LARGEST) -> None:
        self._largest = largest
        self._size = 0
        self._kept: OrderedDict[str, tuple[bytes, dict[str, str]]] = OrderedDict()

    def find(self, tag: str) -> Response | None:
        """Return the answer with a tag, or None where it is not kept."""
        found = self._kept.get(tag)
        if found is None:
            return None
        self._kept.move_to_end(tag)
        body, headers = found
        # What lies around an answer changes its headers: each client gets one of its own.
        return Response(body, headers=headers)

    def keep(self, tag: str, answer: Response) -> None:
        """Keep an answer that is whole, unless it is very large."""
        body = bytes(answer.body)
        if len(body) > min(_LARGEST_ANSWER, self._largest):
            return
        before, _ = self._kept.pop(tag, (b"", {}))
        self._size += len(body) - len(before)
        self._kept[tag] = (body, dict(answer.headers))
        while self._size > self._largest:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._size -= len(dropped)
