"""The filters of the results on a card: what may be chosen, and what is left of the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from api.histologies import Match, Scope
from api.pages.cards import Asked
from api.pages.parts_choice import Choice, Option
from api.pages.parts_evidence import Direction, Evidence
from api.pages.parts_things import Thing
from api.problems import ParameterError
from api.quotation import quoted

__all__ = ["FILTERS", "choices_of", "filtered"]

_Pick = Callable[[Evidence], Iterable[Thing]]

_THINGS: Mapping[str, tuple[str, str, _Pick]] = {
    "drug": ("Drug", "drugs", lambda each: each.drugs),
    "histology": ("Histology", "histologies", lambda each: each.histologies),
    "endpoint": ("Measured", "endpoints", lambda each: each.endpoints),
    "line": ("Line", "lines", lambda each: each.lines),
}
"""The filters by things: what people call them, the kind of the things, and those of a result."""

FILTERS = (*_THINGS, "direction", "match")
"""The names of all filters."""


def filtered(asked: Asked, results: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the results that the parameters leave; a histology takes narrower ones along.

    Raises UnknownName and AmbiguousName for names, and ParameterError for other words.
    """
    kept = tuple(results)
    for name in FILTERS:
        if value := asked.parameters.get(name):
            test = _test(asked, name, value)
            kept = tuple(each for each in kept if test(each))
    return kept


def choices_of(
    asked: Asked, results: Iterable[Evidence], names: Iterable[str]
) -> tuple[Choice, ...]:
    """Return some filters of some results, without those that have nothing to choose from."""
    found = tuple(results)
    made = (_choice(asked, name, found) for name in names)
    return tuple(each for each in made if len(each.options) > 1 or each.is_used)


def _test(asked: Asked, name: str, value: str) -> Callable[[Evidence], bool]:
    if name in _THINGS:
        wanted = _wanted(asked, name, value)
        pick = _THINGS[name][2]
        return lambda each: any(thing.iri in wanted for thing in pick(each))
    words: tuple[str, ...] = tuple(Direction if name == "direction" else Match)
    if value not in words:
        listed = ", ".join(words)
        raise ParameterError(name, f"{name} is one of {listed}, and not {quoted(value)}")
    return lambda each: getattr(each, name) == value


def _wanted(asked: Asked, name: str, value: str) -> frozenset[str]:
    library = asked.desk.library
    entry = library.directory.get(value, [_THINGS[name][1]], parameter=name)
    if name != "histology":
        return frozenset({entry.iri})
    scope: Scope = library.histologies.scope(entry.iri)
    return scope.narrower | {entry.iri}


def _choice(asked: Asked, name: str, results: tuple[Evidence, ...]) -> Choice:
    chosen = asked.parameters.get(name, "")
    if name not in _THINGS:
        counts = Counter(str(getattr(each, name)) for each in results if getattr(each, name))
        label = "Direction" if name == "direction" else "Stated of"
        words = tuple(Direction if name == "direction" else Match)
        options = (Option(word, word, counts[word], word == chosen) for word in words)
        return Choice(name, label, tuple(each for each in options if each.count))
    label, kind, pick = _THINGS[name]
    things = {thing.iri: thing for each in results for thing in pick(each)}
    counts = Counter(iri for each in results for iri in {thing.iri for thing in pick(each)})
    iri = asked.desk.library.directory.get(chosen, [kind]).iri if chosen else ""
    if iri and iri not in things:
        things[iri] = Thing(iri, asked.desk.library.directory.label(iri) or chosen)
    ordered = sorted(things.values(), key=lambda each: each.label.casefold())
    return Choice(name, label, tuple(_option(each, counts, chosen, iri) for each in ordered))


def _option(thing: Thing, counts: Mapping[str, int], chosen: str, iri: str) -> Option:
    is_chosen = thing.iri == iri
    value = chosen if is_chosen else thing.slug
    return Option(value, thing.label, counts.get(thing.iri, 0), is_chosen)
