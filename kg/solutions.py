"""The rows of a query as plain values of Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Iri", "PlainValue", "Row", "Solutions", "plain", "read_solutions"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = (
    "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
    "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort",
    "unsignedByte",
)  # fmt: skip


class Iri(str):
    """An IRI: a text that names a thing.

    >>> Iri("https://w3id.org/sarcoma-kg/drug/imatinib").slug
    'imatinib'
    """

    __slots__ = ()

    @property
    def slug(self) -> str:
        """What follows the last slash or number sign."""
        return self.rpartition("#")[2].rpartition("/")[2]


PlainValue = Iri | str | int | float | Decimal | bool | date | datetime
Row = Mapping[str, PlainValue]

_READERS: Mapping[str, Callable[[str], PlainValue]] = {
    **dict.fromkeys((_XSD + name for name in _INTEGERS), int),
    _XSD + "decimal": Decimal,
    _XSD + "double": float,
    _XSD + "float": float,
    _XSD + "boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}[text],
    _XSD + "date": date.fromisoformat,
    _XSD + "dateTime": datetime.fromisoformat,
}


@dataclass(frozen=True)
class Solutions(Sequence[Row]):
    """The rows of a SELECT query: a mapping each, without the variables that have no value."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __reduce__(self) -> tuple[object, ...]:
        """Be pickled for another process, which takes no rows that cannot be changed."""
        return _frozen, (self.variables, tuple(map(dict, self.rows)))

    def frame(self) -> pd.DataFrame:
        """Return a data frame with a column for each variable; raises PandasMissingError."""
        from kg.frames import frame_of_rows  # noqa: PLC0415 - it needs an extra

        return frame_of_rows(self.variables, self.rows)


def read_solutions(results: QuerySolutions) -> Solutions:
    """Return all rows that an engine found; its results belong to the thread that asked."""
    names = tuple(variable.value for variable in results.variables)
    rows = (
        {name: plain(term) for name, term in zip(names, solution, strict=True) if term is not None}
        for solution in results
    )
    return _frozen(names, rows)


def _frozen(names: tuple[str, ...], rows: Iterable[dict[str, PlainValue]]) -> Solutions:
    return Solutions(names, tuple(map(MappingProxyType, rows)))


def plain(term: NamedNode | Literal | BlankNode | Triple) -> PlainValue:
    """Return a term as a plain value; what has no type of Python is its text.

    >>> plain(NamedNode("urn:a")), plain(Literal(5)), plain(Literal("x", language="en"))
    ('urn:a', 5, 'x')
    >>> plain(Literal("2017", datatype=NamedNode(_XSD + "gYear")))
    '2017'
    """
    if isinstance(term, NamedNode):
        return Iri(term.value)
    if not isinstance(term, Literal):
        return str(term)
    read = _READERS.get(term.datatype.value)
    if read is None:
        return term.value
    try:
        return read(term.value)
    except (ValueError, KeyError, InvalidOperation):
        return term.value
