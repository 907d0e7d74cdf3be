"""What a record may say: known keys, the right kind of value, well-formed references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.context import Context, Expects, Term
from kg.datatypes import DATATYPES
from kg.near import suggest
from kg.problem import Place, Problem
from kg.yaml_source import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["check_record", "find_iri_fault"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_SLUGS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


def check_record(record: Mapping, context: Context, *, shown_as: str) -> Iterator[Problem]:
    """Yield every problem of a top-level record that shows without parsing it as JSON-LD."""
    checker = _Checker(context, shown_as)
    for key in (context.id_key, context.type_key):
        if record.find(key) is None:
            yield checker.problem(record.line, f"the record has no '{key}'; write one")
    entry = record.find(context.id_key)
    if entry is not None and isinstance(entry.value, Scalar) and entry.value.text:
        text = entry.value.text
        if fault := _find_subject_fault(text, context) or find_iri_fault(text, context):
            yield checker.problem(entry.value.line, f"id {fault}")
    yield from checker.mapping(record, top=True)


def _find_subject_fault(text: str, context: Context) -> str | None:
    if ":" not in text:
        prefixes = ", ".join(f"{prefix}:" for prefix in sorted(context.namespaces.prefixes))
        return f"'{text}' has no prefix; write one of {prefixes}"
    if re.search(r"[?#]|/$", text):
        return f"'{text}' must not hold '?' or '#', nor end in '/'"
    if text.startswith("http://"):
        return f"'{text}' must begin with https:// or a declared prefix"
    return None


def find_iri_fault(text: str, context: Context) -> str | None:
    """Return why a text with a colon is no IRI or CURIE of this context, or None."""
    names = context.namespaces
    prefix, _, rest = text.partition(":")
    if prefix in ("http", "https") and rest.startswith("//"):
        iri = text
    elif not prefix:
        return f"'{text}' begins with a colon; write '{rest}'"
    elif prefix not in names.prefixes:
        return f"'{text}' has the undeclared prefix '{prefix}'{suggest(prefix, names.prefixes)}"
    else:
        iri = names.prefixes[prefix] + rest
        if not rest or rest.startswith("//"):
            return f"'{text}' is ill-formed; write a name after '{prefix}:'"
    kind = names.compact(iri) if names.owns(iri) else None
    if kind is not None and not _SLUGS.fullmatch(kind.partition(":")[2]):
        return f"'{text}' is ill-formed; its name may hold letters, digits, '-', '.' and '_'"
    return _find_character_fault(text, iri)


def _find_character_fault(text: str, iri: str) -> str | None:
    try:
        NamedNode(iri)
    except ValueError:
        return f"'{text}' is no IRI; remove spaces and other forbidden characters"
    return None


@dataclass(frozen=True)
class _Checker:
    context: Context
    file: str

    def problem(self, line: int, message: str) -> Problem:
        return Problem(Place(self.file, line), message)

    def mapping(self, mapping: Mapping, *, top: bool = False) -> Iterator[Problem]:
        for entry in mapping.entries:
            if entry.key == self.context.id_key:
                yield from self.identifier(entry, top=top)
            elif entry.key == self.context.type_key:
                yield from self.value(entry, _TYPE, entry.value)
            elif term := self.context.terms.get(entry.key):
                yield from self.value(entry, term, entry.value)
            else:
                yield self.problem(entry.line, self.unknown_key(entry.key))

    def unknown_key(self, key: str) -> str:
        if key.startswith("@"):
            return f"key '{key}' is refused; keywords of JSON-LD belong in the context alone"
        return f"unknown key '{key}'{suggest(key, self.context.keys)}"

    def identifier(self, entry: Entry, *, top: bool) -> Iterator[Problem]:
        if not isinstance(entry.value, Scalar):
            yield self.problem(entry.value.line, f"'{entry.key}' takes one text")
        elif not top and entry.value.text:
            fault = self.find_reference_fault(entry.value.text)
            if fault:
                yield self.problem(entry.value.line, f"id {fault}")

    def value(self, entry: Entry, term: Term, value: Node) -> Iterator[Problem]:
        if isinstance(value, Sequence):
            yield from self.items(entry, term, value)
        elif isinstance(value, Mapping):
            if term.expects not in (Expects.REFERENCE, Expects.RECORD):
                message = f"'{entry.key}' takes {term.expects}, but here stands a record"
                yield self.problem(value.line, message)
            yield from self.mapping(value)
        elif value.text and (fault := self.find_text_fault(term, value.text)):
            yield self.problem(value.line, f"'{entry.key}': {fault}")

    def items(self, entry: Entry, term: Term, sequence: Sequence) -> Iterator[Problem]:
        lines: dict[str, int] = {}
        for item in sequence.items:
            if isinstance(item, Sequence):
                message = f"'{entry.key}' holds a list inside a list; write one list"
                yield self.problem(item.line, message)
                continue
            if isinstance(item, Scalar) and item.text in lines:
                message = f"'{entry.key}' has '{item.text}' on line {lines[item.text]} already"
                yield self.problem(item.line, f"{message}; keep one of them")
            elif isinstance(item, Scalar) and item.text:
                lines[item.text] = item.line
            yield from self.value(entry, term, item)

    def find_text_fault(self, term: Term, text: str) -> str | None:
        match term.expects:
            case Expects.TEXT:
                return DATATYPES[term.datatype].find_fault(text)
            case Expects.NAME:
                return self.find_name_fault(text, is_type=term is _TYPE)
            case Expects.REFERENCE:
                return self.find_reference_fault(text)
        return f"a record is expected, but here stands '{text}'"

    def find_reference_fault(self, text: str) -> str | None:
        if ":" in text:
            return find_iri_fault(text, self.context)
        if _SLUGS.fullmatch(text):
            return None
        return f"'{text}' is ill-formed; a name may hold letters, digits, '-', '.' and '_'"

    def find_name_fault(self, text: str, *, is_type: bool) -> str | None:
        # No shape applies to a class that the ontology does not declare.
        if ":" in text and not is_type:
            return find_iri_fault(text, self.context)
        if not _NAME.fullmatch(text):
            return f"'{text}' is not a name; names are letters, digits, '-' and '_'"
        term = self.context.terms.get(text)
        same = term is not None and term.predicate == self.context.namespaces.ontology + text
        if text in self.context.definitions and not same:
            return f"'{text}' is a word of the context, not a name of the ontology"
        return None


_TYPE = Term("type", "", Expects.NAME, "", reverse=False)
