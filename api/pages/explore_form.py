"""The form of the explorer: what there is to choose, and what is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.library import Library
from api.pages.explore_names import COLUMNS, ExploreNames
from api.pages.explore_view import THINGS, View
from api.path_kinds import IMPORTED_KINDS, PathKind

__all__ = ["Chip", "ExploreForm", "Option", "form_of"]

_FIRST = ("VEGFR", "PDGFR", "KIT")
"""What is asked for most stands first among the targets, where the graph has it."""

_SHOWN_NAMES = 3


@dataclass(frozen=True)
class Option:
    """Something to choose: the value of its parameter, what it is called, and also called."""

    value: str
    label: str
    also: str = ""
    is_chosen: bool = False
    address: str = ""


@dataclass(frozen=True)
class Chip:
    """Something that is chosen, and the address without it."""

    parameter: str
    name: str
    address: str


@dataclass(frozen=True)
class ExploreForm:
    """All that the form offers; ``kept`` are the hidden fields of what is chosen already."""

    drugs: tuple[Option, ...]
    first_targets: tuple[Option, ...]
    families: tuple[Option, ...]
    targets: tuple[Option, ...]
    histologies: tuple[Option, ...]
    kinds: tuple[Option, ...]
    years: tuple[str, ...]
    chips: tuple[Chip, ...]
    kept: tuple[tuple[str, str], ...]


def form_of(library: Library, view: View) -> ExploreForm:
    """Return the form of a view: it offers what is on any path of the snapshot."""
    offers = _Offers(library, view, ExploreNames(library.directory))
    paths = library.paths.every
    families = library.paths.vocabulary.family_names
    targets = {target for path in paths for target in path.targets}
    over = {family for target in targets for family in library.paths.vocabulary.families_of(target)}
    middle = offers.options("target", targets | over)
    first = [each for name in _FIRST for each in middle if each.label == name]
    rest = [each for each in middle if each not in first]
    names = {each.value: offers.names.find(each.value, COLUMNS["target"][0]) for each in rest}
    return ExploreForm(
        drugs=tuple(offers.options("drug", {path.drug for path in paths})),
        first_targets=tuple(first),
        families=tuple(each for each in rest if names[each.value] in families),
        targets=tuple(each for each in rest if names[each.value] not in families),
        histologies=tuple(
            offers.options("histology", {path.histology for path in paths if path.histology})
        ),
        kinds=tuple(_kinds(view)),
        years=tuple(sorted({(date or "")[:4] for date in library.paths.documents.values()} - {""})),
        chips=tuple(offers.chips()),
        kept=tuple(_kept(view)),
    )


def _kinds(view: View) -> Iterator[Option]:
    for kind in PathKind:
        also = "not by documents alone" if kind in IMPORTED_KINDS else ""
        label = kind.value.replace("-", " ")
        yield Option(kind.value, label, also, kind.value in view.kinds)


def _kept(view: View) -> Iterator[tuple[str, str]]:
    """Yield what the fields of the form cannot show: what is chosen, and several kinds."""
    for name in THINGS:
        for each in view.chosen.get(name, ()):
            yield name, each
    if len(view.kinds) > 1:
        yield "kind", ",".join(view.kinds)


@dataclass(frozen=True)
class _Offers:
    library: Library
    view: View
    names: ExploreNames

    def options(self, column: str, things: Iterable[str]) -> list[Option]:
        """Return things by their labels, with names that they are known by too."""
        kinds, _ = COLUMNS[column]
        entries = self.library.directory.entries
        chosen = {
            self.names.find(name, kinds)
            for parameter in ((column, "family") if column == "target" else (column,))
            for name in self.view.chosen.get(parameter, ())
        }
        found = []
        for iri in self.names.ranks(things):
            also = entries[iri].names if iri in entries else ()
            turn = self.names.dropping if iri in chosen else self.names.choosing
            found.append(
                Option(
                    self.names.short(iri, kinds),
                    self.names.label(iri),
                    ", ".join(also[:_SHOWN_NAMES])[:200],
                    iri in chosen,
                    turn(self.view, column, iri).address,
                )
            )
        return found

    def chips(self) -> Iterator[Chip]:
        """Yield what is chosen, in the order of the parameters."""
        view = self.view
        for parameter in THINGS:
            for name in view.chosen.get(parameter, ()):
                yield Chip(parameter, self._called(parameter, name), _bare(view, parameter, name))
        for kind in view.kinds:
            yield Chip("kind", kind.replace("-", " "), _bare(view, "kind", kind))
        if view.sources:
            yield Chip("source", ", ".join(view.sources), _bare(view, "source", ""))
        if view.until:
            yield Chip("documents until", view.until, _bare(view, "as_of", ""))

    def _called(self, parameter: str, name: str) -> str:
        kinds: Sequence[str] = COLUMNS["target" if parameter == "family" else parameter][0]
        iri = self.names.find(name, kinds)
        return (self.names.label(iri) if iri else name)[:200]


def _bare(view: View, parameter: str, name: str) -> str:
    return view.without(parameter, name).address
