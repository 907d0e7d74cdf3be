"""Texts that are kept for one snapshot, up to a size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

__all__ = ["LARGEST_SHELF", "Shelf"]

LARGEST_SHELF = 24 * 1024 * 1024
"""How many characters are kept."""


class Shelf:
    """Texts by their keys: those that were asked for longest ago make room for new ones.

    >>> shelf = Shelf(10)
    >>> shelf.keep("a", "123456"), shelf.keep("b", "123456")
    ('123456', '123456')
    >>> shelf.find("a") is None, shelf.find("b")
    (True, '123456')
    """

    def __init__(self, largest: int = LARGEST_SHELF) -> None:
        self._largest = largest
        self._size = 0
        self._kept: OrderedDict[Hashable, str] = OrderedDict()

    def find(self, key: Hashable) -> str | None:
        """Return a text, or None where it is not kept."""
        text = self._kept.get(key)
        if text is not None:
            self._kept.move_to_end(key)
        return text

    def keep(self, key: Hashable, text: str) -> str:
        """Keep a text, and return it."""
        self._size += len(text) - len(self._kept.pop(key, ""))
        self._kept[key] = text
        while self._size > self._largest and len(self._kept) > 1:
            self._size -= len(self._kept.popitem(last=False)[1])
        return text

    def get(self, key: Hashable, write: Callable[[], str]) -> str:
        """Return a text; it is written and kept where it is not yet."""
        text = self.find(key)
        return self.keep(key, write()) if text is None else text
