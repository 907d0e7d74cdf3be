"""The names and tables that answers are read from, by heart once they were asked for."""

from __future__ import annotations

from collections.abc import Iterable

from api.answers import Desk
from api.reconcile.evidence import Evidence
from api.reconcile.holders import Holders, make_holders
from api.reconcile.names import Names, Search
from api.reconcile.properties import Property
from api.reconcile.values import Values
from kg.export import query_prefixes

__all__ = ["load_holders", "load_names", "load_values"]

_MOST_HELD = 500
"""How many properties of kinds are kept; those kept before make room where there are many."""


async def load_names(desk: Desk) -> Names:
    """Return what the things of the snapshot are called."""
    library, names = desk.library, desk.library.context.namespaces
    prefixes = query_prefixes(names)
    search = Search(library.search, library.directory, prefixes)
    return await library.names.get(desk.engine, library.snapshot, search)


async def load_values(desk: Desk, kinds: Iterable[str], wanted: Iterable[Property]) -> Values:
    """Return what some properties of the things of some kinds are read from."""
    lists, properties = desk.library.lists, list(wanted)
    with_fields = any(each.field is not None for each in properties)
    tables = {kind: await lists.table(desk.engine, kind) for kind in sorted(kinds) if with_fields}
    evidence = None
    if any(each.computed is not None and each.computed.kinds for each in properties):
        evidence = Evidence(
            await lists.table(desk.engine, "evidence"),
            await lists.table(desk.engine, "recommendations"),
        )
    return Values(desk.library.directory, tables, evidence)


async def load_holders(desk: Desk, names: Names, kind: str, wanted: Property) -> Holders:
    """Return which things of a kind, their most telling one, have a property and its values."""
    found = names.held.get((kind, wanted.id))
    if found is None:
        values = await load_values(desk, [kind], [wanted])
        found = make_holders(values, names.owned(kind).get(kind, ()), wanted)
        # What came from a later snapshot is answered to nobody, and must not be kept.
        if desk.engine.snapshot.id == desk.library.snapshot:
            if len(names.held) >= _MOST_HELD:
                names.held.clear()
            names.held[kind, wanted.id] = found
    return found
