"""What a text may mean that is no name and no slip of one: a guess, which is never sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.reconcile.grades import Found, Grade
from api.reconcile.names import Names, sound
from kg.search_index import SearchIndex
from kg.search_words import Word, compact, without_fillers

__all__ = ["find_alike"]

_SHORTEST_WITHIN = 4
_LIKE_FROM = 0.7
_MOST_LIKE = 5
_SOUNDS = 70.0
_SHORTEST_SOUND = 7


def find_alike(names: Names, index: SearchIndex, words: Sequence[Word]) -> Iterator[Found]:
    """Yield the things with names within the text, names alike, and names that sound the same.

    Numbers and symbols are like nothing.
    """
    yield from _within(index, words)
    if not any(each.is_code for each in words):
        yield from _alike(names, index, words)
        yield from _sounding(names, index, words)


def _within(index: SearchIndex, words: Sequence[Word]) -> Iterator[Found]:
    """Yield the longest names that the text holds among other words."""
    total = len(compact(words))
    for size in range(len(words) - 1, 0, -1):
        parts = (words[start : start + size] for start in range(len(words) - size + 1))
        found = [
            _guess(index, number, 24 + 24 * len(compact(part)) / total, "among other words")
            for part in parts
            if len(compact(part)) >= _SHORTEST_WITHIN and without_fillers(part)
            for number in index.find_names(part)
        ]
        if found:
            yield from found
            return


def _alike(names: Names, index: SearchIndex, words: Sequence[Word]) -> Iterator[Found]:
    heard = names.sounds(index)
    near = process.extract(
        sound(compact(words)),
        list(heard),
        scorer=OSA.normalized_similarity,
        score_cutoff=_LIKE_FROM,
        limit=_MOST_LIKE,
    )
    for heard_as, share, _ in near:
        for name in heard[heard_as]:
            for number in index.exact[name]:
                yield _guess(index, number, 48 * share, "alike")


def _sounding(names: Names, index: SearchIndex, words: Sequence[Word]) -> Iterator[Found]:
    text = sound(compact(words))
    if len(text) >= _SHORTEST_SOUND:
        for name in names.sounds(index).get(text, ()):
            for number in index.exact[name]:
                yield _guess(index, number, _SOUNDS, "sounds the same")


def _guess(index: SearchIndex, number: int, score: float, how: str) -> Found:
    thing = index.things[index.names.things[number]]
    return Found(thing, round(score, 1), Grade.UNSURE, how, index.names.values[number])
