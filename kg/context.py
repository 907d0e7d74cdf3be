"""The keys that the context of the records declares, and what each expects."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.datatypes import DATATYPES, XSD
from kg.namespaces import Namespaces, namespaces_of
from kg.problem import Place, Problem, Refused

__all__ = ["Context", "Expects", "Term", "read_context"]

Definitions = Mapping[str, object]
_ALLOWED: Final = frozenset({"@id", "@type", "@reverse", "@context", "@container"})


class Expects(StrEnum):
    """What may stand after a key."""

    TEXT = "a text"
    NAME = "a name that the ontology declares"
    REFERENCE = "a reference or a record"
    RECORD = "a record"


@dataclass(frozen=True)
class Term:
    """A key of the records; ``reverse`` where the link points from the value to the record."""

    key: str
    predicate: str
    expects: Expects
    datatype: str
    reverse: bool


@dataclass(frozen=True)
class Context:
    """A JSON-LD context: its definitions as written, and what the loader must know of them."""

    definitions: Definitions
    terms: Mapping[str, Term]
    namespaces: Namespaces
    id_key: str
    type_key: str

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key that a record may use."""
        return (self.id_key, self.type_key, *self.terms)

    @cached_property
    def order_predicate(self) -> str:
        """The predicate whose value numbers the siblings of a sequence."""
        return f"{self.namespaces.ontology}order"


def read_context(path: Path, *, shown_as: str | None = None) -> Context:
    """Return the context in a JSON-LD file.

    Raises `Refused` where a definition uses what the loader cannot check: another container
    than ``@set``, a scoped context that changes more than ``@base``, an unknown datatype, or
    an ``@id`` that names a prefix and would expand to its namespace.
    """
    file, text = shown_as or str(path), path.read_text(encoding="utf-8")
    definitions = _read_definitions(text, file)
    names = namespaces_of(definitions)
    terms, problems = {}, []
    for key, definition in definitions.items():
        if key.startswith("@") or key in names.prefixes or _is_alias(definition):
            continue
        try:
            terms[key] = _read_term(key, definition, definitions, names)
        except ValueError as error:
            place = Place(file, _find_line(text, key))
            problems.append(Problem(place, f"'{key}' {error}"))
    if problems:
        raise Refused(problems)
    aliases = {word: key for key, word in definitions.items() if _is_alias(word)}
    return Context(
        MappingProxyType(definitions),
        MappingProxyType(terms),
        names,
        id_key=aliases["@id"],
        type_key=aliases["@type"],
    )


def _read_definitions(text: str, file: str) -> dict[str, Any]:
    try:
        definitions: dict[str, Any] = json.loads(text, object_pairs_hook=_unique)["@context"]
    except json.JSONDecodeError as error:
        message = f"the JSON is broken: {error.msg}; mend it at column {error.colno}"
        raise Refused([Problem(Place(file, error.lineno), message)]) from None
    except _RepeatedKeyError as error:
        key = str(error)
        message = f"'{key}' is defined twice; keep one definition"
        raise Refused([Problem(Place(file, _find_line(text, key)), message)]) from None
    return definitions


class _RepeatedKeyError(ValueError):
    """JSON would let the last of two definitions win without a word."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise _RepeatedKeyError(key)
    return dict(pairs)


def _is_alias(definition: object) -> bool:
    return definition in ("@id", "@type")


def _find_line(text: str, key: str) -> int:
    found = re.search(rf'"{re.escape(key)}"\s*:', text)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1


def _read_term(key: str, definition: object, definitions: Definitions, names: Namespaces) -> Term:
    parts = {"@id": definition} if isinstance(definition, str) else definition
    if not isinstance(parts, dict) or not parts.keys() <= _ALLOWED:
        raise ValueError(f"must be defined with no more than {', '.join(sorted(_ALLOWED))}")
    if parts.get("@container", "@set") != "@set":
        raise ValueError("has another container than @set, which the loader cannot count")
    if parts.get("@context", {}).keys() - {"@base"}:
        raise ValueError("has a scoped context that changes more than @base")
    reverse = "@reverse" in parts
    predicate = _expand(parts.get("@reverse" if reverse else "@id", key), key, definitions, names)
    expects, datatype = _read_type(parts.get("@type"), names, reverse=reverse)
    return Term(key, predicate, expects, datatype, reverse)


def _expand(name: str, key: str, definitions: Definitions, names: Namespaces) -> str:
    """Expand as JSON-LD does, which takes a declared term before the ontology namespace."""
    if ":" in name:
        iri = name if name.startswith(("http://", "https://")) else names.expand(name)
        if iri is None:
            raise ValueError(f"has the undeclared prefix of '{name}'")
        return iri
    other = definitions.get(name) if name != key else None
    if other is not None and not (isinstance(other, dict) and other.get("@id", name) == name):
        raise ValueError(f"has the @id '{name}', which is another term; write the whole IRI")
    return names.ontology + name


def _read_type(written: str | None, names: Namespaces, *, reverse: bool) -> tuple[Expects, str]:
    if written == "@id":
        return Expects.REFERENCE, ""
    if reverse:
        return Expects.RECORD, ""
    if written == "@vocab":
        return Expects.NAME, ""
    datatype = f"{XSD}string" if written is None else names.expand(written)
    if datatype is None or datatype not in DATATYPES:
        raise ValueError(f"has the datatype '{written}', which the loader cannot check")
    return Expects.TEXT, datatype
