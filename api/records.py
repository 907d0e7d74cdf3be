"""Records as JSON: the keys of the context, references with their labels, parts nested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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
        return _Writing(self, statements, frozenset(without), {iri}).node(iri, None)

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


@dataclass(frozen=True)
class _Writing:
    """One record being written: each part is nested once, and referred to afterwards."""

    writer: RecordWriter
    statements: Statements
    without: frozenset[str]
    written: set[str]

    def node(self, iri: str, holder: str | None) -> Json:
        found: dict[str, list[object]] = defaultdict(list)
        single: set[str] = set()
        inferred: set[str] = set()
        about = self.statements.about.get(iri, ())
        for each in sorted(about, key=lambda each: (each.predicate, each.object.value)):
            if each.predicate in self.without or each.predicate == _TYPE:
                continue
            if each.object.value == holder:
                continue
            key, value = self._pair(each, iri)
            found[key].append(value)
            if self.writer.cardinality.is_one(each.predicate, is_iri=each.object.is_iri):
                single.add(key)
            if each.is_inferred:
                inferred.add(key)
        record = {key: _settle(values, key in single) for key, values in found.items()}
        record |= self._parts(iri)
        record |= self._head(iri, about, holder)
        if inferred:
            record["inferred"] = sorted(inferred)
        return dict(sorted(record.items(), key=_place))

    def _head(self, iri: str, about: Iterable[Statement], holder: str | None) -> Json:
        types = [each for each in about if each.predicate == _TYPE]
        types.sort(key=lambda each: (each.is_inferred, each.object.value))
        shown = [
            self.writer.name(each.object.value)
            for each in types
            if not each.object.value.startswith(_OWL)
        ]
        head: Json = {"id": self.writer.directory.shorten(iri)}
        if holder is None:
            head["iri"] = iri
        return {**head, **({"type": shown} if shown else {})}

    def _pair(self, statement: Statement, iri: str) -> tuple[str, object]:
        key = self.writer.find_key(statement)
        name = key.key if key else self.writer.name(statement.predicate)
        if not statement.object.is_iri:
            return name, self.writer.literal(statement.object, key)
        return name, self._thing(statement.object.value, iri)

    def _thing(self, iri: str, holder: str) -> Json:
        root = self.writer.context.namespaces.root
        is_part = iri in self.statements.about and iri != record_of(iri, root)
        if not is_part or iri in self.written:
            return self.writer.reference(iri)
        self.written.add(iri)
        return self.node(iri, holder)

    def _parts(self, iri: str) -> Json:
        parts: dict[str, list[object]] = defaultdict(list)
        for predicate, part in self.statements.parts.get(iri, ()):
            parts[self.writer.find_reverse_key(predicate)].append(self._thing(part, iri))
        return {key: _in_order(values) for key, values in parts.items()}


def _settle(values: list[object], is_single: bool) -> object:
    return values[0] if is_single and len(values) == 1 else _in_order(values)


def _in_order(values: list[object]) -> list[object]:
    return sorted(values, key=lambda each: each.get("order", 0) if isinstance(each, dict) else 0)


def _place(item: tuple[str, object]) -> tuple[int, int, str]:
    key = item[0]
    return (_FIRST.get(key, len(_FIRST)), _LAST.get(key, 0), key)


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdigit() else float(text)
