"""What imports say of drugs and targets, on cards: apart from what documents state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.imports import ImportedAction
from api.pages.desk import PageDesk
from api.pages.parts_things import Thing, Things, is_web

__all__ = ["ImportedShown", "imported_shown"]


@dataclass(frozen=True)
class ImportedShown:
    """What one import says of a drug and a target, and the records that say so."""

    drug: Thing
    target: Thing
    inhibits: bool
    source: str
    licence: str | None
    retrieved: str
    records: tuple[Thing, ...]


def imported_shown(desk: PageDesk, said: Iterable[ImportedAction]) -> tuple[ImportedShown, ...]:
    """Return what imports say, once for each drug, target and import."""
    things = Things.at(desk)
    found: dict[tuple[str, str, str], list[ImportedAction]] = {}
    for each in sorted(said):
        found.setdefault((each.drug, each.target, each.graph), []).append(each)
    shown = []
    for (drug, target, graph), actions in found.items():
        source = desk.library.paths.imports.get(graph)
        shown.append(
            ImportedShown(
                drug=things.get(drug),
                target=things.get(target),
                inhibits=any(each.inhibits for each in actions),
                source=source.title or source.name,
                licence=source.licence if is_web(source.licence) else None,
                retrieved=source.retrieved,
                records=tuple(things.get(each.claim) for each in actions),
            )
        )
    return tuple(shown)
