"""What a record states, key by key, in words: nothing of it is left out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.desk import PageDesk
from api.pages.parts_arms import measured, texts_of, things_of
from api.pages.parts_place import PlaceShown
from api.pages.parts_things import Thing, Things
from api.records import Json
from api.statements import describe

__all__ = ["Fact", "Piece", "facts_of", "pieces_of", "place_of_record", "read_record", "worded"]

_AROUND = frozenset(
    {
        "@context",
        "id",
        "iri",
        "type",
        "label",
        "order",
        "passage",
        "inferred",
        "links",
        "source",
        "linked",
        "snapshot",
        "cites",
        "needsReview",
        "curatorNote",
        "relevantToHistology",
        "hasEvidence",
        "broaderHistologyTransitive",
        "timeFrameValue",
        "timeFrameUnit",
    }
)
"""Keys that are shown elsewhere, or repeat what others say."""

_WORDS = {
    "aboutHistology": "histology",
    "aboutDrug": "drug",
    "atOrganisation": "organisation",
    "criterionKind": "kind",
    "givesDrug": "drug",
    "interventionType": "kind",
    "nameAsPrinted": "name as printed",
    "ofDrug": "drug",
    "outcomeRole": "kind",
    "supportiveMeasure": "with",
    "usesRegimen": "regimen",
    "exportedFromUnitedStates": "exported from the United States",
    "meshTerm": "MeSH term",
    "studiesFdaRegulatedDevice": "studies a device that the FDA regulates",
    "studiesFdaRegulatedDrug": "studies a drug that the FDA regulates",
}
_MOST_TEXT = 2000


@dataclass(frozen=True)
class Fact:
    """What stands under a key: things, or texts."""

    name: str
    things: tuple[Thing, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A part of a record: what it is called, its facts and its place."""

    thing: Thing
    facts: tuple[Fact, ...]
    place: PlaceShown

    def text(self, name: str) -> str:
        """Return what stands under a name, in one text."""
        found = (fact for fact in self.facts if fact.name == name)
        return ", ".join(
            text for fact in found for text in (*(each.label for each in fact.things), *fact.texts)
        )

    def without(self, *names: str) -> tuple[Fact, ...]:
        """Return the facts but for some."""
        return tuple(fact for fact in self.facts if fact.name not in names)


async def read_record(desk: PageDesk, iri: str) -> Json:
    """Return a record with its parts, as the JSON interface has it."""
    answering = desk.desk
    reverse = answering.writer.reverse_predicates
    statements = await describe(desk.engine, [iri], root=answering.root, reverse=reverse)
    return answering.writer.write(iri, statements)


def facts_of(
    desk: PageDesk, record: Mapping[str, Any], *, without: Container[str] = ()
) -> tuple[Fact, ...]:
    """Return what a record states under its keys, in their order, but for some of them."""
    return tuple(
        fact
        for key, value in record.items()
        if key not in _AROUND and key not in without and not _is_unit(key, record)
        if (fact := _fact(desk, key, value, record))
    )


def pieces_of(desk: PageDesk, record: Mapping[str, Any], key: str) -> tuple[Piece, ...]:
    """Return the parts under a key of a record."""
    things, names = Things.at(desk), desk.library.directory.namespaces
    return tuple(
        Piece(
            thing=_called(things.get(names.expand(str(each["id"])) or str(each["id"])), each),
            facts=facts_of(desk, each),
            place=place_of_record(desk, each),
        )
        for each in _listed(record.get(key))
        if isinstance(each, dict) and "id" in each
    )


def place_of_record(desk: PageDesk, record: Mapping[str, Any]) -> PlaceShown:
    """Return where a record, or a part of one, stands."""
    passages = [each for each in _listed(record.get("passage")) if isinstance(each, dict)]
    documents = things_of(
        desk, [one for each in passages for one in _listed(each.get("inDocument"))]
    )
    dates = desk.library.paths.documents
    ranges = [one for each in passages for one in _listed(each.get("ranges"))]
    return PlaceShown(
        documents=documents,
        issued=", ".join(filter(None, (dates.get(each.iri) for each in documents))),
        sections=tuple(text for each in passages for text in texts_of(each.get("section"))),
        citations=tuple(text for each in passages for text in texts_of(each.get("citation"))),
        characters=tuple(
            f"{each['start']}-{each['end']}"
            for each in ranges
            if isinstance(each, dict) and {"start", "end"} <= each.keys()
        ),
        problems=texts_of(record.get("needsReview")),
        notes=texts_of(record.get("curatorNote")),
    )


def worded(key: str) -> str:
    """Return a key of a record in words.

    >>> worded("primaryCompletionDate"), worded("aboutHistology")
    ('primary completion date', 'histology')
    """
    # Keys name the precision of a date behind it, which the value shows.
    base = re.sub("(?<=[a-z])(Month|Year)$", "", key)
    return _WORDS.get(key) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", base).lower()


def _called(thing: Thing, record: Mapping[str, Any]) -> Thing:
    labels = texts_of(record.get("label"))
    return Thing(thing.iri, labels[0][:300], thing.address) if labels else thing


def _is_unit(key: str, record: Mapping[str, Any]) -> bool:
    dated = (f"{key[:-4]}{precision}" in record for precision in ("", "Month", "Year"))
    return key.endswith(("Unit", "Kind")) and any(dated)


def _fact(desk: PageDesk, key: str, value: object, record: Mapping[str, Any]) -> Fact | None:
    listed = _listed(value)
    if listed and all(
        isinstance(each, dict) and not each.keys() - {"id", "label"} for each in listed
    ):
        return Fact(worded(key), things=things_of(desk, listed))
    base = re.sub("(Month|Year)$", "", key)
    unit = " ".join(text for each in _listed(record.get(f"{key}Unit")) for text in _words(each))
    kind = " ".join(text for each in _listed(record.get(f"{base}Kind")) for text in _words(each))
    texts = tuple(
        f"{measured(text, unit)} {kind}".strip()[:_MOST_TEXT]
        for each in listed
        for text in _words(each)
    )
    return Fact(worded(key), texts=texts) if texts else None


def _words(value: object) -> Iterator[str]:
    """Yield a value in words: a part of the record with what it states."""
    if not isinstance(value, dict):
        yield from texts_of(value)
        return
    if "thresholdValue" in value:
        limit = tuple(_texts(value, ("asPrinted",))) or tuple(
            _texts(value, ("operator", "thresholdValue", "unit"))
        )
        yield " ".join((*_texts(value, ("quantity",)), *limit))
        return
    head = ", ".join(
        (*_texts(value, ("ofDrug",)), *texts_of(value.get("label")), *_texts(value, ("asPrinted",)))
    )
    rest = "; ".join(_inside(value))
    if found := ": ".join(filter(None, (head, rest))):
        yield found


def _inside(record: Mapping[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        if key in _AROUND or key in ("ofDrug", "asPrinted") or _is_unit(key, record):
            continue
        texts = ", ".join(text for each in _listed(value) for text in _words(each))
        unit = " ".join(_texts(record, (f"{key}Unit",)))
        if texts:
            yield f"{worded(key)} {measured(texts, unit)}"


def _texts(record: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        for each in _listed(record.get(key)):
            yield from texts_of(each.get("label")) if isinstance(each, dict) else texts_of(each)


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
