"""What is refused in an RDF document before a parser reads it: deep nesting, and DOCTYPE.

Each guard cuts the text as its format does, strings and comments apart, and asks no more of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from kg.formats import GraphFormat
from kg.pattern_runs import run_of
from kg.query_error import DocumentError, show_line
from kg.query_text import QueryText

__all__ = ["DEEPEST_DOCUMENT", "check_document"]

DEEPEST_DOCUMENT = 100
"""How deep brackets, elements and quoted triples may nest, and terms of a context depend."""

_LEVELS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def _string(mark: str, name: str) -> str:
    """Return the pattern of strings of Turtle in marks of a kind, in three of them or in one."""
    long = run_of(rf"[^{mark}\\]", rf"\\.|{mark}(?!{mark}{mark})", f"in_long_{name}")
    short = run_of(rf"[^{mark}\\\r\n]", r"\\.", f"in_{name}")
    return f"{3 * mark}{long}{3 * mark}|{mark}{short}{mark}"


_SINGLE, _DOUBLE = _string("'", "single"), _string('"', "double")
_TURTLE = re.compile(
    run_of(
        r"[^()\[\]{}<'\"\#\\]",
        r"\\.|<[^<>\"{}|^`\x00-\x20]*>|"
        rf"{_SINGLE}|{_DOUBLE}|\#[^\r\n]*|[<'\"]",
        "between",
    ),
    re.DOTALL,
)
# A string that is never closed is the rest of the text.
_IN_JSON_STRING = run_of(r"[^\"\\]", r"\\.", "in_string")
_JSON = re.compile(run_of(r"[^\[\]{}\"]", rf"\"{_IN_JSON_STRING}\"?", "between"), re.DOTALL)
# Readers differ in where they take "<!-->", "<!-- --!>" and "<?a >" for ended, and with it in
# whether a DOCTYPE follows: such comments, and declarations within instructions, are refused.
_ATTRIBUTES = run_of(r"[^<>\"']", r"\"[^\"]*\"|'[^']*'", "attributes")
_MARKUP = re.compile(
    rf"(?P<opening><[^<>!?/\"']{_ATTRIBUTES}>)|(?P<closing></[^<>]*>)"
    r"|<!--(?!-?>)(?=(?P<comment>.*?--))(?P=comment)>|<!\[CDATA\[.*?\]\]>"
    r"|<\?(?=(?P<instruction>.*?(?:\?>|<!)))(?P=instruction)(?<=\?>)"
    r"|(?P<doctype><!\s*doctype)|(?P<broken><)",
    re.DOTALL | re.IGNORECASE,
)
_ENCODING = re.compile(r"<\?xml[^>]*?\bencoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.I)


def check_document(text: str, form: GraphFormat) -> None:
    """Refuse a document that a parser could run out of stack, time or memory with.

    Raises DocumentError, with the place.

    >>> check_document("<urn:a> <urn:p> ( ( 1 ) ) .", GraphFormat.TURTLE)
    """
    guards: dict[GraphFormat, Callable[[str], None]] = {
        GraphFormat.RDF_XML: _check_xml,
        GraphFormat.JSON_LD: _check_json,
    }
    guards.get(form, _check_turtle)(text)


def _check_turtle(text: str) -> None:
    _check_depth(text, _find_deep_bracket(text, _TURTLE))


def _check_json(text: str) -> None:
    _check_depth(text, _find_deep_bracket(text, _JSON))
    if "@context" in text or "\\u" in text:
        _check_contexts(text)


def _check_xml(text: str) -> None:
    if found := _ENCODING.match(text):
        raise _refusal(text, found.start(), "the document is not in UTF-8", "convert it to UTF-8")
    _check_depth(text, _find_deep_tag(text))


def _check_depth(text: str, too_deep: int | None) -> None:
    if too_deep is not None:
        message = f"the document nests more than {DEEPEST_DOCUMENT} deep"
        raise _refusal(text, too_deep, message, "give inner nodes names, and refer to them")


def _find_deep_bracket(text: str, between: re.Pattern[str]) -> int | None:
    """Return the offset of the first bracket that is nested too deep, or None."""
    if sum(map(text.count, "([{")) <= DEEPEST_DOCUMENT:
        return None
    depth = offset = 0
    while (found := between.match(text, offset)) and (offset := found.end()) < len(text):
        depth += _LEVELS.get(text[offset], 0)
        if depth > DEEPEST_DOCUMENT:
            return offset
        offset += 1
    return None


def _find_deep_tag(text: str) -> int | None:
    """Return the offset of the first tag that is nested too deep, or None; refuse DOCTYPE."""
    depth = 0
    for markup in _MARKUP.finditer(text):
        if markup.lastgroup == "opening":
            depth += text[markup.end() - 2] != "/"
            if depth > DEEPEST_DOCUMENT:
                return markup.start()
        elif markup.lastgroup == "closing":
            depth -= 1
        elif markup.lastgroup == "doctype":
            hint = "write entities out, and leave the DOCTYPE away"
            raise _refusal(text, markup.start(), "DOCTYPE is never read here", hint)
        elif markup.lastgroup == "broken":
            raise _refusal(
                text, markup.start(), "what starts here is never closed, or is ill-formed", None
            )
    return None


def _check_contexts(text: str) -> None:
    """Refuse contexts whose terms depend on each other in a long chain: parsers recurse along it.

    Members that are given twice count both: parsers differ in which they take.
    """
    try:
        json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        raise _refusal(text, error.pos, f"the document is not JSON: {error.msg}", None) from None
    except _LongChain as error:
        message = f"the terms of a context depend on each other more than {DEEPEST_DOCUMENT} deep"
        hint = "write whole IRIs in the context"
        offset = max(text.find(json.dumps(error.term, ensure_ascii=False)), 0)
        raise _refusal(text, offset, message, hint) from None


class _LongChain(ValueError):  # noqa: N818 - never leaves this module
    """A context has a long chain of terms that ends in ``term``."""

    def __init__(self, term: str) -> None:
        super().__init__(term)
        self.term = term


class _Object:
    """The members of a JSON object, those of its contexts checked."""

    def __init__(self, members: list[tuple[str, Any]]) -> None:
        self.members = members
        for name, value in members:
            if name == "@context":
                for context in value if isinstance(value, list) else [value]:
                    _check_terms(context)


def _check_terms(context: object) -> None:
    if not isinstance(context, _Object) or len(context.members) <= DEEPEST_DOCUMENT:
        return
    terms = {term for term, _ in context.members}
    needs: dict[str, set[str]] = {term: set() for term in terms}
    for term, definition in context.members:
        for name in (term, *_names(definition)):
            needs[term] |= terms.intersection(_prefixes(name)) - {term}
    _check_chains(needs)


def _names(definition: object) -> Iterator[str]:
    if isinstance(definition, str):
        yield definition
    elif isinstance(definition, _Object):
        yield from (value for _, value in definition.members if isinstance(value, str))


def _prefixes(name: str) -> tuple[str, str]:
    return name, name.partition(":")[0]


def _check_chains(needs: dict[str, set[str]]) -> None:
    """Follow the terms that need no other, those that need only them, and so on.

    What is left over is a circle, which parsers refuse by themselves.
    """
    users: dict[str, list[str]] = {}
    for term, found in needs.items():
        for each in found:
            users.setdefault(each, []).append(term)
    open_needs = {term: len(found) for term, found in needs.items()}
    ready = [term for term, count in open_needs.items() if count == 0]
    for _ in range(DEEPEST_DOCUMENT):
        following = []
        for term in ready:
            for user in users.get(term, ()):
                open_needs[user] -= 1
                if open_needs[user] == 0:
                    following.append(user)
        ready = following
    if ready:
        raise _LongChain(ready[0])


def _refusal(text: str, offset: int, message: str, hint: str | None) -> DocumentError:
    shown = QueryText(text)
    return DocumentError(
        message, spot=shown.spot(offset), excerpt=show_line(shown, offset), hint=hint
    )
