"""Texts cut into words that compare equal however they are spelt, accented or hyphenated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Word", "compact", "is_roman", "read_words", "spell", "without_fillers", "without_kinds"]

_LONGEST_CODE = 6
"""Letters of the longest word in capitals that is taken for an abbreviation or a symbol."""

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4\u2032", "'"))
_POSSESSIVE = re.compile(r"(?<=[^\W_])'(?:[sS](?![^\W_]))?(?=[^\W_]|\b|$)")
_GREEK = {
    letter: unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")
    for letter in map(chr, range(0x3B1, 0x3CA))
}
_LONE_GREEK = re.compile(
    r"(?<![\u0370-\u03ff])[\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9](?![\u0370-\u03ff])"
)
_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W\d_{_IDEOGRAPHS}]+|\d+")
_PLURAL_OF_CODE = re.compile(r"[A-Z]{2,}s")
_ROMAN = re.compile(r"[ivx]+")
_FILLERS = frozenset(("a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with"))
_KINDS = frozenset(("cancer", "disease", "drug", "neoplasm", "therapy", "treatment", "tumor"))
"""Stems of words that are put beside a name to say what it is the name of."""

_SPELLINGS = ((re.compile("[ao]e"), "e"), (re.compile(r"our(?=$|s|ed|al)"), "or"))
_WITH_Z = re.compile(r"is(?=(?:e|ed|es|er|ing|ation|ations)$)")


class Word(NamedTuple):
    """A word without case and accents, and its stem: in the singular, in one of two spellings.

    A code is a word that stands for nothing but itself, and has no stem: a number, or an
    abbreviation or symbol in capitals.
    """

    folded: str
    stem: str
    is_code: bool


def read_words(text: str) -> tuple[Word, ...]:
    r"""Return the words of a text; letters and digits make words of their own.

    >>> [each.folded for each in read_words("AMG-706 in Ewing's tumours")]
    ['amg', '706', 'in', 'ewing', 'tumours']
    >>> [each.stem for each in read_words("PDGFR\N{GREEK SMALL LETTER ALPHA}, leukaemias")]
    ['pdgfr', 'alpha', 'leukemia']
    """
    return tuple(_word(each) for each in _WORD.findall(_plain(text)))


def compact(words: Sequence[Word], *, stems: bool = False) -> str:
    """Return words without anything between them.

    >>> compact(read_words("well-differentiated liposarcomas"), stems=True)
    'welldifferentiatedliposarcoma'
    """
    return "".join(each.stem if stems else each.folded for each in words)


def without_fillers(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words that carry meaning; all of them where none does.

    >>> [each.folded for each in without_fillers(read_words("sarcoma of the bone"))]
    ['sarcoma', 'bone']
    """
    return tuple(each for each in words if each.folded not in _FILLERS) or tuple(words)


def without_kinds(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a name without those that say what kind of thing it names.

    >>> [each.folded for each in without_kinds(read_words("GIST tumours"))]
    ['gist']
    """
    return tuple(each for each in without_fillers(words) if each.stem not in _KINDS)


def is_roman(folded: str) -> bool:
    """Tell whether a word may be a Roman number, of which another is another thing."""
    return _ROMAN.fullmatch(folded) is not None


def spell(folded: str) -> str:
    """Return a word, or the beginning of one, as it is spelt in America.

    >>> spell("haemang")
    'hemang'
    """
    for pattern, spelling in _SPELLINGS:
        folded = pattern.sub(spelling, folded)
    return folded


def _plain(text: str) -> str:
    """Return a text without accents and possessives, lone Greek letters by their names."""
    text = text if text.isascii() else text.translate(_APOSTROPHES)
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    marks = (each for each in decomposed if unicodedata.category(each) not in ("Mn", "Cf"))
    return _LONE_GREEK.sub(lambda found: f" {_GREEK[found[0].lower()]} ", "".join(marks))


@lru_cache(maxsize=65536)
def _word(raw: str) -> Word:
    folded = raw.casefold()
    if _PLURAL_OF_CODE.fullmatch(raw):
        return Word(folded, folded[:-1], is_code=False)
    is_code = not raw.isalpha() or (raw.isupper() and 2 <= len(raw) <= _LONGEST_CODE)
    return Word(folded, folded if is_code else _stem(folded), is_code)


def _stem(word: str) -> str:
    """Return a word in the singular, as it is spelt in America."""
    if not word.isascii() or len(word) < 5:
        return word
    for ending, replacement in _endings(word):
        word = word.removesuffix(ending) + replacement
    word = spell(word) if len(word) >= 5 else word
    return _WITH_Z.sub("iz", word) if len(word) >= 7 else word


def _endings(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ending to take off, and what takes its place."""
    if word.endswith("ies"):
        yield "ies", "y"
    elif word.endswith(("sses", "xes", "zes", "ches", "shes")):
        yield "es", ""
    elif word.endswith("sis"):
        yield "sis", "se"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield "s", ""
