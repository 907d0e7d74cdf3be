"""The answer to a query: candidates with scores, and whether the first one is a sure match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.answers import Desk
from api.directory import Entry
from api.reconcile.finding import find_candidates, order
from api.reconcile.grades import SIMILAR_BELOW, Found, Grade
from api.reconcile.names import Names
from api.reconcile.properties import find_property
from api.reconcile.questions import Asked, Question
from api.reconcile.tables import load_values
from api.reconcile.types import EntityType, find_type, thing_types, types_of
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


async def answer_question(desk: Desk, names: Names, question: Question) -> list[Json]:
    """Return the candidates of a query, the best first."""
    ontology = desk.library.context.namespaces.ontology
    types = [each for text in question.types if (each := find_type(text, ontology))]
    if question.types and not types and question.strict != "should":
        return []
    kinds = [each.kind.path for each in types]
    found = _by_text(names, kinds, question) if question.text else _by_type(names, kinds)
    judged = [_Judged(each, _entry(names, each.iri), each.score) for each in found]
    if question.strict == "all":
        judged = [each for each in judged if {*kinds} <= each.entry.kinds]
    if question.properties:
        judged = await _with_properties(desk, judged, question)
    elif not question.text:
        judged = []
    judged = [
        replace(each, is_of_type=not kinds or bool({*kinds} & each.entry.kinds)) for each in judged
    ]
    judged.sort(key=lambda each: (-each.score, each.found.grade, each.entry.label, each.entry.iri))
    sure = _sure(judged, question)
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


def _by_type(names: Names, kinds: Sequence[str]) -> list[Found]:
    """Return all things of some types, for a query by properties alone."""
    wanted = kinds or [each.kind.path for each in thing_types()]
    members = {each.iri: each for kind in wanted for each in names.directory.members(kind)}
    return [Found(iri, 0.0, Grade.UNSURE, "properties", "") for iri in members]


async def _with_properties(
    desk: Desk, judged: Iterable[_Judged], question: Question
) -> list[_Judged]:
    """Judge candidates by what they have of the properties; without a text, keep those with all."""
    candidates = list(judged)
    kinds = sorted({kind for each in candidates for kind in _own_kinds(each.entry)})
    asked = [one for each in question.properties for one in find_property(each.property, kinds)]
    values = await load_values(desk, kinds, asked)
    found = []
    for each in candidates:
        told = [_agrees(values, each.entry, one) for one in question.properties]
        agreed = [one for one in told if one is not None]
        if question.text:
            share = sum(agreed) / len(agreed) if agreed else None
            found.append(replace(each, share=share, score=_weighed(each.score, share)))
        elif told and all(told):
            found.append(replace(each, share=1.0, score=_BY_PROPERTIES))
    return found


def _agrees(values: Values, entry: Entry, asked: Asked) -> bool | None:
    """Tell whether a thing has one of some values; None where nothing is known of it."""
    kinds = _own_kinds(entry)
    meant = find_property(asked.property, kinds) if kinds else ()
    told = [values.has(entry, each, value) for each in meant for value in asked.values]
    known = [one for one in told if one is not None]
    return any(known) if known else None


def _weighed(score: float, share: float | None) -> float:
    """Return a score that properties raise or lower.

    >>> _weighed(80, None), _weighed(80, 1.0), _weighed(80, 0.0)
    (80, 86.0, 56.0)
    """
    return score if share is None else round(_PART_OF_NAME * score + 30 * share, 1)


def _sure(judged: Sequence[_Judged], question: Question) -> _Judged | None:
    """Return the one candidate that is certain, if there is one."""
    if not judged:
        return None
    if not question.text:
        named = [find_property(each.property) for each in question.properties]
        is_telling = any(one.is_identifying for some in named for one in some)
        return judged[0] if len(judged) == 1 and is_telling else None
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


def _entry(names: Names, iri: str) -> Entry:
    known = names.directory.entries.get(iri)
    return known or Entry(iri, names.directory.shorten(iri), iri.rpartition("/")[2])


def _own_kinds(entry: Entry) -> list[str]:
    """Return the most telling kind of a thing, whose fields it has."""
    return [each.kind.path for each in types_of(entry.kinds)[:1]]


def _write(judged: _Judged, *, is_match: bool) -> Json:
    found, entry = judged.found, judged.entry
    types: list[EntityType] = types_of(entry.kinds)
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
