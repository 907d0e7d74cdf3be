"""Edits of a text, made all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Edit", "edited", "insert", "replace", "shifted"]


@dataclass(frozen=True)
class Edit:
    """Characters from ``start`` up to ``end``, and what takes their place."""

    start: int
    end: int
    text: str


def insert(offset: int, text: str) -> Edit:
    """Return the edit that puts a text before a character."""
    return Edit(offset, offset, text)


def replace(start: int, end: int, text: str) -> Edit:
    """Return the edit that replaces characters."""
    return Edit(start, end, text)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with all edits made; those at one place stay in their order.

    An edit within a text that another one replaces is dropped with it.

    >>> edited("a b c", [insert(4, "x"), replace(2, 3, "y"), insert(4, "z")])
    'a y xzc'
    """
    pieces = []
    at = 0
    for edit in sorted(edits, key=lambda each: each.start):
        if edit.start >= at:
            pieces += [text[at : edit.start], edit.text]
            at = edit.end
    return "".join([*pieces, text[at:]])


def shifted(edits: Iterable[Edit], by: int) -> list[Edit]:
    """Return the same edits for a text that starts elsewhere.

    >>> shifted([insert(4, "x")], -3)
    [Edit(start=1, end=1, text='x')]
    """
    return [Edit(edit.start + by, edit.end + by, edit.text) for edit in edits]
