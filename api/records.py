"""Records as JSON: the keys of the context, references with their labels, parts nested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any

from api.canned import Term
from api.cardinality import Cardinality
from api.directory import Directory
from api.statements import Statement, Statements, record_of
from kg.context import Context
from kg.context import Term as Key

__all__ = ["Json", "RecordWriter"]

Json = dict[str, Any]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OWL = "http://www.w3.org/2002/07/owl#"
_FIRST = {"id": 0, "iri": 1, "type": 2, "label": 3}
_LAST = {"passage": 1, "inferred": 2, "links": 3}


@dataclass(frozen=True)
class RecordWriter:
    """Writes statements as records.

    Whether a key has a list does not depend on the record. Numbers are JSON numbers; with
    ``is_exact``, decimals are the texts that JSON-LD needs to keep them.
    """

    context: Context
    directory: Directory
    cardinality: Cardinality
    is_exact: bool = False

    def write(self, iri: str, statements: Statements, *, without: Iterable[str] = ()) -> Json:
        """Return the record of an IRI; ``without`` are predicates to leave out."""
        return _Writing(self, statements, frozenset(without), {iri}).node(iri)

    def reference(self, iri: str) -> Json:
        """Return a thing by its id and label."""
        label = self.directory.label(iri)
        return {"id": self.directory.shorten(iri), **({"label": label} if label else {})}

    def literal(self, term: Term, key: Key | None) -> object:
        """Return a literal: a number, a truth value or a text."""
        datatype = (term.datatype or "").removeprefix(_XSD)
        declared = key is not None and key.datatype == term.datatype
        if self.is_exact and not declared and datatype != "string":
            return {"@type": term.datatype, "@value": term.value}
        if datatype == "boolean":
            return term.value == "true"
        if datatype == "integer" or (datatype == "decimal" and not self.is_exact):
            return _number(term.value)
        return term.value

    def find_key(self, statement: Statement) -> Key | None:
        """Return the key of the context for a statement: of the right type, or nearest base."""
        keys = self._keys.get(statement.predicate, ())
        if not statement.object.is_iri:
            same = [key for key in keys if key.datatype == statement.object.datatype]
            return same[0] if same else None
        bases = {key: self._base(key) for key in keys}
        fitting = [key for key in keys if statement.object.value.startswith(bases[key])]
        return max(fitting, key=lambda key: len(bases[key]), default=None)

    def name(self, predicate: str) -> str:
        """Return the key for a predicate that the context has no key for."""
        ontology = self.context.namespaces.ontology
        if predicate.startswith(ontology):
            return predicate.removeprefix(ontology)
        return self.directory.shorten(predicate)

    def find_reverse_key(self, predicate: str) -> str:
        """Return the key under which parts stand that point to their record."""
        return next(
            (key.key for key in self._keys_of(reverse=True) if key.predicate == predicate),
            f"is {self.name(predicate)}",
        )

    @cached_property
    def reverse_predicates(self) -> frozenset[str]:
        """The predicates by which parts point to their record."""
        return frozenset(key.predicate for key in self._keys_of(reverse=True))

    @cached_property
    def _keys(self) -> Mapping[str, list[Key]]:
        keys = defaultdict(list)
        for key in self._keys_of(reverse=False):
            keys[key.predicate].append(key)
        return keys

    def _keys_of(self, *, reverse: bool) -> Iterator[Key]:
        return (key for key in self.context.terms.values() if key.reverse is reverse)

    def _base(self, key: Key) -> str:
        definition = self.context.definitions[key.key]
        scoped = definition.get("@context", {}) if isinstance(definition, dict) else {}
        base = scoped.get("@base", "")
        return base if base.startswith("http") else ""


@dataclass
class _Field:
    """The values of a key, while they are gathered."""

    values: list[object] = field(default_factory=list)
    is_one: bool = False
    is_inferred: bool = False

    def settled(self) -> object:
        """Return the one value, or the list."""
        is_one = self.is_one and len(self.values) == 1
        return self.values[0] if is_one else _in_order(self.values)


@dataclass(frozen=True)
class _Writing:
    """One record being written: each part is nested once, and referred to afterwards."""

    writer: RecordWriter
    statements: Statements
    without: frozenset[str]
    written: set[str]

    def node(self, iri: str, holder: str | None = None, link: str = "") -> Json:
        about = sorted(
            self.statements.about.get(iri, ()),
            key=lambda each: (each.predicate, each.object.value),
        )
        types = [each for each in about if each.predicate == _TYPE]
        places = [link, *(each.object.value for each in types)]
        fields: dict[str, _Field] = defaultdict(_Field)
        for each in about:
            if each.predicate not in (*self.without, _TYPE) and each.object.value != holder:
                self._add(fields, each, iri, places)
        record = {key: found.settled() for key, found in fields.items()}
        record |= self._head(iri, types, holder) | self._parts(iri)
        if inferred := sorted(key for key, found in fields.items() if found.is_inferred):
            record["inferred"] = inferred
        return dict(sorted(record.items(), key=_place))

    def _add(
        self, fields: dict[str, _Field], statement: Statement, iri: str, places: Iterable[str]
    ) -> None:
        declared = self.writer.find_key(statement)
        name = declared.key if declared else self.writer.name(statement.predicate)
        # What rules compute, such as months, has no key that records could repeat.
        computed = statement.is_inferred and not (declared or statement.object.is_iri)
        fields[name].values.append(self._value(statement, iri, declared))
        fields[name].is_one |= computed or self.writer.cardinality.is_one(
            statement.predicate, places
        )
        fields[name].is_inferred |= statement.is_inferred

    def _head(self, iri: str, types: Iterable[Statement], holder: str | None) -> Json:
        asserted_first = sorted(types, key=lambda each: (each.is_inferred, each.object.value))
        shown = [
            self.writer.name(each.object.value)
            for each in asserted_first
            if not each.object.value.startswith(_OWL)
        ]
        head: Json = {"id": self.writer.directory.shorten(iri)}
        if holder is None:
            head["iri"] = iri
        return {**head, **({"type": shown} if shown else {})}

    def _value(self, statement: Statement, iri: str, declared: Key | None) -> object:
        if not statement.object.is_iri:
            return self.writer.literal(statement.object, declared)
        return self._thing(statement.object.value, iri, statement.predicate)

    def _thing(self, iri: str, holder: str, link: str) -> Json:
        root = self.writer.context.namespaces.root
        is_part = iri in self.statements.about and iri != record_of(iri, root)
        if not is_part or iri in self.written:
            return self.writer.reference(iri)
        self.written.add(iri)
        return self.node(iri, holder, link)

    def _parts(self, iri: str) -> Json:
        parts: dict[str, list[object]] = defaultdict(list)
        for predicate, part in self.statements.parts.get(iri, ()):
            parts[self.writer.find_reverse_key(predicate)].append(self._thing(part, iri, predicate))
        return {key: _in_order(values) for key, values in parts.items()}


def _in_order(values: list[object]) -> list[object]:
    return sorted(values, key=_order)


def _order(value: object) -> int:
    order = value.get("order") if isinstance(value, dict) else None
    return order if isinstance(order, int) else 0


def _place(item: tuple[str, object]) -> tuple[int, int, str]:
    key = item[0]
    return (_FIRST.get(key, len(_FIRST)), _LAST.get(key, 0), key)


def _number(text: str) -> int | float | str:
    """Return a number, or the text where a graph of others has none that JSON can hold.

    >>> _number("12"), _number("1.5"), _number("abc"), _number("NaN")
    (12, 1.5, 'abc', 'NaN')
    """
    try:
        number = int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        return text
    return number if isinstance(number, int) or isfinite(number) else text
