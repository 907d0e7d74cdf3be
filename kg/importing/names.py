"""Names as they compare: whatever their case, blanks, hyphens, spelling or number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.importing.terms import Kind
from kg.search_words import Word, read_words

__all__ = ["name_key", "name_keys", "parts_in_brackets"]

_PLUS_SIGN = re.compile(r"(?<=\w)\+(?!\s*\w)")
_INVERTED = re.compile(r"([^,;()]+), ([^,;()]+)")
_IN_BRACKETS = re.compile(r"\s*([^()\[\]]+?)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_NEOPLASM = {"neoplasm": "tumor"}
"""What a tumour is called elsewhere: as the last word of a disease's name the two mean the same."""


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common, and no two names have.

    >>> name_key("Gastro-intestinal stromal tumours") == name_key("Gastrointestinal stromal tumor")
    True
    >>> name_key("HER2+") == name_key("HER2")
    False
    """
    return _joined(_words(name))


def name_keys(kind: Kind, name: str) -> tuple[str, ...]:
    """Return the keys that a name may be known by: its own first, then turned round.

    Diseases alone are written family name first, and called neoplasm for tumour.

    >>> name_keys(Kind.HISTOLOGY, "Sarcoma, Synovial")
    ('sarcomasynovial', 'synovialsarcoma')
    >>> name_keys(Kind.DRUG, "Sarcoma, Synovial")
    ('sarcomasynovial',)
    """
    return tuple(dict.fromkeys(filter(None, _keys(kind, name))))


def parts_in_brackets(name: str) -> tuple[str, str] | None:
    """Return a name and the other one that stands behind it in brackets, or None.

    >>> parts_in_brackets("Gastrointestinal stromal tumor (GIST)")
    ('Gastrointestinal stromal tumor', 'GIST')
    >>> parts_in_brackets("t(12;16) liposarcoma") is None
    True
    """
    found = _IN_BRACKETS.fullmatch(name)
    return (found[1], found[2]) if found else None


def _keys(kind: Kind, name: str) -> Iterator[str]:
    yield name_key(name)
    if kind is not Kind.HISTOLOGY:
        return
    turned = _INVERTED.fullmatch(name.strip())
    forms = [name, f"{turned[2]} {turned[1]}"] if turned else [name]
    for form in forms:
        yield name_key(form)
        yield _as_tumour(_words(form))


def _words(name: str) -> tuple[Word, ...]:
    return read_words(_PLUS_SIGN.sub(" plus ", name))


def _joined(words: tuple[Word, ...]) -> str:
    return "".join(each.stem for each in words)


def _as_tumour(words: tuple[Word, ...]) -> str:
    if not words:
        return ""
    return _joined(words[:-1]) + _NEOPLASM.get(words[-1].stem, words[-1].stem)
