"""Cards: the pages of things of some kinds, each kind made by a module of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from api.directory import Entry
from api.pages.desk import PageDesk
from api.pages.parts_behind import Behind
from api.query_string import check_parameters

__all__ = ["Asked", "Card", "CardKind", "Download"]


@dataclass(frozen=True)
class Download:
    """A file of what a card shows: its address, its name, and what is in it."""

    address: str
    label: str
    says: str = ""


@dataclass(frozen=True)
class Asked:
    """What a card is asked for: a thing of the directory, with parameters of its kind."""

    desk: PageDesk
    entry: Entry
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """The thing."""
        return self.entry.iri

    @property
    def address(self) -> str:
        """The address of the page, without its parameters."""
        return self.desk.address(self.iri)

    def with_parameters(self, **changed: str) -> str:
        """Return the address of the page with other values; an empty one leaves a name out."""
        found = {name: value for name, value in {**self.parameters, **changed}.items() if value}
        mark = "&" if "?" in self.address else "?"
        return f"{self.address}{mark}{urlencode(found)}" if found else self.address


@dataclass(frozen=True)
class Card:
    """A card: the template below ``card.html``, what that takes, and what stands around it.

    ``what`` is the kind in words, ``lead`` a sentence on it. ``sections`` are the anchors and
    names of the headings of the template that there is something below. ``behind`` are the
    queries that give what the card shows, ``downloads`` the files of it.
    """

    template: str
    what: str
    values: Mapping[str, object]
    lead: str = ""
    names: tuple[str, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    behind: tuple[Behind, ...] = ()
    downloads: tuple[Download, ...] = ()
    scripts: tuple[str, ...] = ("card.js",)
    styles: tuple[str, ...] = ("card.css",)


@dataclass(frozen=True)
class CardKind:
    """How the cards of the records of a list are made; ``parameters`` are those they take."""

    kind: str
    make: Callable[[Asked], Awaitable[Card]]
    parameters: tuple[str, ...] = ("sort", "show")

    async def card(self, desk: PageDesk, entry: Entry, parameters: Mapping[str, str]) -> Card:
        """Return the card of a thing; raises ParameterError for a parameter it does not take."""
        check_parameters(parameters.keys(), dict.fromkeys((*self.parameters, "page"), False))
        return await self.make(Asked(desk, entry, parameters))
