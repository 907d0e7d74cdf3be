"""Whether two engines answered the same: rows as multisets, blank nodes without names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, RdfFormat

from benchmarks.questions import Form

__all__ = ["Agreement", "Rows", "compare", "read_rows"]

Rows = Counter[tuple[str, ...]]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TEXT = frozenset({"", f"{_XSD}string"})
_NUMBERS = frozenset(f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float", "int"))


class Agreement(StrEnum):
    """How an answer compares with another."""

    EQUAL = "equal"
    LEXICAL = "equal but for how literals are written"
    DIFFERENT = "different"


def compare(one: Rows, other: Rows) -> Agreement:
    """Return how two answers compare.

    >>> number = Counter([("x=literal 1.50 http://www.w3.org/2001/XMLSchema#decimal ",)])
    >>> compare(number, Counter([("x=literal 1.5 http://www.w3.org/2001/XMLSchema#decimal ",)]))
    <Agreement.LEXICAL: 'equal but for how literals are written'>
    """
    if one == other:
        return Agreement.EQUAL
    return Agreement.LEXICAL if _loose(one) == _loose(other) else Agreement.DIFFERENT


def read_rows(body: bytes, media_type: str) -> Rows:
    """Return the rows of SPARQL results in JSON, or the triples of N-Triples.

    >>> read_rows(b'{"head": {}, "boolean": true}', Form.ROWS)
    Counter({('true',): 1})
    """
    if media_type == Form.TRIPLES:
        return Counter(_triples(body))
    answer = json.loads(body)
    if "boolean" in answer:
        return Counter([(str(answer["boolean"]).lower(),)])
    return Counter(map(_row, answer["results"]["bindings"]))


def _triples(body: bytes) -> Iterable[tuple[str, ...]]:
    for quad in pyoxigraph.parse(body, format=RdfFormat.N_TRIPLES):
        terms = (quad.subject, quad.predicate, quad.object)
        yield tuple("_:" if isinstance(term, BlankNode) else str(term) for term in terms)


def _row(binding: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{name}={_term(term)}" for name, term in sorted(binding.items()))


def _term(term: dict[str, Any]) -> str:
    if term["type"] == "bnode":
        return "_:"
    # An older draft, which Virtuoso follows, calls literals with a datatype typed-literal.
    kind = "uri" if term["type"] == "uri" else "literal"
    datatype = term.get("datatype", "")
    datatype = "" if datatype in _TEXT else datatype
    return f"{kind} {term['value']} {datatype} {term.get('xml:lang', '').lower()}"


def _loose(rows: Rows) -> Rows:
    found: Rows = Counter()
    for row, count in rows.items():
        found[tuple(map(_loosely, row))] += count
    return found


def _loosely(cell: str) -> str:
    """Return a cell without the datatype, and a number as what it is."""
    name, _, rest = cell.partition("=literal ")
    if not rest:
        return cell
    value, datatype, _ = rest.rsplit(" ", 2)
    if datatype in _NUMBERS:
        value = repr(float(value))
    return f"{name}={value}"
