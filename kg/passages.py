"""Passages: ranges of characters in a document's text, with the digest of what they hold."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.sentences import Unit, line_of, units

__all__ = [
    "Passage",
    "Range",
    "check_passage",
    "digest",
    "lines_to_range",
    "make_passage",
    "passage_text",
    "to_yaml",
]

PLAIN_SCALAR = re.compile(r"(?!(?i:null)$)[A-Za-z](?:[\w ./()+-]*[\w).])?")


@dataclass(frozen=True, order=True)
class Range:
    """The characters of a text from ``start`` up to, but not with, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """Where a document says something; ``ranges`` stand in the order in which one reads them."""

    document: str
    sha256: str
    ranges: tuple[Range, ...]
    section: str | None = None
    citations: tuple[str, ...] = ()


def passage_text(text: str, ranges: Iterable[Range]) -> str:
    r"""Return the texts of the ranges, in their order, joined by line feeds.

    >>> passage_text("one two three", [Range(8, 13), Range(0, 3)])
    'three\none'
    """
    return "\n".join(text[one.start : one.end] for one in ranges)


def digest(text: str, ranges: Iterable[Range]) -> str:
    """Return the SHA-256, in hexadecimal, of the passage's text encoded as UTF-8.

    >>> digest("abcd", [Range(0, 3)])[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256(passage_text(text, ranges).encode()).hexdigest()


def lines_to_range(text: str, first_line: int, last_line: int) -> Range:
    r"""Return the range from a first to a last line, counted from 1, without outer white space.

    >>> lines_to_range("one\n two \nthree", 2, 2)
    Range(start=5, end=8)
    """
    lines = text.split("\n")
    if not 1 <= first_line <= last_line <= len(lines):
        raise ValueError(
            f"lines {first_line} to {last_line} are not lines of a text with {len(lines)} lines"
        )
    start = sum(len(line) + 1 for line in lines[: first_line - 1])
    content = "\n".join(lines[first_line - 1 : last_line])
    leading = len(content) - len(content.lstrip())
    if leading == len(content):
        raise ValueError(f"lines {first_line} to {last_line} are blank; give lines with text")
    return Range(start + leading, start + len(content.rstrip()))


def make_passage(
    text: str,
    document: str,
    ranges: Sequence[Range],
    *,
    section: str | None = None,
    citations: Sequence[str] = (),
) -> Passage:
    """Return the passage for some ranges of a document's text, its digest computed.

    Raises ``ValueError`` with every reason when ``check_passage`` would refuse it.
    """
    found = Passage(document, digest(text, ranges), tuple(ranges), section, tuple(citations))
    problems = check_passage(text, found)
    if problems:
        raise ValueError("; ".join(problems))
    return found


def to_yaml(passage: Passage, *, indent: int = 0) -> str:
    """Return a passage as the YAML block that a record holds, indented by some blanks.

    >>> print(to_yaml(Passage("jnccn-2007", "ab" * 32, (Range(3, 9),), "Docetaxel", ("26",))))
    passage:
      inDocument: jnccn-2007
      section: Docetaxel
      citation: "26"
      sha256: abababababababababababababababababababababababababababababababab
      ranges:
        - {order: 1, start: 3, end: 9}
    """
    rows = ["passage:", f"  inDocument: {passage.document}"]
    if passage.section is not None:
        rows.append(f"  section: {_scalar(passage.section)}")
    if passage.citations:
        listed = ", ".join(map(_scalar, passage.citations))
        rows.append(f"  citation: {f'[{listed}]' if ',' in listed else listed}")
    rows += [f"  sha256: {passage.sha256}", "  ranges:"]
    for order, one in enumerate(passage.ranges, 1):
        rows.append(f"    - {{order: {order}, start: {one.start}, end: {one.end}}}")
    return "\n".join(" " * indent + row for row in rows)


def check_passage(
    text: str, passage: Passage, *, text_units: Sequence[Unit] | None = None
) -> tuple[str, ...]:
    """Return what is wrong with a passage against its document's text, a sentence each.

    Every range must lie in the text, begin and end with something printed, and stay inside one
    sentence or table row; ranges may go backwards, as reading order can, but not overlap; and
    the digest must be that of the text. ``text_units`` spares dividing the text again.
    """
    found = units(text) if text_units is None else text_units
    problems: list[str] = []
    for order, one in enumerate(passage.ranges, 1):
        problems += [f"range {order} {what}" for what in _check_range(text, one, found)]
    problems += _check_overlaps(passage.ranges)
    if not passage.ranges:
        problems.append("the passage has no range; give it at least one")
    if not problems and digest(text, passage.ranges) != passage.sha256:
        problems.append(
            "the digest is not that of the text in the ranges; "
            "make the passage again with sarcoma-kg cite"
        )
    return tuple(problems)


def _scalar(value: str) -> str:
    return value if PLAIN_SCALAR.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _check_range(text: str, one: Range, text_units: Sequence[Unit]) -> Iterator[str]:
    where = f"({one.start} to {one.end})"
    if one.start >= one.end:
        yield f"{where} is empty: its start is not before its end"
    elif one.start < 0 or one.end > len(text):
        yield f"{where} reaches outside the text, which has {len(text)} characters"
    elif text[one.start].isspace() or text[one.end - 1].isspace():
        trimmed = text[one.start : one.end]
        start = one.start + len(trimmed) - len(trimmed.lstrip())
        end = one.start + len(trimmed.rstrip())
        yield f"{where} begins or ends with white space; trim it to {start} to {max(start, end)}"
    else:
        yield from _check_length(text, one, text_units)


def _check_length(text: str, one: Range, text_units: Sequence[Unit]) -> Iterator[str]:
    index = bisect_right(text_units, (one.start, len(text))) - 1
    if index < 0 or one.end <= text_units[index].end:
        return
    end = text_units[index].end
    yield (
        f"({one.start} to {one.end}) is longer than its sentence or table row, which ends at "
        f"character {end} (line {line_of(text, end - 1)}); end it there or give several ranges"
    )


def _check_overlaps(ranges: Sequence[Range]) -> Iterator[str]:
    in_text_order = sorted(ranges)
    for one, following in pairwise(in_text_order):
        if following.start < one.end:
            yield (
                f"the ranges {one.start} to {one.end} and {following.start} to {following.end} "
                "overlap; give each character once"
            )
