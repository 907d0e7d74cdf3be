"""Which mistyped names are surely slips: another drug's name must never pass for one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.search_index import SearchIndex
from kg.search_words import Word, compact, read_words

__all__ = ["is_sure_slip", "is_well_formed"]

_SHORTEST = 8
_MARGIN = 2
"""Edits by which any other name must be further from the text."""
_SHORTEST_WORD = 7
_TWO_EDITS_FROM = 14
"""Letters from which two edits are a slip, rather than the way to another name."""

_ROOTS = (
    "aden|adip|amel|angi|astr|blast|carcin|cardi|chondr|chord|cyst|dermat|ependym|epitheli|erythr|"
    "fibr|ganglion|germin|gli|glom|gon|granul|haem|haemangi|hem|hemangi|hepat|hidr|histi|immun|kerat|"
    "lei|lip|lymph|lymphangi|mast|medull|melan|mening|mesench|mesotheli|muc|my|myel|myx|nephr|neur|"
    "neurofibr|nod|odont|oligodendr|oste|papill|paragangli|perine|phe|pineal|plasm|pneum|retin|rhabd|"
    "schwann|scler|semin|spong|synovi|terat|thym|troph|xanth"
)
_ENDINGS = (
    "sarcoma|carcinoma|blastoma|cytoma|pericytoma|endothelioma|epithelioma|thelioma|matosis|"
    "sarcomatosis"
)
_LIKE = "carcin|coll|cyst|derm|desm|epiderm|kel|rhabd|sarc|sinus|thyr|trich"
"""Beginnings of words in ``-oid`` that are no roots of names of tumours."""

_WELL_FORMED = re.compile(
    rf"(?:(?:{_ROOTS})o)*(?:(?:{_ROOTS})o(?:{_ENDINGS})|(?:{_ROOTS})oma(?:tosis)?|"
    rf"(?:{_ROOTS}|{_LIKE})oid)s?"
)


def is_well_formed(word: str) -> bool:
    """Tell whether a word is made of the parts that names of tumours are made of.

    Such a word names a tumour of its own, however close it is to another.

    >>> is_well_formed("myxosarcoma"), is_well_formed("leimyosarcoma"), is_well_formed("dermoid")
    (True, False, True)
    """
    return _WELL_FORMED.fullmatch(word) is not None


def is_sure_slip(index: SearchIndex, words: Sequence[Word], number: int) -> bool:
    """Tell whether a text is a slip of the name with a number, and of nothing else here.

    One word of seven letters and more differs, by one edit or in long names by two; it begins
    with the same letter and is no word here; no name of another thing is about as near.
    """
    name = read_words(index.names.values[number])
    changed = _changed(words, name)
    if changed is None or changed[0] in index.names.lexicon.holders or is_well_formed(changed[0]):
        return False
    text, meant = compact(words), compact(name)
    edits = OSA.distance(text, meant)
    allowed = 2 if min(len(changed[0]), len(changed[1])) >= _TWO_EDITS_FROM else 1
    if edits > allowed or len(text) < _SHORTEST:
        return False
    near = process.extract(
        text, index.whole_names, scorer=OSA.distance, score_cutoff=edits + _MARGIN, limit=None
    )
    things = {index.names.things[each] for found, _, _ in near for each in index.exact[found]}
    return things == {index.names.things[number]}


def _changed(words: Sequence[Word], name: Sequence[Word]) -> tuple[str, str] | None:
    """Return the one word that differs, and what it is in the name, if it may be mistyped."""
    if len(words) != len(name):
        return None
    pairs = [pair for pair in zip(words, name, strict=True) if pair[0].stem != pair[1].stem]
    if len(pairs) != 1:
        return None
    word, other = pairs[0]
    is_long = min(len(word.folded), len(other.folded)) >= _SHORTEST_WORD
    is_plain = word.folded.isalpha() and not (word.is_code or other.is_code)
    if is_long and is_plain and word.folded[0] == other.folded[0]:
        return word.folded, other.folded
    return None
