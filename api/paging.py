"""Lists in pages: a limit, and an opaque cursor to the next page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["CursorError", "Page", "page_of"]

Item = TypeVar("Item")


class CursorError(ValueError):
    """A cursor is none of ours, or belongs to another list or snapshot."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list, the size of the whole list, and the cursor to go on with."""

    items: tuple[Item, ...]
    total: int
    cursor: str | None


def page_of(items: Sequence[Item], *, limit: int, cursor: str | None, mark: str) -> Page[Item]:
    """Return the page of a list that a cursor stands for: the first one without.

    ``mark`` names the list and the snapshot: a cursor is good for that list alone. Raises
    CursorError.

    >>> first = page_of("abc", limit=2, cursor=None, mark="letters")
    >>> page_of("abc", limit=2, cursor=first.cursor, mark="letters").items
    ('c',)
    """
    start = 0 if cursor is None else _read(cursor, mark)
    end = start + limit
    following = _write(end, mark) if end < len(items) else None
    return Page(tuple(items[start:end]), len(items), following)


def _write(start: int, mark: str) -> str:
    text = json.dumps([start, _digest(mark)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, mark: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        start, digest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise CursorError("the cursor is not one that this server gave") from None
    if not isinstance(start, int) or start < 0 or digest != _digest(mark):
        message = "the cursor belongs to another list or an older snapshot; start without one"
        raise CursorError(message)
    return start


def _digest(mark: str) -> str:
    return hashlib.sha256(mark.encode()).hexdigest()[:12]
