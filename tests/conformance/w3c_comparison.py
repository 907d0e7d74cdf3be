"""Whether two results are the same: term by term, with blank nodes matched one to one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal
from w3c_graph import Term
from w3c_results import Row, Table

__all__ = ["BY_VALUE", "EXACT", "Exactness", "find_difference", "same_rows", "same_sequence"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DECIMAL = frozenset(
    _XSD + name
    for name in (
        *("decimal", "integer", "long", "int", "short", "byte"),
        *("nonPositiveInteger", "negativeInteger", "nonNegativeInteger", "positiveInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_BINARY = frozenset({_XSD + "float", _XSD + "double"})
_STRING = _XSD + "string"
_BOOLEANS = {"1": "true", "0": "false"}

Mapped: TypeAlias = dict[Term, Term]
BySignature: TypeAlias = dict[str, list[Row]]


@dataclass(frozen=True)
class Exactness:
    """The variables whose literals are compared by value and datatype; None stands for all.

    What a pattern binds is a term of the data. What an expression yields is a value: no standard
    says which lexical form of it a processor writes. ``texts`` is for CSV, where a number is a
    text as any other.
    """

    by_value: frozenset[str] | None = frozenset()
    texts: bool = False

    def same(self, name: str, expected: Term, actual: Term) -> bool:
        """Tell whether a term that is no blank node is the one that was expected."""
        if expected == actual:
            return True
        is_value = self.by_value is None or name in self.by_value
        return is_value and _value(expected, self.texts) == _value(actual, self.texts)


EXACT = Exactness()
BY_VALUE = Exactness(None)


def find_difference(
    expected: Table, actual: Table, exactness: Exactness, *, ordered: bool
) -> str | None:
    """Return how the answer to a SELECT differs from what was expected, or None."""
    if set(expected.variables) != set(actual.variables):
        return f"variables {sorted(actual.variables)}, and not {sorted(expected.variables)}"
    compare = same_sequence if ordered else same_rows
    if compare(expected.rows, actual.rows, exactness):
        return None
    wanted, given = (Counter(map(_shown, table.rows)) for table in (expected, actual))
    return (
        f"{len(actual.rows)} rows for {len(expected.rows)}; "
        f"lacks {_list(wanted - given)}; has {_list(given - wanted)}"
    )


def same_sequence(expected: Sequence[Row], actual: Sequence[Row], exactness: Exactness) -> bool:
    """Tell whether rows are the same in the same order."""
    if len(expected) != len(actual):
        return False
    mapped: Mapped = {}
    for wanted, given in zip(expected, actual, strict=True):
        added = _matched(wanted, given, mapped, exactness)
        if added is None:
            return False
        mapped |= added
    return True


def same_rows(expected: Sequence[Row], actual: Sequence[Row], exactness: Exactness) -> bool:
    """Tell whether two multisets of rows are the same up to the names of blank nodes.

    A graph is a set of rows of three, a dataset one of rows of four: this is isomorphism.
    """
    common = Counter(map(_ground, expected)) & Counter(map(_ground, actual))
    wanted, given = (_without(common, rows) for rows in (expected, actual))
    if _sizes(wanted) != _sizes(given):
        return False
    surest_first = sorted(wanted, key=lambda key: (len(wanted[key]), key))
    order = [(row, key) for key in surest_first for row in wanted[key]]
    return _search(order, given, {}, exactness)


def _sizes(rows: BySignature) -> dict[str, int]:
    return {signature: len(same) for signature, same in rows.items()}


def _ground(row: Row) -> frozenset[tuple[str, Term]] | None:
    has_blank = any(isinstance(term, BlankNode) for term in row.values())
    return None if has_blank else frozenset(row.items())


def _without(
    common: Counter[frozenset[tuple[str, Term]] | None], rows: Iterable[Row]
) -> BySignature:
    """Return the rows by signature, without those that are simply on both sides."""
    left = Counter({key: number for key, number in common.items() if key is not None})
    kept: BySignature = defaultdict(list)
    for row in rows:
        key = _ground(row)
        if key is not None and left[key] > 0:
            left[key] -= 1
        else:
            kept[_signature(row)].append(row)
    return kept


def _search(
    order: list[tuple[Row, str]], given: BySignature, mapped: Mapped, exactness: Exactness
) -> bool:
    """Match row after row, and take a match back where it leaves a later row without one."""
    if not order:
        return True
    (wanted, signature), rest = order[0], order[1:]
    rows = given[signature]
    for place, candidate in enumerate(rows):
        added = _matched(wanted, candidate, mapped, exactness)
        if added is None:
            continue
        left = {**given, signature: rows[:place] + rows[place + 1 :]}
        if _search(rest, left, mapped | added, exactness):
            return True
    return False


def _matched(wanted: Row, given: Row, mapped: Mapped, exactness: Exactness) -> Mapped | None:
    """Return the blank nodes to add to ``mapped``, both ways, for two rows to be the same."""
    if wanted.keys() != given.keys():
        return None
    added: Mapped = {}
    for name, term in wanted.items():
        other = given[name]
        if isinstance(term, BlankNode) and isinstance(other, BlankNode):
            left, right = BlankNode(f"expected{term.value}"), BlankNode(f"actual{other.value}")
            known = mapped | added
            if known.get(left, right) != right or known.get(right, left) != left:
                return None
            added |= {left: right, right: left}
        elif isinstance(term, BlankNode) or not exactness.same(name, term, other):
            return None
    return added


def _signature(row: Row) -> str:
    cells = (
        (name, "_:" if isinstance(term, BlankNode) else repr(_value(term, texts=True)))
        for name, term in row.items()
    )
    return repr(sorted(cells))


def _value(term: Term, texts: bool) -> object:
    """Return what two literals of the same datatype and value have in common."""
    if not isinstance(term, Literal):
        return str(term)
    datatype, text = term.datatype.value, term.value
    try:
        if datatype in _BINARY:
            number = float(text)
            return datatype, "NaN" if math.isnan(number) else number
        if datatype in _DECIMAL or (texts and datatype == _STRING):
            return datatype, Decimal(text).normalize() + 0
    except (ValueError, InvalidOperation):
        return str(term)
    return (datatype, _BOOLEANS.get(text, text)) if datatype == f"{_XSD}boolean" else str(term)


def _shown(row: Row) -> str:
    cells = ((name, "_:" if isinstance(term, BlankNode) else term) for name, term in row.items())
    return "{" + " ".join(f"?{name} {cell}" for name, cell in sorted(cells, key=str)) + "}"


def _list(rows: Counter[str]) -> str:
    shown = list(rows.elements())
    return " ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "") or "none"
