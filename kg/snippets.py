"""Snippets: words that a curator quotes, found again in a text with its own line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.passages import Range
from kg.sentences import Unit, line_of, units

__all__ = ["Snippet", "find_ranges", "get_range", "is_printed"]

HYPHENS = frozenset("-\u00ad\u00ac\u2010\u2011\u2012\u2013\u2014\u2212")
QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
ELLIPSIS = re.compile(r"\s*(?:\.\.\.|\u2026)\s*")


class Snippet(NamedTuple):
    """Words to find, and the line, from 1, from which on to look."""

    words: str
    line: int | None = None


def find_ranges(text: str, words: str) -> tuple[Range, ...]:
    r"""Return the ranges of a text that read as the words do.

    White space, hyphens and dashes, and the shape of quotation marks are not compared; words
    are whole. ``first words ... last words`` finds whatever sentence or table row
    holds them in this order, from the first to the last.

    >>> find_ranges("high-dose ifos-\nfamide alone", "ifosfamide")
    (Range(start=10, end=22),)
    >>> find_ranges("It rose in 5 of 9. It fell in 3 of 7.", "It ... 7.")
    (Range(start=19, end=37),)
    """
    pieces = _pieces(words)
    if not pieces:
        raise ValueError("there are no words to look for; quote at least one")
    firsts = _occurrences(text, pieces[0])
    if len(pieces) == 1:
        return firsts
    return tuple(_spanning(text, firsts, pieces[1:]))


def is_printed(words: str, text: str) -> bool:
    r"""Say whether a text has some words, or with ``...`` between them their parts in order.

    >>> is_printed("65 ... days", "65\nand 320 days"), is_printed("5 ... days", "65 and 320 days")
    (True, False)
    """
    found = [_occurrences(text, piece) for piece in _pieces(words)]
    return bool(found) and _end_of_last(Range(0, 0), found) is not None


def get_range(text: str, snippet: Snippet) -> Range:
    """Return the only range that reads as the snippet does, or the first from its line on.

    Raises ``ValueError`` when the text has none, or several and the snippet names no line: then
    the error gives their lines.
    """
    found = find_ranges(text, snippet.words)
    if snippet.line is None and len(found) > 1:
        raise ValueError(
            f"the text has {snippet.words!r} {len(found)} times, in {_lines(text, found)}; "
            "quote more words, or say from which line on to look"
        )
    for one in found:
        if line_of(text, one.start) >= (snippet.line or 1):
            return one
    raise ValueError(_missing(text, snippet, found))


def _missing(text: str, snippet: Snippet, found: tuple[Range, ...]) -> str:
    if found:
        return f"{snippet.words!r} stands before line {snippet.line}, in {_lines(text, found)}"
    pieces = [_occurrences(text, piece) for piece in _pieces(snippet.words)]
    if all(pieces):
        ends = _lines(text, tuple(occurrences[0] for occurrences in pieces))
        return (
            f"no sentence or table row runs over all of {snippet.words!r} ({ends}); "
            "give each sentence or row a snippet of its own"
        )
    return f"the text does not have {snippet.words!r}; check the words and their case"


def _lines(text: str, found: tuple[Range, ...]) -> str:
    lines = list(dict.fromkeys(line_of(text, one.start) for one in found))
    return ("line " if len(lines) == 1 else "lines ") + ", ".join(map(str, lines))


def _pieces(words: str) -> list[str]:
    return [piece for piece in ELLIPSIS.split(words.strip()) if _compact(piece)[0]]


def _spanning(text: str, firsts: tuple[Range, ...], pieces: list[str]) -> Iterator[Range]:
    later = [_occurrences(text, piece) for piece in pieces]
    holders = units(text)
    for first in firsts:
        end = _end_of_last(first, later)
        holder = _holder(holders, first)
        if end is not None and holder is not None and end <= holder.end:
            yield Range(first.start, end)


def _end_of_last(first: Range, later: list[tuple[Range, ...]]) -> int | None:
    end = first.end
    for occurrences in later:
        following = next((one for one in occurrences if one.start >= end), None)
        if following is None:
            return None
        end = following.end
    return end


def _holder(holders: tuple[Unit, ...], one: Range) -> Unit | None:
    return next((unit for unit in holders if unit.start <= one.start < unit.end), None)


def _occurrences(text: str, piece: str) -> tuple[Range, ...]:
    compact, offsets = _compact(text)
    wanted, _ = _compact(piece)
    found: list[Range] = []
    position = compact.find(wanted)
    while position >= 0:
        one = Range(offsets[position], offsets[position + len(wanted) - 1] + 1)
        if _is_whole(text, one):
            found.append(one)
        position = compact.find(wanted, position + 1)
    return tuple(found)


def _is_whole(text: str, one: Range) -> bool:
    before = text[one.start - 1 : one.start] + text[one.start]
    following = text[one.end - 1 : one.end + 1]
    return not any(
        len(pair) == 2 and (pair.isalpha() or pair.isdigit()) for pair in (before, following)
    )


@lru_cache(maxsize=64)
def _compact(text: str) -> tuple[str, tuple[int, ...]]:
    kept = [
        (character, offset)
        for offset, character in enumerate(text.translate(QUOTES))
        if not character.isspace() and character not in HYPHENS
    ]
    return "".join(character for character, _ in kept), tuple(offset for _, offset in kept)
