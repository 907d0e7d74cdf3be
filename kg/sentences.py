"""The sentences and table rows of a text, as ranges of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.blocks import Block, blocks

__all__ = ["Unit", "line_of", "units"]

INNER_ABBREVIATION = re.compile(
    r"vs|e\.g|eg|i\.e|ie|cf|viz|approx|ca|resp|incl|Dr|Prof|Mr|Mrs|Ms|Figs|Nos|Refs"
)
NUMBERED_ABBREVIATION = re.compile(r"[Nn]o|Fig|[Vv]ol|[Rr]ef|v|pp?|St")
CLOSING_ABBREVIATION = re.compile(
    r"al|etc|Inc|Ltd|Co|Corp|Jr|Sr|Ph\.D|M\.D|a\.m|p\.m|[A-Z](?:\.[A-Z])*"
)
OPENER = re.compile(
    r"A|After|All|Although|An|Another|Any|As|At|Because|Before|Both|But|By|Clinical|During|Each"
    r"|For|From|Further|Given|However|If|In|Is|It|Its|Many|Median|More|Most|No|None|Of|On|One|Only"
    r"|Other|Our|Overall|Patients|Results|Several|Since|Six|Some|Such|That|The|Their|Then|There"
    r"|These|They|This|Those|Three|Thus|To|Toxicity|Treatment|Two|Under|Until|We|What|When|Whether"
    r"|Which|While|With|Yet"
)

CITATION = (
    r"(?:(?P<glued>\d{1,3}(?:[,–-]\d{1,3})*)|[⁰¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹⁻,]*"  # noqa: RUF001
    r"|\^\{[^}\n]{0,40}\}|\[\d[\d,–-]{0,40}\])?"  # noqa: RUF001
)
BORDER = re.compile(
    rf"(?<![.!?])(?P<terminal>[.!?]+)[\"”’'*)\]]*{CITATION}(?=[ \n\r\f\u00a0])"  # noqa: RUF001
    r"|(?<=\s)\](?=[A-Z])|(?<=[\w.)])\|(?=[^\W\d_])"
)
OPENING = re.compile(r"[\"“‘'(\[*]{0,3}(?P<word>[^\W_]+(?:-[^\W_]+)?)")  # noqa: RUF001
PRECEDING = re.compile(r"(?:[^\W\d_]\.?)*[^\W\d_]$")
SYMBOL_WORD = re.compile(r"[a-z]{1,2}-?[A-Z0-9]")
LABEL = re.compile(r"\W{0,3}(?:\d{1,3}|[A-Za-z]|(?:Table|Figure|Fig|Box) \d{1,2})")
LONGEST_LABEL = 16
PRECEDING_LENGTH = 16


class Unit(NamedTuple):
    """One sentence, table row, list line or heading: from ``start`` up to before ``end``."""

    start: int
    end: int


def units(text: str) -> tuple[Unit, ...]:
    """Divide a text into its sentences, table rows, list lines and headings.

    They stand in order, do not overlap, leave out nothing but white space, and neither begin
    nor end with white space. Offsets count Unicode characters. Citation numbers printed after
    a full stop belong to the sentence before them.

    >>> [text[start:end] for text in ["One fell.2 Two rose."] for start, end in units(text)]
    ['One fell.2', 'Two rose.']
    """
    return tuple(unit for block in blocks(text) for unit in _sentences(text, block))


def line_of(text: str, offset: int) -> int:
    r"""Return the number of the line, from 1, that holds the character at an offset.

    >>> line_of("one\ntwo", 4)
    2
    """
    return text.count("\n", 0, offset) + 1


def _sentences(text: str, block: Block) -> Iterator[Unit]:
    start = block.start
    for match in () if block.whole else BORDER.finditer(text, block.start, block.end):
        if match["terminal"] is None or _ends_sentence(text, Block(start, block.end), match):
            yield _trimmed(text, start, match.end())
            start = match.end()
    yield _trimmed(text, start, block.end)


def _trimmed(text: str, start: int, end: int) -> Unit:
    content = text[start:end]
    leading = len(content) - len(content.lstrip())
    return Unit(start + leading, start + len(content.rstrip()))


def _ends_sentence(text: str, rest: Block, terminal: re.Match[str]) -> bool:
    end = terminal.start()
    following = _following_word(text, terminal.end(), rest.end)
    if not following or _is_label(text, rest.start, end):
        return False
    before = text[max(rest.start, end - PRECEDING_LENGTH) : end]
    if terminal["glued"] and (not before or before[-1].isdigit() or before[-1].isspace()):
        return False
    return terminal["terminal"] != "." or not _is_abbreviated(before, following)


def _is_label(text: str, start: int, end: int) -> bool:
    return end - start <= LONGEST_LABEL and LABEL.fullmatch(text[start:end].strip()) is not None


def _following_word(text: str, position: int, end: int) -> str:
    """Return the word that follows if it can open a sentence, else an empty string."""
    while position < end and text[position].isspace():
        if text[position] == "\t":
            return ""
        position += 1
    match = OPENING.match(text, position, end)
    if not match:
        return ""
    word = match["word"]
    opens = word[0].isupper() or word[0].isdigit() or SYMBOL_WORD.match(word)
    return word if opens else ""


def _is_abbreviated(before: str, following: str) -> bool:
    match = PRECEDING.search(before)
    word = match[0] if match else ""
    if INNER_ABBREVIATION.fullmatch(word):
        return True
    if NUMBERED_ABBREVIATION.fullmatch(word):
        return following[0].isdigit()
    return bool(CLOSING_ABBREVIATION.fullmatch(word)) and not OPENER.fullmatch(following)
