"""The brackets and strings of a JSON text with their places, read through a moving window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from kg.pattern_runs import run_of

__all__ = ["STRING", "Bracket", "BrokenTextError", "Window", "brackets"]

_CHUNK = 1 << 20
STRING = b'"%s"' % run_of(r"[^\"\\]", r"\\.", "in_string").encode()
"""The pattern of a string."""

_TOKEN = re.compile(STRING + rb'|[{}\[\]"]', re.DOTALL)


class BrokenTextError(ValueError):
    """A text is no JSON from some byte on, its ``offset``."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class Bracket(NamedTuple):
    """A bracket, or a whole string, whose ``kind`` is a quotation mark; offsets in the text."""

    kind: bytes
    start: int
    end: int


@dataclass
class Window:
    """The part of a text that is in memory; ``position`` is how far the text was read."""

    data: bytes = b""
    base: int = 0
    position: int = 0
    keep: int = 0

    def slice(self, start: int, end: int) -> bytes:
        """Return the bytes between two offsets of the text that are still in memory."""
        return self.data[start - self.base : end - self.base]

    def forget(self, before: int) -> None:
        """Let go of what stands before an offset, when the next part is read."""
        self.keep = max(self.keep, before)

    def extend(self, chunk: bytes, rest: int) -> None:
        """Add what follows; ``rest`` is where what was not understood yet begins."""
        start = min(max(self.keep, self.base), rest)
        self.data = self.data[start - self.base :] + chunk
        self.base = start


def brackets(stream: BinaryIO, window: Window, longest: int) -> Iterator[Bracket]:
    """Yield brackets and strings in order; ``longest`` is how long a string may be, in bytes.

    Raises BrokenTextError for a longer one.
    """
    while chunk := stream.read(_CHUNK):
        window.extend(chunk, window.position)
        yield from _found(window, longest)
    if window.base + len(window.data) > window.position and _is_open(window):
        raise BrokenTextError(window.position, "the text ends within a string")


def _found(window: Window, longest: int) -> Iterator[Bracket]:
    base, data = window.base, window.data
    for match in _TOKEN.finditer(data, window.position - base):
        start, end = match.span()
        kind = data[start : start + 1]
        if kind == b'"' and end == start + 1:
            # The string goes on in the next part of the text: begin with it then.
            window.position = base + start
            if len(data) - start > longest:
                raise BrokenTextError(base + start, f"a string is longer than {longest} bytes")
            return
        window.position = base + end
        yield Bracket(kind, base + start, base + end)
    window.position = base + len(data)


def _is_open(window: Window) -> bool:
    start = window.position - window.base
    return window.data[start : start + 1] == b'"'
