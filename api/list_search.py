"""Which records of a list have wanted values in a field, asked of the engine and not of a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pyoxigraph import NamedNode

from api.by_heart import ask_known
from api.directory import Directory, Entry
from api.engine import Engine
from api.list_fields import Field, FieldType
from api.list_kinds import fields_of
from api.list_loading import PREFIXES

__all__ = ["MOST_FOUND", "Wanted", "find_records"]

Wanted = Mapping[str, Collection[str]]
"""The values that are wanted of some fields, by the names of these."""

MOST_FOUND = 4000
"""How many records are read one by one: four seconds, where the whole list takes fifteen."""

_TYPE = "type"


async def find_records(
    engine: Engine, directory: Directory, kind: str, wanted: Wanted
) -> list[Entry] | None:
    """Return the records that can have one of the wanted values in each field, in no order.

    There may be some more than that. None where no field leads to them, or where they are many.
    """
    fields = {field.name: field for field in fields_of(kind)}
    leading = _choose(fields, wanted)
    if leading is None:
        return None
    found: set[str] = set()
    if wanted[leading.name]:
        query = _query(leading, wanted, directory.namespaces.ontology)
        found = {answer["item"].value for answer in await ask_known(engine, query)}
    # Of all that has the value, such as regimens beside claims.
    entries = (directory.entries.get(iri) for iri in found)
    members = [each for each in entries if each is not None and kind in each.kinds]
    return members if len(members) <= MOST_FOUND else None


def _choose(fields: Mapping[str, Field], wanted: Wanted) -> Field | None:
    """Return the field with the fewest wanted values whose path leads back from them."""
    found = [
        fields[name]
        for name, values in wanted.items()
        if name != _TYPE and _leads_back(fields[name]) and all(map(_is_iri, values))
    ]
    return min(found, key=lambda field: len(wanted[field.name]), default=None)


def _leads_back(field: Field) -> bool:
    return field.type is FieldType.THING and not field.part


def _is_iri(value: str) -> bool:
    try:
        NamedNode(value)
    except ValueError:
        return False
    return True


def _query(field: Field, wanted: Wanted, ontology: str) -> str:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    values = " ".join(str(NamedNode(iri)) for iri in sorted(wanted[field.name]))
    classes = ", ".join(str(NamedNode(iri)) for iri in sorted(wanted.get(_TYPE, ())))
    # FILTER and not VALUES: the engine would begin with all that is of the classes.
    kept = f" ?item a ?class . FILTER (?class IN ({classes}))" if classes else ""
    return (
        f"PREFIX : <{ontology}>\n{prefixes}SELECT DISTINCT ?item\n"
        f"WHERE {{ VALUES ?wanted {{ {values} }} ?item {field.path} ?wanted .{kept} }}"
    )
