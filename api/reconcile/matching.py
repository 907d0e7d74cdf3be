"""The answer to a query: candidates with scores, and whether the first one is a sure match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.answers import Desk
from api.directory import Entry
from api.reconcile.finding import find_candidates, order
from api.reconcile.grades import SIMILAR_BELOW, Found, Grade
from api.reconcile.names import Names
from api.reconcile.properties import find_property
from api.reconcile.questions import Asked, Question
from api.reconcile.tables import load_holders
from api.reconcile.types import EntityType, find_type, own_kind, thing_types, types_of
from api.reconcile.values import Values

__all__ = ["FEATURES", "Json", "answer_question"]

Json = dict[str, Any]
FEATURES = {
    "name": "How well the name fits, from 0 to 100, whatever properties say.",
    "exact": "Whether the text is an id, a code or a name as it is recorded.",
    "edits": "How many slips lie between the text and the name.",
    "type": "Whether the thing is of a type that was asked for.",
    "properties": "The share of the properties asked for that the thing is known to have.",
}
"""What is said of each candidate, by its id."""

_OTHER_TYPE = 0.5
_BY_PROPERTIES = 90.0
_PART_OF_NAME = 0.7


@dataclass(frozen=True)
class _Judged:
    """A candidate with the part of the properties that it has, None where none could be told."""

    found: Found
    entry: Entry
    score: float
    share: float | None = None
    is_of_type: bool = True


@dataclass(frozen=True)
class _Told:
    """The things that are known to have a property, and those that have what is asked for."""

    known: frozenset[str]
    having: frozenset[str]


async def answer_question(desk: Desk, names: Names, question: Question) -> list[Json]:
    """Return the candidates of a query, the best first."""
    ontology = desk.library.context.namespaces.ontology
    types = [each for text in question.types if (each := find_type(text, ontology))]
    if question.types and not types and question.strict != "should":
        return []
    kinds = [each.kind.path for each in types]
    if question.text:
        judged = [
            _Judged(each, _entry(names, each.iri), each.score)
            for each in _by_text(names, kinds, question)
        ]
        judged = await _weighed_by_properties(desk, names, judged, question)
    else:
        judged = await _by_properties(desk, names, kinds, question)
    if question.strict == "all":
        judged = [each for each in judged if {*kinds} <= each.entry.kinds]
    judged = [
        replace(each, is_of_type=not question.types or bool({*kinds} & each.entry.kinds))
        for each in judged
    ]
    judged.sort(key=lambda each: (-each.score, each.found.grade, each.entry.label, each.entry.iri))
    sure = _sure(judged) if question.text else _identified(desk, judged, question)
    return [_write(each, is_match=each is sure) for each in judged[: question.limit]]


def _by_text(names: Names, kinds: Sequence[str], question: Question) -> list[Found]:
    if not kinds and question.types:
        return [_lowered(each) for each in find_candidates(names, "", question.text)]
    found = order(
        each for kind in (kinds or [""]) for each in find_candidates(names, kind, question.text)
    )
    if question.strict == "should" and not any(each.score >= SIMILAR_BELOW for each in found):
        others = find_candidates(names, "", question.text)
        found = order([*found, *(_lowered(each) for each in others)])
    return found


def _lowered(found: Found) -> Found:
    return replace(found, score=round(found.score * _OTHER_TYPE, 1), grade=Grade.UNSURE)


async def _by_properties(
    desk: Desk, names: Names, kinds: Sequence[str], question: Question
) -> list[_Judged]:
    """Return the things of some types that have all the properties of a query without a text."""
    fitting: dict[str, Entry] = {}
    for kind in kinds or [each.kind.path for each in thing_types()]:
        for own, things in names.owned(kind).items():
            iris = await _having_all(desk, names, own, question.properties)
            fitting.update({each.iri: each for each in things if each.iri in iris} if iris else {})
    return [
        _Judged(Found(iri, 0.0, Grade.UNSURE, "properties", ""), entry, _BY_PROPERTIES, share=1.0)
        for iri, entry in fitting.items()
    ]


async def _having_all(
    desk: Desk, names: Names, kind: str, properties: Sequence[Asked]
) -> frozenset[str]:
    found: frozenset[str] | None = None
    for each in properties:
        having = (await _tell(desk, names, kind, each)).having
        found = having if found is None else found & having
        if not found:
            break
    return found or frozenset()


async def _weighed_by_properties(
    desk: Desk, names: Names, judged: Sequence[_Judged], question: Question
) -> list[_Judged]:
    """Raise or lower candidates by the share of the properties that they are known to have."""
    kinds = {own_kind(each.entry.kinds) or "" for each in judged}
    told = {
        kind: [await _tell(desk, names, kind, each) for each in question.properties]
        for kind in sorted(kinds)
    }
    found = []
    for each in judged:
        asked = told[own_kind(each.entry.kinds) or ""]
        known = [one for one in asked if each.entry.iri in one.known]
        if known:
            share = sum(each.entry.iri in one.having for one in known) / len(known)
            each = replace(each, share=share, score=_weighed(each.score, share))  # noqa: PLW2901
        found.append(each)
    return found


async def _tell(desk: Desk, names: Names, kind: str, asked: Asked) -> _Told:
    """Return which things of a kind are known to have a property, and to have one of its values."""
    known, having = [frozenset[str]()], [frozenset[str]()]
    values = Values(desk.library.directory, {})
    for each in find_property(asked.property, [kind]) if kind and asked.values else ():
        holders = await load_holders(desk, names, kind, each)
        known.append(holders.known)
        having.append(holders.of(t for value in asked.values for t in values.asked_as(value, each)))
    return _Told(frozenset().union(*known), frozenset().union(*having))


def _weighed(score: float, share: float | None) -> float:
    """Return a score that properties raise or lower.

    >>> _weighed(80, None), _weighed(80, 1.0), _weighed(80, 0.0)
    (80, 86.0, 56.0)
    """
    return score if share is None else round(_PART_OF_NAME * score + 30 * share, 1)


def _sure(judged: Sequence[_Judged]) -> _Judged | None:
    """Return the one candidate that is certain by its name, if there is one."""
    allowed = [each for each in judged if each.share in (None, 1.0) and each.is_of_type]
    sure = [each for each in allowed if each.found.grade is not Grade.UNSURE]
    best = min((each.found.grade for each in sure), default=None)
    first = [each for each in sure if each.found.grade is best]
    if len(first) > 1:
        # What the properties single out of several of one name.
        first = [each for each in first if each.share == 1.0]
    if len(first) != 1 or first[0] is not judged[0]:
        return None
    return first[0]


def _identified(desk: Desk, judged: Sequence[_Judged], question: Question) -> _Judged | None:
    """Return the one candidate that is certain by an identifier or a code that it has."""
    if len(judged) != 1:
        return None
    entry, values = judged[0].entry, Values(desk.library.directory, {})
    is_told = any(
        values.identifies(entry, one, value)
        for each in question.properties
        for one in find_property(each.property, filter(None, [own_kind(entry.kinds)]))
        for value in each.values
    )
    return judged[0] if is_told else None


def _entry(names: Names, iri: str) -> Entry:
    known = names.directory.entries.get(iri)
    return known or Entry(iri, names.directory.shorten(iri), iri.rpartition("/")[2])


def _write(judged: _Judged, *, is_match: bool) -> Json:
    found, entry = judged.found, judged.entry
    types = types_of(entry.kinds)
    features: list[Json] = [
        {"id": "name", "value": found.score},
        {"id": "exact", "value": found.grade in (Grade.IDENTIFIER, Grade.NAME)},
        {"id": "edits", "value": found.edits},
        {"id": "type", "value": judged.is_of_type},
    ]
    if judged.share is not None:
        features.append({"id": "properties", "value": round(judged.share, 3)})
    return {
        "id": entry.curie,
        "name": entry.label,
        "description": _description(types, found),
        "type": [each.written() for each in types],
        "score": judged.score,
        "match": is_match,
        "features": features,
    }


def _description(types: Sequence[EntityType], found: Found) -> str:
    what = types[0].name if types else "thing"
    return f"{what}; {found.how}{f': {found.text}' if found.text else ''}"
