"""The elements of a JSON text as bytes, one by one, however long the text is.

A page of studies and a list are cut into their elements without being read as a whole; each
element is an error or none of its own. Nothing here says what a study is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from kg.importing.clinicaltrials.brackets import STRING, Bracket, BrokenTextError, Window, brackets

__all__ = ["Element", "Limits", "elements"]

_LIST_KEY = b'"studies"'
_STRING_OR_COMMA = re.compile(STRING + rb"|,", re.DOTALL)


@dataclass(frozen=True)
class Limits:
    """How large one element may be: its bytes, its depth, and how many objects and lists."""

    size: int = 32 << 20
    depth: int = 64
    nodes: int = 1_000_000


_LIMITS = Limits()


@dataclass(frozen=True)
class Element:
    """One element: its JSON pointer in the text, where it begins, and its bytes.

    ``problem`` says why there are no bytes. ``is_frame`` marks what stands around the list of
    studies of a page: the page without them.
    """

    pointer: str
    offset: int
    text: bytes = b""
    problem: str = ""
    is_cut: bool = False
    is_frame: bool = False


@dataclass
class _Cutter:
    window: Window
    limits: Limits
    depth: int = 0
    number: int = 0
    """How many whole values came before: JSON lines have several."""
    index: int = 0
    list_depth: int | None = None
    """The depth at which the elements stand, inside a list of them."""
    list_pointer: str = ""
    start: int | None = None
    """Where the element begins that is being read."""
    after: int = 0
    """Where what is checked for stray text, or kept as the frame, begins."""
    nodes: int = 0
    deepest: int = 0
    key: bytes = b""
    frame: list[bytes] = field(default_factory=list)
    top: bytes = b""
    top_start: int = 0
    is_lost: bool = False
    """Whether a part of the frame was too large to keep."""

    def take(self, bracket: Bracket) -> Iterator[Element]:
        match bracket.kind:
            case b'"':
                if self.depth == 1 and self.start is None:
                    self.key = self.window.slice(bracket.start, bracket.end)
            case b"{" | b"[":
                yield from self._open(bracket)
            case _:
                yield from self._close(bracket)
        self._forget()

    def _open(self, bracket: Bracket) -> Iterator[Element]:
        if self.depth == 0:
            yield from self._stray(bracket.start)
            self._begin_value(bracket)
        elif self.depth == self.list_depth and self.start is None:
            yield from self._scalars(bracket.start, is_last=False)
            self.start, self.nodes, self.deepest = bracket.start, 0, 0
        elif self.depth == 1 and bracket.kind == b"[" and self.key == _LIST_KEY:
            self._keep_frame(bracket.end)
            self._begin_list(bracket, 2, "/studies")
        self.depth += 1
        self.nodes += 1
        self.deepest = max(self.deepest, self.depth)

    def _begin_value(self, bracket: Bracket) -> None:
        self.top, self.top_start, self.after = bracket.kind, bracket.start, bracket.start
        self.nodes = self.deepest = 0
        self.frame, self.key, self.list_depth, self.is_lost = [], b"", None, False
        if bracket.kind == b"[":
            self._begin_list(bracket, 1, "")

    def _begin_list(self, bracket: Bracket, depth: int, pointer: str) -> None:
        self.list_depth, self.list_pointer, self.index = depth, pointer, 0
        self.after = bracket.end

    def _close(self, bracket: Bracket) -> Iterator[Element]:
        self.depth -= 1
        if self.depth < 0:
            raise BrokenTextError(bracket.start, "a bracket is closed that was not opened")
        if self.start is not None and self.depth == self.list_depth:
            yield self._element(self.pointer(), self.start, bracket.end)
            self.index += 1
            self.start, self.after = None, bracket.end
        elif self.list_depth is not None and self.depth == self.list_depth - 1:
            yield from self._scalars(bracket.start, is_last=True)
            self.list_depth, self.after = None, bracket.start
        if self.depth == 0:
            yield from self._end_value(bracket)

    def _end_value(self, bracket: Bracket) -> Iterator[Element]:
        if self.top == b"{":
            self._keep_frame(bracket.end)
            is_page = len(self.frame) > 1
            pointer = f"/{self.number}" if self.number else ""
            size = bracket.end - self.top_start if self.is_lost else sum(map(len, self.frame))
            problem = self._too_much(size)
            text = b"" if problem else b"".join(self.frame)
            yield Element(pointer, self.top_start, text, problem, is_frame=is_page)
        self.number += 1
        self.after = bracket.end

    def _keep_frame(self, end: int) -> None:
        self.is_lost |= self.after < self.window.base
        self.frame.append(self._between(self.after, end))

    def _element(self, pointer: str, start: int, end: int) -> Element:
        problem = self._too_much(end - start)
        return Element(pointer, start, b"" if problem else self._between(start, end), problem)

    def _too_much(self, size: int) -> str:
        for found, most, of in (
            (size, self.limits.size, "bytes"),
            (self.deepest, self.limits.depth, "levels"),
            (self.nodes, self.limits.nodes, "objects and lists"),
        ):
            if found > most:
                return f"it has {found} {of}, and a study has at most {most}"
        return ""

    def _between(self, start: int, end: int) -> bytes:
        return self.window.slice(start, end) if start >= self.window.base else b""

    def _stray(self, end: int) -> Iterator[Element]:
        """Yield a problem where anything stands between two values of the text."""
        text = self._between(self.after, end).strip()
        if self.after == 0:
            text = text.removeprefix(b"\xef\xbb\xbf").strip()
        if text:
            yield _problem("", self.after, text)

    def _scalars(self, end: int, *, is_last: bool) -> Iterator[Element]:
        """Yield a problem for each element that is no object or list, and for missing commas."""
        text = self._between(self.after, end)
        if is_last and not text.strip():
            return
        between = [*_pieces(text, self.after)]
        ends = [between.pop(0)] if self.index else []
        ends += [] if is_last else between[-1:] or [(end, b"no comma")]
        if any(piece for _, piece in ends):
            yield _problem(self.pointer(), self.after, text.strip())
            return
        for offset, piece in between if is_last else between[:-1]:
            yield _problem(self.pointer(), offset, piece or b",")
            self.index += 1 if piece else 0

    def pointer(self) -> str:
        """Return the place of the element that is being read, or comes next."""
        number = f"/{self.number}" if self.number else ""
        return f"{number}{self.list_pointer}/{self.index}"

    def _forget(self) -> None:
        """Let go of what no element needs, and of an element that is too large."""
        needed = self.after if self.start is None else self.start
        if self.depth and self.list_depth is None:
            needed = self.after
        if self.window.position - needed > self.limits.size:
            needed = self.window.position
        self.window.forget(needed)

    def end(self) -> Iterator[Element]:
        if self.depth:
            yield self.cut("the text ends within it")
        else:
            yield from self._stray(self.window.position)

    def cut(self, problem: str) -> Element:
        start = self.after if self.start is None else self.start
        pointer = self.pointer() if self.list_depth is not None else ""
        return Element(pointer, start, problem=problem, is_cut=True)


def _problem(pointer: str, offset: int, text: bytes) -> Element:
    shown = text[:40].decode(errors="replace")
    return Element(pointer, offset, problem=f"here stands {shown!r}")


def _pieces(text: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield what stands between the commas of a text, and where; commas in strings part nothing."""
    start = 0
    for found in _STRING_OR_COMMA.finditer(text):
        if found[0] == b",":
            yield _stripped(text[start : found.start()], offset + start)
            start = found.end()
    yield _stripped(text[start:], offset + start)


def _stripped(text: bytes, offset: int) -> tuple[int, bytes]:
    return offset + len(text) - len(text.lstrip()), text.strip()


def elements(stream: BinaryIO, limits: Limits = _LIMITS) -> Iterator[Element]:
    """Yield the elements of JSON lists, of the ``studies`` of pages, and whole objects.

    What cannot be read is an element with a problem; ``is_cut`` marks the last one of a text that
    ends too early. Raises nothing but what reading the stream raises.

    >>> import io
    >>> page = io.BytesIO(b'{"studies": [{"a": 1}, {"b": "]"}], "nextPageToken": "t"}')
    >>> [(each.pointer, each.text) for each in elements(page)][:2]
    [('/studies/0', b'{"a": 1}'), ('/studies/1', b'{"b": "]"}')]
    """
    window = Window()
    cutter = _Cutter(window, limits)
    try:
        for bracket in brackets(stream, window, limits.size):
            yield from cutter.take(bracket)
        yield from cutter.end()
    except BrokenTextError as broken:
        yield cutter.cut(f"{broken} (byte {broken.offset})")
