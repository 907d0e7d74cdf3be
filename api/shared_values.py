"""Sets of values, one object wherever they are the same: most records state the same few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["Fields", "gather_fields"]

Fields = Mapping[str, frozenset[str]]

_NONE: frozenset[str] = frozenset()


def gather_fields(values: Iterable[tuple[str, str, str]]) -> dict[str, Fields]:
    """Return the fields of each record out of records, fields and values, in any order.

    >>> gathered = gather_fields([("a", "line", "first"), ("b", "line", "first")])
    >>> gathered["a"]["line"] is gathered["b"]["line"]
    True
    """
    grown: dict[tuple[frozenset[str], str], frozenset[str]] = {}
    known: dict[frozenset[str], frozenset[str]] = {}
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for record, name, value in values:
        fields = found[record]
        before = fields.get(name, _NONE)
        after = grown.get((before, value))
        if after is None:
            after = before | {value}
            after = grown[before, value] = known.setdefault(after, after)
        fields[name] = after
    return dict(found)
