"""OncoTree: its tree of tumour types, one record a node."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.importing.external_term import Term, TermWriter
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.terms import Terms

__all__ = ["NAME", "find_version", "read"]

NAME = "oncotree"
_CODES = {
    "history": "previousCode",
    "revocations": "revokedCode",
    "precursors": "precursorCode",
}
_WORDS = ("true", "false", "null")
_ENDLESS = ("Unterminated string starting at",)
_CUT_TOKEN = re.compile(r"-|\.|[eE][+-]?|\.?\d+[eE][+-]?|u[0-9A-Fa-f]{0,4}")
"""What is left of a number or of a character's code, from where the decoder stops."""

_CUT_CHARACTER = "unexpected end of data"
_DATE = re.compile(r"(\d{4})_(\d{2})_(\d{2})")


def find_version(files: Sequence[Path]) -> str | None:
    """Return the version of a tree as its file's name gives it: the tree itself has none.

    >>> find_version([Path("oncotree_2025_10_03.json")])
    '2025-10-03'
    """
    found = [match for file in files if (match := _DATE.search(file.name))]
    return "-".join(found[0].groups()) if found else None


def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield the nodes of OncoTree's nested JSON, as its route ``/api/tumorTypes/tree`` gives it.

    A node that cannot be read is refused with all below it, which would hang on nothing.
    """
    writer = TermWriter(NAME, terms, "ExternalDisease")
    for file in files:
        tree = _load(file)
        if isinstance(tree, Reject):
            yield tree
            continue
        for key, value in tree.items():
            yield from _read_node(_Node(key, value, f"{file.name}#/{_token(key)}"), writer)


@dataclass(frozen=True)
class _Node:
    key: str
    value: Any
    place: str
    parent: str | None = None

    def children(self) -> Iterator[_Node]:
        found = self.value.get("children") if isinstance(self.value, dict) else None
        for key, value in (found if isinstance(found, dict) else {}).items():
            yield _Node(key, value, f"{self.place}/children/{_token(key)}", self.key)


def _load(file: Path) -> dict[str, Any] | Reject:
    try:
        text = file.read_text(encoding="utf-8-sig")
        tree = json.loads(text, object_pairs_hook=_refuse_repeated)
    except _RepeatedKeyError as error:
        return Reject(file.name, RejectRule.DUPLICATE, f"{error}; take one of them out")
    except json.JSONDecodeError as error:
        rule = RejectRule.TRUNCATED if _is_cut(error) else RejectRule.UNREADABLE
        message = f"the file is no whole JSON ({error.msg.lower()}); download it again"
        return Reject(f"{file.name}:{error.lineno}", rule, message)
    except (UnicodeDecodeError, RecursionError, OSError) as error:
        is_cut = isinstance(error, UnicodeDecodeError) and error.reason == _CUT_CHARACTER
        rule = RejectRule.TRUNCATED if is_cut else RejectRule.UNREADABLE
        message = f"the file cannot be read ({type(error).__name__}); download it again"
        return Reject(file.name, rule, message)
    if not isinstance(tree, dict) or not all(isinstance(node, dict) for node in tree.values()):
        message = "this is no tree of OncoTree: its nodes stand in each other, by their codes"
        return Reject(file.name, RejectRule.WRONG_SCHEMA, message)
    return tree


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Tell whether the text ends where the error is: within a text, a word, a number or others."""
    rest = error.doc[error.pos :].rstrip()
    is_begun = any(word.startswith(rest) for word in _WORDS)
    return is_begun or error.msg in _ENDLESS or bool(_CUT_TOKEN.fullmatch(rest))


class _RepeatedKeyError(ValueError):
    """An object of a JSON file has a key twice."""


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(f"the key {key} stands twice in one object")
        found[key] = value
    return found


def _read_node(node: _Node, writer: TermWriter) -> Iterator[Item]:
    pending = [node]
    while pending:
        each = pending.pop()
        problem = _find_problem(each)
        if problem:
            yield Reject(each.place, RejectRule.WRONG_SCHEMA, problem, each.key)
            yield from _refuse_below(each)
            continue
        yield _record(each, writer)
        pending.extend(reversed([*each.children()]))


def _refuse_below(node: _Node) -> Iterator[Reject]:
    pending = [*node.children()]
    while pending:
        each = pending.pop(0)
        message = f"it stands below {node.key}, which was refused; mend that one"
        yield Reject(each.place, RejectRule.WRONG_SCHEMA, message, each.key)
        pending[:0] = each.children()


def _find_problem(node: _Node) -> str | None:
    """Return the first rule that a node breaks, or None."""
    value = node.value
    if not isinstance(value, dict):
        return "a node must be an object"
    references = value.get("externalReferences", {})
    rules = {
        "a node must have a name, and its code must be the key that it stands under": (
            value.get("code") == node.key and isinstance(value.get("name"), str)
        ),
        f"its parent is given as {value.get('parent')}, and it stands below {node.parent}": (
            (value.get("parent") or None) == node.parent
        ),
        "children must be an object of nodes by their codes": (
            isinstance(value.get("children"), dict)
        ),
        "level must be a number": isinstance(value.get("level"), int),
        "mainType and tissue must be texts": all(
            isinstance(value.get(name), str | None) for name in ("mainType", "tissue")
        ),
        f"{', '.join(_CODES)} must be lists of codes": (
            all(_is_texts(value.get(name, [])) for name in _CODES)
        ),
        "externalReferences must be lists of identifiers by their systems": (
            isinstance(references, dict) and all(map(_is_texts, references.values()))
        ),
    }
    return next((rule for rule, holds in rules.items() if not holds), None)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _record(node: _Node, writer: TermWriter) -> Record:
    value: Mapping[str, Any] = node.value
    term = Term(f"ONCOTREE:{node.key}", node.place, value["name"])
    draft = writer.draft(term.identifier, term.place, term.label)
    draft.link("broaderTerm", writer.iri(f"ONCOTREE:{node.parent}") if node.parent else None)
    draft.text("mainType", value.get("mainType")).text("tissue", value.get("tissue"))
    draft.typed("hierarchyLevel", str(value["level"]), "integer")
    for name, stated in _CODES.items():
        for code in value.get(name, []):
            draft.text(stated, code)
    for system, identifiers in value.get("externalReferences", {}).items():
        for identifier in identifiers:
            writer.refer(draft, f"{system}:{identifier.strip()}")
    return writer.finish(draft, term)


def _token(key: str) -> str:
    """Return a key as a token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
