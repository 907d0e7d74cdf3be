"""Which texts have a word: exactly, by its beginning, or mistyped."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.search_words import Word

__all__ = ["Lexicon", "allowed_edits", "are_opposed", "make_lexicon", "may_be_mistyped"]

_SHORTEST_MISTYPED = 5
_TWO_EDITS_FROM = 13
"""Letters of the longer of two words; the other may be one letter shorter."""

_NEGATIONS = ("un", "in", "im", "ir", "non", "de", "dis", "anti")
_NEGATED_BY_A = frozenset(("cellular", "febrile", "septic", "symptomatic", "typical", "vascular"))
_OPPOSED = (("hyper", "hypo"), ("macro", "micro"), ("intra", "inter"), ("pre", "pro"))
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Lexicon:
    """The words of numbered texts.

    ``holders`` are the numbers of the texts with each word or stem, in order; ``plain`` are those
    of five letters and more that are no code anywhere.
    """

    holders: Mapping[str, Sequence[int]]
    plain: frozenset[str]

    def find(self, word: Word) -> Sequence[int]:
        """Return the texts that have a word, in the singular or the plural, in order.

        >>> from kg.search_words import read_words
        >>> make_lexicon([read_words("soft tissue sarcoma")]).find(read_words("tissues")[0])
        array('I', [0])
        """
        exact, stem = self.holders.get(word.folded, ()), self.holders.get(word.stem, ())
        if exact is stem or not exact or not stem:
            return exact or stem
        return sorted({*exact, *stem})

    def starting(self, beginning: str) -> Iterator[str]:
        """Yield the words with a beginning."""
        start = bisect_left(self._sorted, beginning)
        end = bisect_left(self._sorted, beginning + _LAST)
        yield from self._sorted[start:end]

    def near(self, word: Word) -> list[tuple[str, int]]:
        """Return the words that another may have been meant for, and by how many edits.

        An edit is a letter too many, missing, wrong, or two that changed places. Codes, and
        words of up to four letters, are never taken for others.
        """
        if not may_be_mistyped(word):
            return []
        found: dict[str, int] = {}
        for spelling in {word.folded, word.stem}:
            for each, edits in self._near(spelling):
                found[each] = min(edits, found.get(each, edits))
        return sorted(found.items(), key=lambda near: (near[1], near[0]))

    def _near(self, spelling: str) -> Iterator[tuple[str, int]]:
        for length in range(len(spelling) - 2, len(spelling) + 3):
            if not (limit := allowed_edits(length, len(spelling))):
                continue
            words = self._by_length.get(length, ())
            near = process.extract(
                spelling, words, scorer=OSA.distance, score_cutoff=limit, limit=None
            )
            yield from ((each, edits) for each, edits, _ in near if not are_opposed(each, spelling))

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.holders)

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        lengths: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self.plain):
            lengths[len(word)].append(word)
        return dict(lengths)


def make_lexicon(texts: Iterable[Sequence[Word]]) -> Lexicon:
    """Return the lexicon of texts that are numbered from 0."""
    holders: dict[str, array[int]] = {}
    plain: set[str] = set()
    codes: set[str] = set()
    for number, words in enumerate(texts):
        for folded, stem, is_code in words:
            (codes if is_code else plain).update((folded, stem))
            for word in (stem,) if stem == folded else (stem, folded):
                held = holders.get(word)
                if held is None:
                    holders[word] = array("I", (number,))
                elif held[-1] != number:
                    held.append(number)
    return Lexicon(holders, frozenset(word for word in plain - codes if len(word) > 4))


def may_be_mistyped(word: Word) -> bool:
    """Tell whether a word may stand for another: it is long enough, and all letters."""
    return len(word.folded) >= _SHORTEST_MISTYPED and word.folded.isalpha()


def allowed_edits(first: int, second: int) -> int:
    """Return how many edits may lie between words of two lengths.

    One only up to 12 letters, where two lead from one drug to another: afatinib, imatinib.

    >>> [allowed_edits(length, length) for length in (4, 5, 12, 13)]
    [0, 1, 1, 2]
    """
    shorter, longer = sorted((first, second))
    if shorter < _SHORTEST_MISTYPED - 1 or longer < _SHORTEST_MISTYPED:
        return 0
    return 2 if longer >= _TWO_EDITS_FROM and shorter >= _TWO_EDITS_FROM - 1 else 1


def are_opposed(first: str, second: str) -> bool:
    """Tell whether words differ by what turns one into its opposite, which is no slip.

    >>> are_opposed("symptomatic", "asymptomatic"), are_opposed("hypertension", "hypotension")
    (True, True)
    """
    shorter, longer = sorted((first, second), key=len)
    if longer in (prefix + shorter for prefix in _NEGATIONS):
        return True
    if longer == f"a{shorter}" and shorter in _NEGATED_BY_A:
        return True
    return any(
        {first.startswith(one), second.startswith(one)} == {True, False}
        and {first.startswith(other), second.startswith(other)} == {True, False}
        and first.removeprefix(one).removeprefix(other)
        == second.removeprefix(one).removeprefix(other)
        for one, other in _OPPOSED
    )
