"""How well a name fits: from the id of a thing down to a likeness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from api.directory import fold
from api.reconcile.slips import is_sure_slip, is_well_formed
from kg.search_fields import Tier
from kg.search_index import SearchIndex
from kg.search_words import Word, compact, read_words, without_fillers
from kg.text_search import Hit, How

__all__ = ["SIMILAR_BELOW", "Found", "Grade", "grade_hit", "is_abbreviation"]

SIMILAR_BELOW = 50
"""Scores below are of names that are alike, or that a text holds among other words."""

_LONGEST_ABBREVIATION = 6
_SHORTEST_SURE = 3
_LONGEST_LETTER = 2
"""Letters of a word that tells things of one name apart, and is no slip of another."""


class Grade(IntEnum):
    """How a text fits a name; what is sure first, and the lower the surer."""

    IDENTIFIER = 0
    NAME = 1
    SPELLING = 2
    SLIP = 3
    UNSURE = 9


@dataclass(frozen=True)
class Found:
    """A thing that a text may mean: with a score up to 100, and the words that say why."""

    iri: str
    score: float
    grade: Grade
    how: str
    text: str
    edits: int = 0


_SCORES = {Tier.LABEL: 98.0, Tier.CODE: 96.0, Tier.SYNONYM: 95.0, Tier.SLUG: 94.0}
_SPELT = {Tier.LABEL: 92.0, Tier.CODE: 91.0, Tier.SYNONYM: 90.0, Tier.SLUG: 89.0}
_HOW = {
    Tier.IDENTIFIER: "identifier",
    Tier.CODE: "code",
    Tier.LABEL: "label",
    Tier.SYNONYM: "synonym",
    Tier.SLUG: "id",
}


def grade_hit(
    index: SearchIndex, hit: Hit, text: str, words: Sequence[Word], number: int | None
) -> Found:
    """Return what a hit of the search is worth; ``number`` is that of the name in the index."""
    iri = index.things[hit.thing]
    match hit.how:
        case How.EXACT:
            return _exact(iri, hit, text)
        case How.TYPO:
            return _slip(index, iri, hit, words, number)
    name = read_words(hit.text)
    if _meaning(words) == _meaning(name):
        return Found(iri, 88.0, Grade.SPELLING, "words in another order", hit.text)
    share = len(compact(words)) / max(len(compact(name)), len(compact(words)), 1)
    return Found(iri, round(20 + 29 * share, 1), Grade.UNSURE, "part of a name", hit.text)


def is_abbreviation(name: str) -> bool:
    """Tell whether a name is letters in capitals, which a word in small letters does not mean.

    >>> is_abbreviation("GIST"), is_abbreviation("RAD-001"), is_abbreviation("imatinib")
    (True, False, False)
    """
    plain = name.replace("_", "")
    return plain.isalpha() and plain.isupper() and len(plain) <= _LONGEST_ABBREVIATION


def _exact(iri: str, hit: Hit, text: str) -> Found:
    how = _HOW[hit.tier]
    if hit.tier is Tier.IDENTIFIER:
        return Found(iri, 100.0, Grade.IDENTIFIER, how, hit.text)
    is_same = fold(hit.text) == fold(text)
    grade = Grade.NAME if is_same else Grade.SPELLING
    score = _SCORES[hit.tier] if is_same else _SPELT[hit.tier]
    if is_abbreviation(hit.text) and not _writes_abbreviation(text, hit.text):
        return Found(iri, score - 15, Grade.UNSURE, f"{how} in other letters", hit.text)
    return Found(iri, score, grade, how if is_same else f"{how} in another spelling", hit.text)


def _writes_abbreviation(text: str, name: str) -> bool:
    """Tell whether an abbreviation is written as one, and long enough to mean one thing."""
    return len(name) >= _SHORTEST_SURE and name in text


def _slip(
    index: SearchIndex, iri: str, hit: Hit, words: Sequence[Word], number: int | None
) -> Found:
    name = read_words(hit.text)
    share = min(1.0, len(compact(words)) / max(len(compact(name)), 1))
    is_sure = number is not None and is_sure_slip(index, words, number)
    score = (80.0 if is_sure else 75.0) - 4 * hit.edits - 50 * (1 - share)
    if number is None or _names_another(index, words, name):
        score = min(score, SIMILAR_BELOW - 5)
    grade = Grade.SLIP if is_sure else Grade.UNSURE
    return Found(iri, round(score, 1), grade, "slip", hit.text, hit.edits)


def _names_another(index: SearchIndex, words: Sequence[Word], name: Sequence[Word]) -> bool:
    """Tell whether a word makes the text another name: one of a tumour, or the B of kinase B."""
    meant = {each.stem for each in name}
    return any(
        is_well_formed(each.folded) and not index.names.lexicon.find(each) for each in words
    ) or any(len(each.folded) <= _LONGEST_LETTER and each.stem not in meant for each in words)


def _meaning(words: Sequence[Word]) -> list[str]:
    """Return the stems that a name is, in order; "or" is not "and", nor the last A an article.

    >>> _meaning(read_words("tumour of the bone")), _meaning(read_words("growth factor A"))
    (['bone', 'tumor'], ['a', 'factor', 'growth'])
    """
    stems = [each.stem for each in without_fillers(words)]
    either = [each.stem for each in words if each.folded == "or"]
    last = [each.stem for each in words[-1:] if each.folded == "a"]
    return sorted((*stems, *either, *last))
