"""An index of what things are called, and of what is said of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kg.external_names import code_key, read_codes
from kg.search_fields import FIELDS, Tier, find_rank, is_unsearched
from kg.search_lexicon import Lexicon, make_lexicon
from kg.search_words import Word, compact, read_words

__all__ = ["Entry", "SearchIndex", "Shelf", "key_of", "make_index"]

_LONGEST_READ = 4_000
"""Characters of a value that are read: its beginning."""

_SAME = "http://www.w3.org/2004/02/skos/core#exactMatch"
_SHORTEST_NUMBER = 4
"""Digits of the shortest number that is looked up without the letters before it."""


class Entry(NamedTuple):
    """A value of one of the searched properties; of a mapping, the IRI."""

    thing: str
    property: str
    value: str


@dataclass(frozen=True)
class Shelf:
    """Numbered texts, each with its thing and its property, how many words it has, and the words.

    ``keys`` are the stems of each, with a blank after each stem.
    """

    things: Sequence[int]
    properties: Sequence[int]
    values: Sequence[str]
    keys: Sequence[str]
    lengths: Sequence[int]
    lexicon: Lexicon


@dataclass(frozen=True)
class SearchIndex:
    """Things by number, their labels and the places of their classes; names, and other texts.

    The things are in the order of their IRIs. ``exact`` leads from a whole name without blanks to
    the numbers of names, ``stemmed`` from one in the singular where that differs, and ``slugs``
    from the last part of an IRI to things, where that is none of their names.
    """

    things: Sequence[str]
    labels: Sequence[str]
    ranks: Sequence[int]
    properties: Sequence[str]
    names: Shelf
    texts: Shelf
    exact: Mapping[str, Sequence[int]]
    stemmed: Mapping[str, Sequence[int]]
    slugs: Mapping[str, Sequence[int]]

    @cached_property
    def whole_names(self) -> list[str]:
        """The names in ``exact``."""
        return list(self.exact)

    def find_thing(self, iri: str) -> int | None:
        """Return the number of the thing with an IRI."""
        number = bisect_left(self.things, iri)
        is_there = number < len(self.things) and self.things[number] == iri
        return number if is_there else None

    def find_coded(self, text: str) -> Sequence[int]:
        """Return the numbers of the names that are the code of another system in a text."""
        keys = (each.casefold() for each in (*read_codes(text), text))
        return [number for key in dict.fromkeys(keys) for number in self._coded.get(key, ())]

    @cached_property
    def _coded(self) -> Mapping[str, Sequence[int]]:
        same = self.properties.index(_SAME)
        found: dict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(self.names.properties):
            if each == same:
                found[code_key(self.names.values[number])].append(number)
        return found

    def find_names(self, words: Sequence[Word]) -> dict[int, None]:
        """Return the numbers of the names that are some words, in singular or plural."""
        whole, stems = compact(words), compact(words, stems=True)
        keys = ((self.exact, whole), (self.exact, stems), (self.stemmed, stems))
        return dict.fromkeys(number for names, key in keys for number in names.get(key, ()))

    def tier(self, number: int) -> Tier:
        """Return the tier of a name."""
        return FIELDS[self.properties[self.names.properties[number]]].tier


def key_of(words: Sequence[Word]) -> str:
    """Return the stems of words, with a blank after each."""
    return "".join([f"{word.stem} " for word in words])


def make_index(entries: Iterable[Entry], classes: Mapping[str, Iterable[str]]) -> SearchIndex:
    """Return the index of some entries; ``classes`` are those of the things, as far as known.

    What is said of a thing without a name belongs to the nearest thing with one above it in its
    IRI: a part of a trial has its IRI below that of the trial.

    >>> label = "http://www.w3.org/2000/01/rdf-schema#label"
    >>> index = make_index([Entry("urn:a/b", label, "Soft-tissue sarcomas")], {})
    >>> index.find_names(read_words("soft tissue sarcoma")), index.slugs["b"]
    ({0: None}, [0])
    """
    found = sorted(
        {each for each in entries if not is_unsearched(classes.get(each.thing, ()))}, key=_order
    )
    named = dict.fromkeys(entry.thing for entry in found if _tier(entry) is Tier.LABEL)
    owners = {thing: _owner(thing, named) for thing in {entry.thing for entry in found}}
    numbers = {thing: number for number, thing in enumerate(sorted(set(owners.values())))}
    names = [entry for entry in found if _is_name(entry, owners)]
    texts = [entry for entry in found if not _is_name(entry, owners)]
    labels: dict[str, str] = {}
    for entry in names:
        if _tier(entry) is Tier.LABEL:
            labels.setdefault(entry.thing, entry.value)
    properties = {iri: number for number, iri in enumerate(FIELDS)}
    exact: dict[str, list[int]] = defaultdict(list)
    stemmed: dict[str, list[int]] = defaultdict(list)

    def shelf(entries: Sequence[Entry], words: Iterable[Sequence[Word]]) -> Shelf:
        lengths, keys = array("H"), list[str]()
        return Shelf(
            things=array("I", (numbers[owners[entry.thing]] for entry in entries)),
            properties=array("B", (properties[entry.property] for entry in entries)),
            values=[entry.value for entry in entries],
            keys=keys,
            lengths=lengths,
            lexicon=make_lexicon(_noted(words, keys, lengths)),
        )

    return SearchIndex(
        things=list(numbers),
        labels=[labels.get(thing) or _slug(thing) for thing in numbers],
        ranks=array("H", (find_rank(classes.get(thing, ())) for thing in numbers)),
        properties=list(FIELDS),
        names=shelf(names, _read_names(names, exact, stemmed)),
        texts=shelf(texts, (read_words(entry.value[:_LONGEST_READ]) for entry in texts)),
        exact=exact,
        stemmed=stemmed,
        slugs=_find_slugs(numbers, names, exact),
    )


_ORDER = {iri: (field.tier, number) for number, (iri, field) in enumerate(FIELDS.items())}


def _order(entry: Entry) -> tuple[str, tuple[Tier, int], str]:
    return entry.thing, _ORDER[entry.property], entry.value


def _tier(entry: Entry) -> Tier:
    return FIELDS[entry.property].tier


def _owner(thing: str, named: Mapping[str, object]) -> str:
    above = thing
    while above not in named:
        above, slash, _ = above.rpartition("/")
        if not slash:
            return thing
    return above


def _is_name(entry: Entry, owners: Mapping[str, str]) -> bool:
    return _tier(entry) is not Tier.TEXT and owners[entry.thing] == entry.thing


def _read_names(
    names: Sequence[Entry], exact: dict[str, list[int]], stemmed: dict[str, list[int]]
) -> Iterator[Sequence[Word]]:
    """Yield the words of each name, and note the whole names, as they are and in the singular."""
    for number, entry in enumerate(names):
        tier = _tier(entry)
        words: Sequence[Word] = ()
        for words in _readings(entry.value[:_LONGEST_READ], is_mapping=tier is Tier.IDENTIFIER):
            whole, stems = compact(words), compact(words, stems=True)
            if whole:
                _add(exact[whole], number)
            if stems != whole and tier not in (Tier.IDENTIFIER, Tier.CODE):
                _add(stemmed[stems], number)
        yield words


def _add(numbers: list[int], number: int) -> None:
    if not numbers or numbers[-1] != number:
        numbers.append(number)


def _readings(value: str, *, is_mapping: bool) -> Iterator[tuple[Word, ...]]:
    """Yield the words of a name; of the IRI of another system's thing, those of its last parts."""
    if not (is_mapping and "://" in value):
        yield read_words(value)
        return
    parts = value.rstrip("/#").replace("#", "/").split("/")
    number = parts[-1].replace(":", "_").rpartition("_")[2]
    yield read_words(" ".join(parts[-2:]))
    if len(number) >= _SHORTEST_NUMBER:
        yield read_words(number)
    yield read_words(parts[-1])


def _noted(
    texts: Iterable[Sequence[Word]], keys: list[str], lengths: array[int]
) -> Iterator[Sequence[Word]]:
    """Yield texts, and note the key and the number of words of each."""
    for words in texts:
        keys.append(key_of(words))
        lengths.append(min(len(words), 0xFFFF))
        yield words


def _slug(thing: str) -> str:
    return thing.rstrip("/#").replace("#", "/").rpartition("/")[2]


def _find_slugs(
    numbers: Mapping[str, int], names: Sequence[Entry], exact: Mapping[str, Sequence[int]]
) -> dict[str, list[int]]:
    slugs: dict[str, list[int]] = defaultdict(list)
    for thing, number in numbers.items():
        slug = compact(read_words(_slug(thing)))
        if slug and not any(names[each].thing == thing for each in exact.get(slug, ())):
            slugs[slug].append(number)
    return slugs
