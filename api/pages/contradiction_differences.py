"""In what two findings that disagree differ: patients first, then treatment and measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.contradictions import Contradiction
from api.library import Library
from api.pages.parts_things import Thing, Things

__all__ = ["Difference", "DifferenceGroup", "read_differences"]

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Patients": (
        "line",
        "setting",
        "population",
        "earlier drug",
        "earlier drug class",
        "biomarker",
        "excluded histology",
        "subgroup",
        "evaluable",
    ),
    "Treatment": ("regimen", "dose", "treatment mode", "comparator"),
    "Measurement": ("endpoint", "time point", "definition", "pooled"),
    "Source": ("document", "study"),
}
_WORDS = {
    "subgroup": "a part of the patients only",
    "pooled": "several groups counted together",
    "evaluable": "evaluable patients",
}
_SAID = {"true": "yes", "false": "no"}


@dataclass(frozen=True)
class Difference:
    """A field in which two findings differ, with both values; an empty side states none."""

    what: str
    first: tuple[Thing, ...]
    second: tuple[Thing, ...]


@dataclass(frozen=True)
class DifferenceGroup:
    """The differences of one sort; none where nothing that is stated differs."""

    title: str
    rows: tuple[Difference, ...]


def read_differences(
    library: Library, things: Things, each: Contradiction
) -> tuple[DifferenceGroup, ...]:
    """Return in what the findings of a pair differ, what is about their patients first."""
    differing = each.first.differences(each.second)

    def named(values: Iterable[str]) -> tuple[Thing, ...]:
        return tuple(_name(library, things, value) for value in sorted(values))

    return tuple(
        DifferenceGroup(
            title,
            tuple(
                Difference(_WORDS.get(field, field), *map(named, differing[field]))
                for field in fields
                if field in differing
            ),
        )
        for title, fields in _GROUPS.items()
    )


def _name(library: Library, things: Things, value: str) -> Thing:
    """Return a thing or a term of the ontology by its name, and a text as it is."""
    if value in library.directory.entries:
        return things.get(value)
    term = library.context.namespaces.ontology + value
    if library.directory.label(term):
        return things.get(term)
    return Thing(value, _SAID.get(value, value))
