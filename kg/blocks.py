"""The blocks of a text: wrapped paragraphs, headings, lines of a record, reference entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Block", "blocks"]

REFERENCES_TITLE = re.compile(r"references|bibliography|literature cited", re.IGNORECASE)
TITLE = re.compile(
    r"abstract|summary|introduction|background|methods|results|discussion|conclusions?"
    r"|acknowledge?ments|" + REFERENCES_TITLE.pattern,
    re.IGNORECASE,
)
MINOR_WORD = re.compile(r"an?|and|as|at|by|for|from|in|of|on|or|the|to|versus|vs|with")
WRAPPED_SHARE = 4
LONGEST_HEADING = 80

LINE = re.compile(r"[^\n\r\f]+")
ITEM = re.compile(r"[-•*‣▪]\s|\[?\d{1,3}[.)\]]\s")
ENTRY = re.compile(r"\[?\d{1,3}[.)\]]?\s+\S")
ROW = re.compile(r"\t|\s\||\|\s")
CITATION = r"(?:\d{1,3}(?:[,–-]\d{1,3})*|[⁰¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹⁻,]*|\^\{[^}]{0,40}\})?"  # noqa: RUF001
FINISHED = re.compile(rf"[.!?][\"”’')\]]{{0,4}}{CITATION}$")  # noqa: RUF001


class Block(NamedTuple):
    """A stretch of text that no sentence crosses; ``whole`` ones are never split further."""

    start: int
    end: int
    whole: bool = False


class Line(NamedTuple):
    """A line with text on it, without the white space around it."""

    start: int
    text: str
    after_blank: bool
    indented: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def blocks(text: str) -> tuple[Block, ...]:
    r"""Divide a text where its layout alone says that a sentence cannot continue.

    In a text whose lines are wrapped, line ends and blank lines are white space, and only
    headings, list items and table rows begin a block. In any other text each line is one.

    >>> [tuple(block) for block in blocks("First line\nSecond line\n")]
    [(0, 10, False), (11, 22, False)]
    """
    lines = tuple(_lines(text))
    begins = _wrapped_starts(lines) if _is_wrapped(lines) else [True] * len(lines)
    return tuple(_joined(lines, begins))


def _lines(text: str) -> Iterator[Line]:
    previous_end = 0
    for match in LINE.finditer(text):
        content = match[0].strip()
        if not content:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        gap = text.count("\n", previous_end, match.start())
        yield Line(start, content, gap > 1, start > match.start())
        previous_end = match.end()


def _is_wrapped(lines: tuple[Line, ...]) -> bool:
    continued = sum(line.text[0].islower() for line in lines)
    return len(lines) >= 3 and continued * WRAPPED_SHARE >= len(lines)


def _joined(lines: tuple[Line, ...], begins: list[bool]) -> Iterator[Block]:
    among_references = False
    current: Block | None = None
    for line, begin in zip(lines, begins, strict=True):
        if _is_title(line):
            among_references = REFERENCES_TITLE.fullmatch(line.text) is not None
        entry = among_references and ENTRY.match(line.text) is not None
        if current and (begin or entry):
            yield current
            current = None
        first = current or Block(line.start, line.end, entry)
        current = first._replace(end=line.end)
    if current:
        yield current


def _is_title(line: Line) -> bool:
    text = line.text
    known = text[0].isupper() and TITLE.fullmatch(text) is not None
    return known or (text.isupper() and " " in text and "\t" not in text)


def _wrapped_starts(lines: tuple[Line, ...]) -> list[bool]:
    headings = _heading_widths(lines)
    begins = [True]
    in_inset = False
    for index in range(1, len(lines)):
        line, previous = lines[index], lines[index - 1]
        finished = FINISHED.search(previous.text) is not None
        if headings[index] and not finished and not headings[index - 1]:
            in_inset = True
        # A box that interrupts a sentence ends where the interrupted column goes on.
        inset_ends = in_inset and line.indented and line.text[0].islower()
        in_inset = in_inset and not inset_ends
        begins.append(
            inset_ends
            or _heading_border(lines, headings, index)
            or _layout_border(previous, line, finished)
        )
    return begins


def _heading_widths(lines: tuple[Line, ...]) -> list[int]:
    """Return the width that the lines of a heading have needed so far, 0 for other lines."""
    found: list[int] = []
    for index, line in enumerate(lines):
        above = found[-1] if found and not line.after_blank else 0
        finished = index == 0 or FINISHED.search(lines[index - 1].text) is not None
        begins = (found and found[-1]) or (finished and line.after_blank)
        following = lines[index + 1].text[0] if index + 1 < len(lines) else ""
        is_heading = begins and following.isupper() and _is_title_case(line.text)
        found.append(max(above, len(line.text)) if is_heading or _is_title(line) else 0)
    return found


def _is_title_case(text: str) -> bool:
    if len(text) > LONGEST_HEADING or text[-1] in ".!?,;:-":
        return False
    words = [word for word in re.findall(r"[^\W_]+", text) if not MINOR_WORD.fullmatch(word)]
    return bool(words) and all(word != word.lower() or word.isdigit() for word in words)


def _heading_border(lines: tuple[Line, ...], headings: list[int], index: int) -> bool:
    line, previous = lines[index], lines[index - 1]
    if not (headings[index] and headings[index - 1]):
        return bool(headings[index] or headings[index - 1])
    # A heading was wrapped only if the next word had no room left on its line.
    needed = len(previous.text) + 1 + len(line.text.split()[0])
    return line.after_blank or needed <= headings[index]


def _layout_border(previous: Line, line: Line, finished: bool) -> bool:
    if ROW.search(line.text) or ROW.search(previous.text):
        return True
    if ITEM.match(line.text) and (finished or not line.text[0].isdigit()):
        return True
    if not line.after_blank:
        return False
    return finished or (previous.text.endswith(")") and line.text[0].isupper())
