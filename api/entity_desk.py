"""How a thing is looked up by its names, and its description written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.directory import UnknownName
from api.engine import Engine
from api.entity_address import Addresses
from api.entity_codes import near_coded
from api.entity_descriptions import Description, Reader
from api.entity_fragments import FragmentKeeper
from api.entity_minted import Minted
from api.entity_missing import Gone, find_last_with, near_entries
from api.entity_rdf import write_quads
from api.entity_sheet import Sheet
from api.library import Library
from api.problems import ParameterError
from kg.formats import GraphFormat

__all__ = ["EntityDesk", "Shown"]


@dataclass(frozen=True)
class Shown:
    """What answers hold: the description, its page, and where its pages go on."""

    description: Description
    sheet: Sheet

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.sheet.label

    @property
    def following(self) -> int | None:
        """The number of the next page, where there is one."""
        described = self.description
        return described.page + 1 if described.page < described.pages else None


@dataclass(frozen=True)
class EntityDesk:
    """What the description of a thing is made with: all of one snapshot."""

    library: Library
    engine: Engine
    fragments: FragmentKeeper
    minted: Minted
    prefixes: Mapping[str, str]

    @property
    def root(self) -> str:
        """The namespace above the kinds."""
        return self.library.context.namespaces.root

    async def find(self, iris: Sequence[str], page: int) -> Description:
        """Return the description of the first of some names that means something.

        Raises UnknownName where none does, Gone where one did in an older snapshot, and
        ParameterError for a page that there is not.
        """
        reader = Reader(self.engine, self.library.context.namespaces.ontology)
        inside = await self.fragments.get(self.engine, self.engine.snapshot)
        for iri in iris:
            minted = self.minted.describe(iri)
            if minted:
                return Description(iri, minted)
            found = await reader.find(iri, page=page, fragments=inside.get(iri, ()))
            if found:
                return _checked(found)
        raise await self._missing(iris)

    def show(self, description: Description, addresses: Addresses) -> Shown:
        """Return a description with what its page needs."""
        names = self.library.directory
        ontology = self.library.context.namespaces.ontology
        return Shown(description, Sheet(description, names, addresses, ontology))

    def write(self, shown: Shown, form: GraphFormat) -> bytes:
        """Return a description in a format of RDF."""
        return write_quads(shown.description.quads, form, prefixes=self.prefixes)

    def record(self, iri: str) -> str | None:
        """Return where the record of a thing is found as JSON, or None where it has none."""
        entry = self.library.directory.entries.get(iri)
        return entry.address if entry else None

    async def _missing(self, iris: Sequence[str]) -> Exception:
        for iri in iris:
            last = await asyncio.to_thread(find_last_with, iri, self.engine.snapshot)
            if last:
                return Gone(iri, last)
        named = iris[0] if iris else "this address"
        coded, relations = near_coded(iris, self.library.directory)
        if coded:
            said = (f"{each.curie} has it as skos:{relations[each.iri]}" for each in coded)
            message = f"{named} is no exact match here: {', '.join(said)}"
            return UnknownName(message, "iri", coded, relations)
        near = near_entries(named, self.library.directory) if iris else ()
        return UnknownName(f"{named} is not known in this snapshot", "iri", near)


def _checked(description: Description) -> Description:
    if description.page > description.pages:
        raise ParameterError("page", f"there are {description.pages} pages, and no more")
    return description
