"""The known word that a mistyped one most likely means."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

__all__ = ["find_near", "suggest"]


def find_near(word: str, words: Iterable[str], *, at_least: float = 70) -> str | None:
    """Return the word most similar to another, or None where none reaches ``at_least`` percent.

    >>> find_near("lable", ["label", "title"])
    'label'
    >>> find_near("zebra", ["label", "title"]) is None
    True
    """
    found = process.extractOne(
        word, tuple(words), scorer=fuzz.ratio, processor=str.lower, score_cutoff=at_least
    )
    return None if found is None else found[0]


def suggest(word: str, words: Iterable[str]) -> str:
    """Return the end of a sentence that offers the nearest word; empty where none is near.

    >>> "unknown key 'lable'" + suggest("lable", ["label", "title"])
    "unknown key 'lable'; did you mean 'label'?"
    """
    near = find_near(word, words)
    return "" if near is None else f"; did you mean '{near}'?"
