"""Arms of studies as pages show them: who gets what, in which doses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.desk import PageDesk
from api.pages.parts_things import Thing, Things

__all__ = ["ArmShown", "DoseShown", "doses_of", "measured", "read_arms", "texts_of", "things_of"]

_OFTEN = {1: "once", 2: "twice"}
_COUNTED = frozenset({"minute", "hour", "day", "week", "month", "year", "cycle"})


@dataclass(frozen=True)
class DoseShown:
    """A dose: as printed, and what the document says of how it is given."""

    drug: Thing | None
    printed: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class ArmShown:
    """An arm; what its document does not state is empty."""

    arm: Thing
    kinds: tuple[Thing, ...]
    patients: str
    drugs: tuple[Thing, ...]
    regimens: tuple[Thing, ...]
    others: tuple[str, ...]
    modes: tuple[Thing, ...]
    doses: tuple[DoseShown, ...]
    schedule: str
    support: tuple[Thing, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def read_arms(desk: PageDesk, records: Iterable[Mapping[str, Any]]) -> tuple[ArmShown, ...]:
    """Return some arms from their records, as the JSON interface has them."""
    return tuple(_arm(desk, record) for record in records if isinstance(record, dict))


def _arm(desk: PageDesk, record: Mapping[str, Any]) -> ArmShown:
    return ArmShown(
        arm=things_of(desk, [record])[0],
        kinds=things_of(desk, record.get("armType")),
        patients=" ".join(texts_of(record.get("numberOfPatients"))),
        drugs=things_of(desk, record.get("givesDrug")),
        regimens=things_of(desk, record.get("usesRegimen")),
        others=tuple(_others(record)),
        modes=things_of(desk, record.get("treatmentMode")),
        doses=doses_of(desk, record.get("doses")),
        schedule="; ".join(texts_of(record.get("schedule"))),
        support=things_of(desk, record.get("supportiveMeasure")),
        problems=texts_of(record.get("needsReview")),
        notes=texts_of(record.get("curatorNote")),
    )


def doses_of(desk: PageDesk, value: object) -> tuple[DoseShown, ...]:
    """Return the doses that stand under a key of a record, in their order."""
    return tuple(
        DoseShown(
            drug=next(iter(things_of(desk, each.get("ofDrug"))), None),
            printed=", ".join(texts_of(each.get("asPrinted"))),
            details=tuple(_details(each)),
        )
        for each in _listed(value)
        if isinstance(each, dict)
    )


def things_of(desk: PageDesk, value: object) -> tuple[Thing, ...]:
    """Return the things that stand under a key of a record, in the order of the record."""
    things, names = Things.at(desk), desk.library.directory.namespaces
    ids = [str(each["id"]) for each in _listed(value) if isinstance(each, dict) and "id" in each]
    iris = (names.expand(each.removeprefix("sarcoma")) or each for each in ids)
    return tuple(things.get(iri) for iri in dict.fromkeys(iris))


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts and numbers that stand under a key of a record.

    >>> texts_of([5, 2.5, True]), texts_of(None)
    (('5', '2.5', 'yes'), ())
    """
    return tuple(
        ("yes" if each else "no") if isinstance(each, bool) else str(each)
        for each in _listed(value)
        if isinstance(each, str | int | float)
    )


def _others(record: Mapping[str, Any]) -> Iterator[str]:
    for key in ("includesProcedure", "radiotherapy", "givesClass"):
        for each in _listed(record.get(key)):
            if isinstance(each, dict):
                yield ", ".join(texts_of(each.get("label")) or texts_of(each.get("id")))


def _details(dose: Mapping[str, Any]) -> Iterator[str]:
    """Yield how a dose is given, in the words of the record."""
    if routes := _labels(dose.get("route")):
        yield routes
    if infusion := _measure(dose, "infusionDuration"):
        yield f"over {infusion}"
    for days in texts_of(dose.get("dividedOverDays")):
        yield f"divided over {days} days"
    for times in _listed(dose.get("timesPerDay")):
        yield f"{_OFTEN.get(times, f'{times} times') if isinstance(times, int) else times} a day"
    if days := ", ".join(texts_of(dose.get("administrationDay"))):
        yield f"on day {days}"
    if cycle := _measure(dose, "cycleLength"):
        yield f"cycles of {cycle}"
    yield from texts_of(dose.get("schedule"))


def _measure(record: Mapping[str, Any], key: str) -> str:
    found = ", ".join(texts_of(record.get(key)))
    return measured(found, _labels(record.get(f"{key}Unit"))) if found else ""


def measured(text: str, unit: str) -> str:
    """Return a number with its unit, in the plural where there are several.

    >>> measured("90", "minute"), measured("1", "week"), measured("5", "mg/m2")
    ('90 minutes', '1 week', '5 mg/m2')
    """
    is_several = text != "1" and unit in _COUNTED
    return f"{text} {unit}{'s' if is_several else ''}".strip()


def _labels(value: object) -> str:
    found = (texts_of(each.get("label")) for each in _listed(value) if isinstance(each, dict))
    return ", ".join(" ".join(each) for each in found)


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
