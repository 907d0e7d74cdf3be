"""The form that filters contradictions: only what some pair is about can be chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.contradiction_routes import find_filtered
from api.contradictions import Contradiction, Rule
from api.pages.contradiction_reasons import TITLES
from api.pages.desk import PageDesk
from api.pages.parts_choice import Choice, Option
from api.pages.parts_things import Things

__all__ = ["FilterForm", "make_filters"]

_SHARED: Mapping[str, tuple[str, Callable[[Contradiction], Iterable[str]]]] = {
    "histology": ("Histology", lambda each: each.histologies),
    "drug": ("Drug", lambda each: each.drugs),
    "regimen": ("Regimen", lambda each: each.regimens),
    "document": (
        "Document",
        lambda each: each.first.values("document") | each.second.values("document"),
    ),
}


@dataclass(frozen=True)
class FilterForm:
    """All filters of the page."""

    choices: tuple[Choice, ...]


def make_filters(
    desk: PageDesk, every: Iterable[Contradiction], given: Mapping[str, str]
) -> FilterForm:
    """Return the form, with what is given as chosen, be it among the options or not."""
    pairs, things = list(every), Things.at(desk)
    ontology = desk.library.context.namespaces.ontology

    def choice(name: str, label: str, counts: Counter[str]) -> Choice:
        asked = find_filtered(desk.desk, name, given[name]) if name in given else None
        if asked:
            counts[asked] += 0
        options = [
            Option(_short(desk, iri), things.get(iri).label, counts[iri], iri == asked)
            for iri in counts
        ]
        return Choice(name, label, tuple(sorted(options, key=lambda each: each.label.casefold())))

    measured = Counter(
        ontology + name
        for each in pairs
        for name in each.first.values("endpoint") | each.second.values("endpoint")
    )
    shared = {
        name: (label, Counter(iri for each in pairs for iri in pick(each)))
        for name, (label, pick) in _SHARED.items()
    }
    return FilterForm(
        (
            choice("histology", *shared["histology"]),
            choice("drug", *shared["drug"]),
            choice("endpoint", "Endpoint", measured),
            _rules(pairs, given.get("rule")),
            choice("regimen", *shared["regimen"]),
            choice("document", *shared["document"]),
            _within(pairs, given.get("withinStudy")),
        )
    )


def _rules(pairs: Iterable[Contradiction], given: str | None) -> Choice:
    counts = Counter(each.rule for each in pairs)
    options = (Option(rule.value, TITLES[rule], counts[rule], rule.value == given) for rule in Rule)
    return Choice("rule", "Kind", tuple(options))


def _within(pairs: Iterable[Contradiction], given: str | None) -> Choice:
    counts = Counter("true" if each.is_within_study else "false" for each in pairs)
    words = {"false": "two studies", "true": "one study"}
    options = (
        Option(value, label, counts[value], value == given) for value, label in words.items()
    )
    return Choice("withinStudy", "Findings of", tuple(options))


def _short(desk: PageDesk, iri: str) -> str:
    """Return what an address names a thing by: the last part where that means it alone."""
    return desk.library.directory.shorten(iri)
