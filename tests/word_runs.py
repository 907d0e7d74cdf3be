"""Runs of words that a text shares with others, however it is hyphenated, cased or numbered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["LENGTH", "Index", "index_of", "shared_runs"]

LENGTH = 8

Run = tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """Every run of LENGTH words of some texts."""

    runs: frozenset[Run]

    def __sub__(self, other: Index) -> Index:
        return Index(self.runs - other.runs)

    def __contains__(self, run: object) -> bool:
        return run in self.runs


def index_of(texts: Iterable[str]) -> Index:
    """Return the runs of the texts; none runs from one text into the next."""
    readings = (words for text in texts for words in _readings(text))
    return Index(frozenset(run for words in readings for run in _runs(words)))


def shared_runs(text: str, index: Index) -> tuple[str, ...]:
    """Return the longest runs of LENGTH or more words that stand in the text and the index."""
    found = {" ".join(run) for words in _readings(text) for run in _longest(words, index)}
    return tuple(sorted(found))


def _readings(text: str) -> Iterator[Sequence[str]]:
    """Return the words of a text as they may be read.

    A hyphen at the end of a line joins two halves of a word or two words, and a number may be
    that of a reference.
    """
    folded = unicodedata.normalize("NFKD", text.replace("\N{SOFT HYPHEN}", "")).casefold()
    for reading in {folded, re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", folded)}:
        words = re.findall(r"[^\W_]+", reading)
        yield words
        yield [word for word in words if not word.isdigit()]


def _runs(words: Sequence[str]) -> Iterator[Run]:
    return zip(*(words[start:] for start in range(LENGTH)), strict=False)


def _longest(words: Sequence[str], index: Index) -> Iterator[Sequence[str]]:
    first = last = None
    for position, run in enumerate(_runs(words)):
        if run not in index:
            continue
        if first is not None and last is not None and position > last:
            yield words[first:last]
            first = None
        first = position if first is None else first
        last = position + LENGTH
    if first is not None:
        yield words[first:last]
