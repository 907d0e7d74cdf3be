"""The piece of a text in which the words stand that were looked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.search_words import read_words, without_fillers

__all__ = ["Piece", "make_snippet"]

_RUN = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_BEFORE, _LONGEST = 60, 240


@dataclass(frozen=True)
class Piece:
    """Some characters of a text, and whether they are a word that was looked for."""

    text: str
    is_match: bool = False


def make_snippet(text: str, looked_for: str) -> tuple[Piece, ...]:
    """Return the surroundings of the first word that was looked for, all such words marked.

    >>> [piece.text for piece in make_snippet("Rate of toxicities of grade 3", "toxicity")]
    ['Rate of ', 'toxicities', ' of grade 3']
    """
    wanted = {
        spelling
        for word in without_fillers(read_words(looked_for))
        for spelling in (word.folded, word.stem)
    }
    found = [run.span() for run in _RUN.finditer(text) if _has(run[0], wanted)]
    start, end = _window(text, found[0][0] if found else 0)
    pieces = [Piece("\u2026")] if start else []
    at = start
    for first, last in found:
        if start <= first and last <= end:
            pieces += [Piece(text[at:first]), Piece(text[first:last], is_match=True)]
            at = last
    pieces.append(Piece(text[at:end] + ("\u2026" if end < len(text) else "")))
    return tuple(piece for piece in pieces if piece.text)


def _has(run: str, wanted: set[str]) -> bool:
    return any(word.folded in wanted or word.stem in wanted for word in read_words(run))


def _window(text: str, first: int) -> tuple[int, int]:
    """Return the part of a text to show, cut between words."""
    start = 0 if first <= _BEFORE else text.find(" ", first - _BEFORE, first) + 1
    start = start or max(0, first - _BEFORE)
    end = start + _LONGEST
    if end >= len(text):
        return start, len(text)
    cut = text.rfind(" ", first + 1, end)
    return start, cut if cut > start else end
