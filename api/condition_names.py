"""Which conditions of the patient are meant by some names, and which may be meant by others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from api.directory import Directory, Entry, UnknownName, fold
from api.quotation import clipped

__all__ = ["ConditionNames"]

_KIND = "comorbidities"
_PARAMETER = "condition"
_SHOWN = 5
_SLIP = 90
"""How alike two words are, in percent, if one is a slip of the other: hypotension is no slip."""
_SHORTEST = 6
_GENERAL = """
a an and of or the in with to at no not for low high poor severe serious significant history risk
known increased decreased elevated reduced raised impaired impairment failure disorder disease
function dysfunction problem injury condition count level blood pressure cell patient insufficient
insufficiency acute chronic mild moderate pre existing use
"""
"""Words that conditions share which have nothing to do with each other, without a plural s."""


@dataclass(frozen=True)
class ConditionNames:
    """The names of the conditions; ``near`` are those that a word of the curators' may mean."""

    directory: Directory
    near: Mapping[str, frozenset[str]]

    def find(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the IRIs of conditions by their names.

        Raises UnknownName for all unknown names at once, each with its candidates, and
        AmbiguousName. A thing of another kind with that name, such as an adverse event, is none.
        """
        found: dict[str, None] = {}
        unknown: list[str] = []
        for name in names:
            try:
                entry = self.directory.get(name, [_KIND], parameter=_PARAMETER)
            except UnknownName:
                unknown.append(name)
            else:
                found[entry.iri] = None
        if unknown:
            raise self._unknown(list(dict.fromkeys(unknown)))
        return tuple(found)

    def candidates(self, name: str) -> tuple[Entry, ...]:
        """Return the conditions that a name may mean, by a curator's word, else by their names."""
        asked = fold(name)
        related = {iri for word, iris in self.near.items() if _holds(asked, word) for iri in iris}
        members = self.directory.members(_KIND)
        ranks = {entry: _likeness(asked, entry) for entry in members}
        found = [entry for entry in members if entry.iri in related]
        found = found or [entry for entry in members if ranks[entry]]
        found.sort(key=lambda entry: (-ranks[entry], len(entry.label), entry.label))
        return tuple(found[:_SHOWN])

    def _unknown(self, names: Sequence[str]) -> UnknownName:
        found = {name: self.candidates(name) for name in names}
        message = "; ".join(_sentence(name, near) for name, near in found.items())
        near = dict.fromkeys(entry for each in found.values() for entry in each)
        return UnknownName(message, _PARAMETER, tuple(near))


def _sentence(name: str, near: Sequence[Entry]) -> str:
    said = f"{_PARAMETER} '{clipped(name)}' is not known as a comorbidity"
    if not near:
        return f"{said}, and none has a name near it: see /api/v1/comorbidities"
    return f"{said}; it may mean {' or '.join(entry.label for entry in near)}"


def _holds(asked: str, word: str) -> bool:
    """Tell whether a name is a curator's word, or has all that is special in it."""
    special = set(_words(fold(word)))
    return _is_slip(asked, fold(word)) or (bool(special) and special <= set(_words(asked)))


def _likeness(asked: str, entry: Entry) -> int:
    """Return how many words a name shares with those of a condition; 1 for a slip of all."""
    names = [fold(each) for each in (entry.label, *entry.names)]
    wanted, known = set(_words(asked)), {word for name in names for word in _words(name)}
    shared = sum(any(_is_slip(each, word) for each in known) for word in wanted)
    return shared or int(any(_is_slip(name, asked) for name in names))


def _is_slip(word: str, other: str) -> bool:
    if word == other:
        return True
    return min(len(word), len(other)) >= _SHORTEST and fuzz.ratio(word, other) >= _SLIP


def _words(name: str) -> Iterator[str]:
    for word in "".join(each if each.isalnum() else " " for each in name).split():
        single = word.removesuffix("s") if len(word) > 4 and not word.endswith("ss") else word
        if not {single, word} & set(_GENERAL.split()):
            yield single
