"""Which things of a type a text may mean: by ids, names, spellings, slips, and at last likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from api.reconcile.grades import SIMILAR_BELOW, Found, Grade, grade_hit
from api.reconcile.likeness import find_alike
from api.reconcile.names import Names
from api.reconcile.qualifiers import without_qualifiers
from api.reconcile.types import types_of
from kg.external_names import read_codes
from kg.search_functions import expand_curie
from kg.search_index import SearchIndex
from kg.search_words import Word, compact, read_words
from kg.text_search import LONGEST, Hit, How, search

__all__ = ["find_candidates", "order"]

_MOST_WORDS = 40
_CLOSE = 85.0
_NEAR = 45.0
_PLURAL = re.compile(r"(?<=om)ata\b", re.IGNORECASE)
_MORPHOLOGY = re.compile(r"8\d{3}/\d|9\d{3}/\d")
"""A code of ICD-O as people write it, without a prefix."""

_IN_BRACKETS = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]+)[)\]]\s*")
_BESIDE = 0.8
"""What a name is worth beside words such as a salt, a stage or the kind of thing."""


def find_candidates(names: Names, kind: str, text: str) -> list[Found]:
    """Return the things of a kind that a text may mean, best first; of all where it is empty.

    A code of another system means what it is matched to, and nothing else.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return []
    text = f"ICDO:{text}" if _MORPHOLOGY.fullmatch(text) else text
    coded = list(_coded(names, text))
    if coded or _is_code(text):
        index = names.index(kind)
        there = (each for each in coded if index.find_thing(each.iri) is not None)
        return order([*_identified(names, kind, text), *there])
    index = names.index(kind)
    named = (*_identified(names, kind, text), *_named(names, index, text))
    return order([*named, *_both(names, index, text)])


def order(found: Iterable[Found]) -> list[Found]:
    """Return the best of what was found of each thing, the best first."""
    best: dict[str, Found] = {}
    for each in found:
        if each.iri not in best or _rank(each) < _rank(best[each.iri]):
            best[each.iri] = each
    return sorted(best.values(), key=_rank)


def _rank(found: Found) -> tuple[float, int, int, str]:
    return -found.score, found.grade, len(found.text), found.iri


def _is_code(text: str) -> bool:
    return "://" in text or bool(read_codes(text))


def _identified(names: Names, kind: str, text: str) -> Iterator[Found]:
    """Yield the thing that our own IRI or CURIE means, of any kind where none is asked for."""
    iri = text.strip("<>")
    for each in (iri, expand_curie(names.searched.prefixes, iri) if ":" in iri else None):
        entry = names.directory.entries.get(each or "")
        if entry is not None and (kind in entry.kinds if kind else types_of(entry.kinds)):
            yield Found(entry.iri, 100.0, Grade.IDENTIFIER, "id", iri)


def _coded(names: Names, text: str) -> Iterator[Found]:
    """Yield what codes of other systems mean, and what they are near to."""
    identifiers = names.directory.identifiers
    near = identifiers.near(text)
    for each in names.directory.find_coded(text):
        if each.iri in near:
            yield Found(each.iri, _CLOSE, Grade.UNSURE, "close to the code", text)
        else:
            yield Found(each.iri, 100.0, Grade.IDENTIFIER, "code of another system", text)
    for iri, relation in near.items():
        yield Found(iri, _NEAR, Grade.UNSURE, f"{relation} of the code", text)


def _named(names: Names, index: SearchIndex, text: str) -> Iterator[Found]:
    words = read_words(_PLURAL.sub("a", text))
    if not words or len(words) > _MOST_WORDS:
        return
    found = list(_hits(names, index, _PLURAL.sub("a", text), words))
    is_whole = any(each.score >= SIMILAR_BELOW for each in found)
    yield from found
    if not any(each.grade is not Grade.UNSURE for each in found):
        yield from _beside(names, index, words)
        yield from _spelt_out(names, index, words)
    if not found or not is_whole:
        yield from find_alike(names, index, words)


def _both(names: Names, index: SearchIndex, text: str) -> Iterator[Found]:
    """Yield the thing that a name and another one in brackets behind it mean, both of them."""
    if not (parts := _IN_BRACKETS.fullmatch(text)):
        return
    first, second = (
        {each.iri: each for each in _sure(names, index, part)} for part in parts.groups()
    )
    for iri, each in (first or second).items():
        is_both = iri in first and iri in second
        grade, score = (Grade.SPELLING, 90.0) if is_both else (Grade.UNSURE, 70.0)
        how = "a name, and another in brackets" if is_both else "one of two names"
        yield Found(iri, score, grade, how, each.text)


def _sure(names: Names, index: SearchIndex, text: str) -> Iterator[Found]:
    found = _hits(names, index, text.strip(), read_words(text))
    yield from (each for each in found if each.grade is not Grade.UNSURE)


def _hits(names: Names, index: SearchIndex, text: str, words: Sequence[Word]) -> Iterator[Found]:
    for hit in search(index, text):
        if hit.how is How.TEXT:
            continue
        number = _number(index, hit) if hit.how is How.TYPO else None
        if hit.how is How.TYPO and compact(words) in names.elsewhere:
            number = None
        yield grade_hit(index, hit, text, words, number)


def _number(index: SearchIndex, hit: Hit) -> int | None:
    """Return the number of the name that a hit is about."""
    for number in index.find_names(read_words(hit.text)):
        if index.names.things[number] == hit.thing and index.names.values[number] == hit.text:
            return number
    return None


def _beside(names: Names, index: SearchIndex, words: Sequence[Word]) -> Iterator[Found]:
    """Yield what the text means without words that say which form, stage or kind of thing."""
    rest = without_qualifiers(words)
    if rest and len(rest) < len(words):
        text = " ".join(map(_written, rest))
        yield from _worth_less(_hits(names, index, text, read_words(text)), "beside other words")


def _spelt_out(names: Names, index: SearchIndex, words: Sequence[Word]) -> Iterator[Found]:
    """Yield what the text means with an abbreviation in it written in full."""
    for place, word in enumerate(words):
        if not word.is_code or word.folded.isdigit() or len(words) == 1:
            continue
        for number in index.find_names([word]):
            full = index.labels[index.names.things[number]]
            parts = (*map(_written, words[:place]), full, *map(_written, words[place + 1 :]))
            text = " ".join(parts)
            found = _hits(names, index, text, read_words(text))
            sure = (each for each in found if each.grade is not Grade.UNSURE)
            yield from _worth_less(sure, f"with {_written(word)} in full")


def _worth_less(found: Iterable[Found], why: str) -> Iterator[Found]:
    for each in found:
        if each.score >= SIMILAR_BELOW:
            score = round(each.score * _BESIDE, 1)
            yield replace(each, score=score, grade=Grade.UNSURE, how=f"{each.how}, {why}")


def _written(word: Word) -> str:
    return word.folded.upper() if word.is_code else word.folded
