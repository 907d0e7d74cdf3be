"""Things with names like a text that finds nothing: to be offered, and never taken for it."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from kg.search_fields import Tier
from kg.search_index import SearchIndex
from kg.search_words import Word, compact, read_words

__all__ = ["find_similar"]

_SHORTEST = 5
_NEAR_ENOUGH = 75
_MOST = 5
_LOOKED_AT = 50


def find_similar(index: SearchIndex, text: str) -> tuple[tuple[int, str], ...]:
    """Return up to five things with a similar name, with that name; the most similar first.

    Codes are similar to nothing: another number is another thing.
    """
    words = read_words(text[:200])
    wanted = compact(words)
    if len(wanted) < _SHORTEST or any(word.is_code for word in words):
        return ()
    near = process.extract(
        wanted,
        index.whole_names,
        scorer=fuzz.ratio,
        score_cutoff=_NEAR_ENOUGH,
        limit=_LOOKED_AT,
    )
    found: dict[int, str] = {}
    for name, _, _ in sorted(near, key=lambda each: (-each[1], each[0])):
        for number in index.exact[name]:
            value = index.names.values[number]
            if index.tier(number) in (Tier.LABEL, Tier.SYNONYM) and not _has_code(value):
                found.setdefault(index.names.things[number], value)
    return tuple(found.items())[:_MOST]


def _has_code(name: str) -> bool:
    return any(map(_is_code, read_words(name)))


def _is_code(word: Word) -> bool:
    return word.is_code
