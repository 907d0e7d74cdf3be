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

    ``mark`` names the snapshot, and after a blank the list and what is asked of it: a cursor is
    good for these alone. Raises CursorError.

    >>> first = page_of("abc", limit=2, cursor=None, mark="letters")
    >>> page_of("abc", limit=2, cursor=first.cursor, mark="letters").items
    ('c',)
    """
    start = 0 if cursor is None else _read(cursor, mark)
    end = start + limit
    following = _write(end, mark) if end < len(items) else None
    return Page(tuple(items[start:end]), len(items), following)


def _write(start: int, mark: str) -> str:
    text = json.dumps([start, *_digests(mark)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, mark: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        start, *digests = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise CursorError("the cursor is not one that this server gave") from None
    if not isinstance(start, int) or start < 0 or len(digests) != 2:
        raise CursorError("the cursor is not one that this server gave")
    snapshot, question = _digests(mark)
    if digests[1] != question:
        raise CursorError("the cursor belongs to another list or question; start without one")
    if digests[0] != snapshot:
        raise CursorError("the cursor belongs to another snapshot of the graph; start without one")
    return start


def _digests(mark: str) -> tuple[str, str]:
    """Return what stands for the snapshot, which is the first word of a mark, and for the rest."""
    snapshot, _, question = mark.partition(" ")
    return _digest(snapshot), _digest(question)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
