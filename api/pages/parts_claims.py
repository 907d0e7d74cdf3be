"""Claims of any kind as pages show them: what they are about, and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from api.list_fields import FieldType
from api.list_table import Row, Table
from api.pages.desk import PageDesk
from api.pages.parts_place import PlaceShown, characters_of, limits_of, read_place
from api.pages.parts_things import Thing, Things

__all__ = [
    "ClaimShown",
    "find_by_class",
    "find_cautions",
    "find_claims",
    "find_record",
    "find_rows",
    "placed",
    "read_claims",
]


@dataclass(frozen=True)
class ClaimShown:
    """A claim: its things and texts by the names of the fields of the lists, and its place.

    ``limits`` are those that it names, as printed.
    """

    claim: Thing
    things: Mapping[str, tuple[Thing, ...]]
    texts: Mapping[str, tuple[str, ...]]
    classes: frozenset[str]
    place: PlaceShown
    limits: tuple[str, ...] = ()

    def of(self, name: str) -> tuple[Thing, ...]:
        """Return the things of a field: none where the claim states none."""
        return self.things.get(name, ())

    def text(self, name: str) -> str:
        """Return the texts of a field in one."""
        return ", ".join(self.texts.get(name, ()))

    def is_true(self, name: str) -> bool:
        """Tell whether a flag is stated."""
        return "true" in self.texts.get(name, ())

    def labels(self, name: str) -> str:
        """Return the names of the things of a field."""
        return ", ".join(each.label for each in self.of(name))


async def find_claims(
    desk: PageDesk, kind: str, class_name: str = "", **wanted: Collection[str]
) -> tuple[ClaimShown, ...]:
    """Return the records of a list, of one class, whose fields have one of some values each."""
    fields = {**wanted, **({"type": _classes(desk, [class_name])} if class_name else {})}
    table = await desk.library.lists.table_with(desk.engine, kind, fields)
    return await placed(desk, read_claims(desk, table, find_rows(table, fields)))


async def find_by_class(
    desk: PageDesk, class_names: Collection[str], **wanted: Collection[str]
) -> Mapping[str, tuple[ClaimShown, ...]]:
    """Return claims by each of some classes: what ``find_claims`` finds, looked for once."""
    fields = {**wanted, "type": _classes(desk, class_names)}
    table = await desk.library.lists.table_with(desk.engine, "claims", fields)
    found = await placed(desk, read_claims(desk, table, find_rows(table, fields)))
    return {name: tuple(each for each in found if name in each.classes) for name in class_names}


async def find_record(desk: PageDesk, kind: str, iri: str) -> ClaimShown | None:
    """Return the record of a list by its IRI, or None where the list has none."""
    table = await desk.library.lists.rows_of(desk.engine, kind, [iri])
    row = table.by_iri.get(iri)
    return read_claims(desk, table, [row])[0] if row else None


def find_rows(table: Table, wanted: Mapping[str, Collection[str]]) -> list[Row]:
    """Return the rows whose every field of some has one of its wanted values."""
    return [
        row
        for row in table.rows
        if all(
            any(cell.shown in values for cell in row.of(name)) for name, values in wanted.items()
        )
    ]


def read_claims(desk: PageDesk, table: Table, rows: Iterable[Row]) -> tuple[ClaimShown, ...]:
    """Return some rows of a list as claims, in the order of the list."""
    things = Things.at(desk)
    named = {name for name, field in table.fields.items() if field.type is FieldType.THING}
    ontology = desk.library.context.namespaces.ontology
    return tuple(_read(things, row, named - {"type"}, ontology) for row in rows)


async def find_cautions(desk: PageDesk, drugs: Iterable[Thing]) -> tuple[ClaimShown, ...]:
    """Return what is ruled of some drugs: their contraindications, then their precautions."""
    members = {each.iri for each in drugs}
    found = await find_by_class(desk, ("Contraindication", "Precaution"), drug=members)
    return tuple(each for claims in found.values() for each in claims)


async def placed(desk: PageDesk, claims: Iterable[ClaimShown]) -> tuple[ClaimShown, ...]:
    """Return claims with the characters they were read from, and the limits that they name."""
    found = tuple(claims)
    characters = await characters_of(desk, (each.claim.iri for each in found))
    limited = (each.claim.iri for each in found if each.texts.get("threshold"))
    limits = await limits_of(desk, limited)
    return tuple(
        replace(
            each,
            limits=limits.get(each.claim.iri, ()),
            place=replace(each.place, characters=characters.get(each.claim.iri, ())),
        )
        for each in found
    )


def _classes(desk: PageDesk, names: Iterable[str]) -> frozenset[str]:
    ontology = desk.library.context.namespaces.ontology
    return frozenset(ontology + name for name in names)


def _read(things: Things, row: Row, named: Collection[str], ontology: str) -> ClaimShown:
    return ClaimShown(
        claim=things.get(row.iri),
        things={
            name: things.all(cell.shown for cell in cells)
            for name, cells in row.cells.items()
            if name in named
        },
        texts={
            name: tuple(dict.fromkeys(cell.shown for cell in cells))
            for name, cells in row.cells.items()
            if name not in named
        },
        classes=frozenset(cell.shown.removeprefix(ontology) for cell in row.of("type")),
        place=read_place(things, row),
    )
