"""Names that a mistyped text was meant for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.search_fields import Tier
from kg.search_index import SearchIndex
from kg.search_lexicon import are_opposed
from kg.search_words import Word, compact, is_roman, read_words, without_fillers

__all__ = ["Typos"]

_MOST_WORDS = 32
_SHORTEST_NAME = 8
_Edits = dict[int, int]


@dataclass(frozen=True)
class Typos:
    """A text, and the names that it may have been meant for."""

    index: SearchIndex
    words: Sequence[Word]

    def find(self) -> Mapping[int, int]:
        """Return the numbers of names, each with the edits between it and the text.

        First unknown words are taken for known ones, then the text for a whole name that differs
        by one edit, in a short word too, or by a blank beside; then known words for others.
        """
        if len(self.words) > _MOST_WORDS:
            return {}
        return self._by_words(unknown=True) or self._by_whole() or self._by_words(unknown=False)

    def _by_words(self, *, unknown: bool) -> _Edits:
        lexicon = self.index.names.lexicon
        found: _Edits | None = None
        for word in without_fillers(self.words):
            holders = dict.fromkeys(lexicon.find(word), 0)
            if not (holders and unknown):
                for each, edits in lexicon.near(word):
                    for number in lexicon.holders[each]:
                        holders.setdefault(number, edits)
            found = holders if found is None else _added(found, holders)
            if not found:
                return {}
        return found or {}

    def _by_whole(self) -> _Edits:
        text = compact(self.words)
        if len(text) < _SHORTEST_NAME:
            return {}
        whole = self.index.whole_names
        near = process.extract(text, whole, scorer=OSA.distance, score_cutoff=1, limit=None)
        return {
            number: 1
            for name, _, _ in near
            if not are_opposed(text, name)
            for number in self.index.exact[name]
            if self.index.tier(number) in (Tier.LABEL, Tier.SYNONYM)
            and self._may_mean(read_words(self.index.names.values[number]))
        }

    def _may_mean(self, name: Sequence[Word]) -> bool:
        """Tell whether a name has the same codes and numbers, and no word of opposite meaning."""
        if len(self.words) == len(name):
            return all(map(_may_be_meant, self.words, name))
        return _codes(self.words) == _codes(name)


def _may_be_meant(word: Word, other: Word) -> bool:
    if word.stem == other.stem:
        return True
    is_fixed = word.is_code or other.is_code or (is_roman(word.folded) and is_roman(other.folded))
    return not is_fixed and not are_opposed(word.stem, other.stem)


def _added(first: _Edits, second: _Edits) -> _Edits:
    return {number: edits + second[number] for number, edits in first.items() if number in second}


def _codes(words: Iterable[Word]) -> Counter[str]:
    return Counter(word.folded for word in words if word.is_code)
