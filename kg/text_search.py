"""Full-text search: what a text finds, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import nsmallest

from rapidfuzz.distance import OSA

from kg.search_fields import FIELDS, Tier, find_rank, is_imported, is_statement
from kg.search_index import SearchIndex, Shelf, key_of
from kg.search_typos import Typos
from kg.search_words import Word, compact, read_words, spell, without_fillers, without_kinds

__all__ = ["LONGEST", "MOST", "Hit", "How", "search"]

LONGEST = 500
"""Characters of the longest text that is looked for; a longer one finds nothing."""

MOST = 3_000
"""Names or texts that are looked at for one text; beyond, those with the fewest words are."""

_SHORTEST_BEGINNING = 4
_SHORTEST_TELLING = 3
_MOST_WORDS = 64
_OTHER = find_rank(())


class How(IntEnum):
    """How a text matches; what matches in an earlier way comes first."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    TYPO = 3
    TEXT = 4

    @property
    def word(self) -> str:
        """The word for it in answers.

        >>> How.EXACT.word
        'exact'
        """
        return self.name.lower()


@dataclass(frozen=True)
class Hit:
    """A thing that a text finds, by its number in the index.

    ``field`` is the last part of the IRI of a property, or ``iri``, ``curie`` or ``slug``;
    ``text`` is its value that matches, ``edits`` how many slips lie between.
    """

    thing: int
    how: How
    tier: Tier
    field: str
    text: str
    edits: int = 0


_Key = tuple[int, ...]
_Found = dict[int, tuple[_Key, Hit]]


def search(
    index: SearchIndex,
    text: str,
    *,
    is_prefix: bool = False,
    expand: Callable[[str], str | None] = lambda _: None,
) -> tuple[Hit, ...]:
    """Return each thing that a text finds, once, in the order of its best match.

    ``is_prefix`` takes the last word for the beginning of one, and leaves out what is no name.
    ``expand`` gives the IRI of a CURIE. Any text is good; what has no letter or digit finds
    nothing. Same text, same index: same hits, same order.
    """
    if len(text) > LONGEST:
        return ()
    words = read_words(text)
    if identified := _identified(index, text.strip().strip("<>"), expand):
        return identified
    if not words or len(words) > _MOST_WORDS:
        return ()
    found: _Found = {}
    _note(index, found, _exact(index, words))
    is_telling = any(map(_is_telling, without_fillers(words)))
    if not (is_telling or is_prefix):
        return _ordered(index, found)
    for match in _with_words(index, words, is_prefix=is_prefix):
        if is_telling or len(words) == 1 or match[0].how is How.PREFIX:
            _note(index, found, [match])
    if not is_prefix:
        _note(index, found, _with_kind(index, words))
    if is_telling and not found:
        _note(index, found, _mistyped(index, words))
    if not is_prefix:
        _note(index, found, _said(index, words))
    return _ordered(index, found)


def _ordered(index: SearchIndex, found: _Found) -> tuple[Hit, ...]:
    labels = index.labels
    order = sorted(found, key=lambda thing: (found[thing][0], labels[thing].casefold(), thing))
    return tuple(found[thing][1] for thing in order)


_Match = tuple[Hit, int, bool]
"""A hit, how many words its text has more, and whether others or in another order."""


def _note(index: SearchIndex, found: _Found, matches: Iterable[_Match]) -> None:
    """Note the best match of each thing."""
    for hit, extra, is_other in matches:
        key = _key(hit, index.ranks[hit.thing], extra, is_other=is_other)
        known = found.get(hit.thing)
        if known is None or key < known[0]:
            found[hit.thing] = key, hit


def _key(hit: Hit, rank: int, extra: int, *, is_other: bool) -> _Key:
    """Return what hits are sorted by: of exact matches first the tier, else whole names.

    Of exact matches the records of imports come last: a synonym here means more than a label there.
    """
    group = (rank >= _OTHER) + is_statement(rank)
    if hit.how is How.EXACT:
        return (hit.how, is_imported(rank), hit.tier, group, rank)
    return (hit.how, hit.edits, bool(extra), is_other, group, extra, rank, _PREFERRED[hit.tier])


_PREFERRED = {
    tier: place
    for place, tier in enumerate(
        (Tier.LABEL, Tier.SYNONYM, Tier.CODE, Tier.IDENTIFIER, Tier.SLUG, Tier.TEXT)
    )
}


def _identified(
    index: SearchIndex, text: str, expand: Callable[[str], str | None]
) -> tuple[Hit, ...]:
    """Return what an IRI or a CURIE means: a thing, or all that are matched to one elsewhere."""
    for field, iri in (("iri", text), ("curie", expand(text) if ":" in text else None)):
        thing = None if iri is None else index.find_thing(iri)
        if thing is not None:
            return (Hit(thing, How.EXACT, Tier.IDENTIFIER, field, text),)
    found: _Found = {}
    coded = (_hit(index.names, number, How.EXACT) for number in index.find_coded(text))
    _note(index, found, ((hit, 0, False) for hit in coded))
    return _ordered(index, found)


def _is_telling(word: Word) -> bool:
    """Tell whether a word is more than a letter or a small number, which many names have."""
    return len(word.folded) >= _SHORTEST_TELLING or not word.folded.isascii()


def _with_kind(index: SearchIndex, words: Sequence[Word]) -> Iterator[_Match]:
    """Yield the names that are a text but for words such as drug or tumour beside them."""
    rest = without_kinds(words)
    if rest and len(rest) < len(without_fillers(words)):
        for number in index.find_names(rest):
            yield _hit(index.names, number, How.WORDS), 0, False


def _exact(index: SearchIndex, words: Sequence[Word]) -> Iterator[_Match]:
    for number in index.find_names(words):
        yield _hit(index.names, number, How.EXACT), 0, False
    for thing in index.slugs.get(compact(words), ()):
        slug = index.things[thing].rstrip("/#").replace("#", "/").rpartition("/")[2]
        yield Hit(thing, How.EXACT, Tier.SLUG, "slug", slug), 0, False


def _with_words(index: SearchIndex, words: Sequence[Word], *, is_prefix: bool) -> Iterator[_Match]:
    """Yield the names with all words, those that begin with them as such."""
    names, last = index.names, words[-1]
    is_long = len(last.folded) >= _SHORTEST_BEGINNING and last.folded.isalpha()
    is_open = is_prefix or (is_long and not last.is_code)
    beginning = key_of(words[:-1])
    begins = (f"{beginning}{last.stem} ", *(beginning + each for each in _openings(words, is_open)))
    for number in _holders(names, words, is_open=is_open):
        if is_prefix and not _may_go_on(names.keys[number], words):
            continue
        how = How.PREFIX if names.keys[number].startswith(begins) else How.WORDS
        yield _hit(names, number, how), _extra(names, number, words), False


def _may_go_on(key: str, words: Sequence[Word]) -> bool:
    """Tell whether a number is in a name, or may become one: VEGFR7 never the 706 of another."""
    number = words[-1].folded
    if not number.isdigit() or f" {number} " in f" {key}":
        return True
    return f" {key_of(words[-2:-1])}{number}" in f" {key}"


def _holders(shelf: Shelf, words: Sequence[Word], *, is_open: bool) -> Iterable[int]:
    """Return the numbers of the texts with all words; of too many those with the fewest words."""
    wanted = without_fillers(words)
    lists: list[Iterable[int]] = [shelf.lexicon.find(word) for word in wanted]
    if is_open and wanted[-1] is words[-1]:
        lists[-1] = _beginning_with(shelf, words[-1])
    elif is_open and words[-1] not in wanted:
        lists.append(_beginning_with(shelf, words[-1]))
    common = set(min(lists, key=_size))
    for each in lists:
        common.intersection_update(each)
    if len(common) > MOST:
        return nsmallest(MOST, common, key=lambda number: (shelf.lengths[number], number))
    return common


def _size(numbers: Iterable[int]) -> int:
    return len(numbers) if isinstance(numbers, Sequence | set) else 0


def _openings(words: Sequence[Word], is_open: bool) -> set[str]:
    """Return what an open last word may begin with: as it is, and in the other spelling."""
    return {words[-1].folded, spell(words[-1].folded)} if is_open else set()


def _beginning_with(shelf: Shelf, word: Word) -> set[int]:
    lexicon = shelf.lexicon
    found = {*lexicon.find(word)}
    for beginning in {word.folded, spell(word.folded)}:
        for each in lexicon.starting(beginning):
            found.update(lexicon.holders[each])
    return found


def _mistyped(index: SearchIndex, words: Sequence[Word]) -> Iterator[_Match]:
    names, text = index.names, compact(words)
    for number, edits in Typos(index, words).find().items():
        extra, name = _extra(names, number, words), ""
        if not extra:
            name = compact(read_words(names.values[number]))
        is_other = OSA.distance(text, name, score_cutoff=edits) > edits
        yield _hit(names, number, How.TYPO, edits), extra, is_other


def _said(index: SearchIndex, words: Sequence[Word]) -> Iterator[_Match]:
    texts = index.texts
    for number in sorted(_holders(texts, words, is_open=False)):
        yield _hit(texts, number, How.TEXT), 0, False


def _extra(shelf: Shelf, number: int, words: Sequence[Word]) -> int:
    return max(0, shelf.lengths[number] - len(words))


def _hit(shelf: Shelf, number: int, how: How, edits: int = 0) -> Hit:
    field = _FIELDS[shelf.properties[number]]
    return Hit(shelf.things[number], how, field.tier, field.name, shelf.values[number], edits)


_FIELDS = tuple(FIELDS.values())
