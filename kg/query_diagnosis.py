"""What is wrong with a query or update that an engine could not read, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from kg.near import suggest
from kg.query_error import QuerySyntaxError, show_line
from kg.query_scope import find_rebound, find_reused_label
from kg.query_text import Form, QueryText
from kg.query_tokens import Kind, Token

__all__ = ["diagnose"]

_UPDATE = frozenset(
    ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"]
)
_DECLARATIONS = frozenset(["PREFIX", "BASE", "VERSION"])
_WORDS = _UPDATE | frozenset(
    re.findall(
        r"\w+",
        """
    BASE PREFIX VERSION SELECT CONSTRUCT DESCRIBE ASK DISTINCT REDUCED FROM NAMED WHERE GRAPH
    OPTIONAL UNION FILTER MINUS BIND AS VALUES UNDEF SERVICE SILENT LATERAL GROUP BY HAVING ORDER
    ASC DESC LIMIT OFFSET IN NOT EXISTS TRUE FALSE SEPARATOR A STR LANG LANGMATCHES DATATYPE BOUND
    IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS
    STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID
    STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK
    ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT TRIPLE
    SUBJECT PREDICATE OBJECT ISTRIPLE LANGDIR STRLANGDIR HASLANG HASLANGDIR ADJUST
    DATA USING INTO TO ALL DEFAULT
    """,
    )
)
_AGGREGATES = frozenset(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_ENGINE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_PHRASE = re.compile(r"(?:^|, )([A-Z][a-z]?[A-Za-z]* [a-zA-Z* ]{6,}[a-zA-Z])")
_MARK = re.compile(r"\"(?:\\.|[^\"\\])+\"|\['0'\.\.='9'\]")
_KEYWORD = re.compile(r"(?:^|, )([A-Za-z][A-Za-z0-9_]+)(?=,|$)")
_NEARBY = "look around for a missing dot, semicolon, bracket, predicate or object"
_LONGEST_QUOTATION = 60
_UNSAID = "usual reasons: a variable bound twice, a blank node label used in two groups"


@dataclass(frozen=True)
class Finding:
    """Where a query goes wrong, what is wrong there, and how to mend it."""

    offset: int
    message: str
    hint: str | None = None


def diagnose(
    query: QueryText,
    engine_message: str,
    prefixes: Collection[str],
    *,
    language: Literal["query", "update"] = "query",
) -> QuerySyntaxError:
    """Return the error to show for a text that the engine refused with its own message.

    The engine points at the farthest place that it tried to read, which is often behind the
    mistake; what the tokens show is said first. ``prefixes`` are those known without PREFIX.

    >>> error = diagnose(QueryText("ASK { ?s drog:x ?o }"), "error at 1:14: expected OPTIONAL",
    ...                  ["drug"])
    >>> error.message
    "the prefix 'drog:' is not declared; did you mean 'drug'?"
    """
    finders: tuple[Finder, ...] = (
        _find_illegal,
        _find_update if language == "query" else _find_query,
        partial(_find_prefix, prefixes=prefixes),
        *_LAST_FINDERS,
    )
    findings = (found for find in finders if (found := find(query)))
    found = next(findings, None) or _read_engine(query, engine_message)
    return QuerySyntaxError(
        found.message,
        spot=query.spot(found.offset),
        excerpt=show_line(query, found.offset),
        hint=found.hint,
    )


def _find_illegal(query: QueryText) -> Finding | None:
    for token in query.tokens:
        if token.kind is Kind.ILLEGAL:
            if token.text in "'\"":
                hint = "close it on the same line, or use three quotes on both sides"
                return Finding(token.start, "the string that starts here is not closed", hint)
            return Finding(token.start, f"the character {token.text!r} has no place here")
    return None


def _find_update(query: QueryText) -> Finding | None:
    if (first := _find_first_word(query)) and first.word in _UPDATE:
        hint = "send it as an update; a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE"
        return Finding(first.start, f"{first.word} belongs to an update, not to a query", hint)
    return None


def _find_query(update: QueryText) -> Finding | None:
    if (first := _find_first_word(update)) and first.word in Form.__members__:
        hint = "send it as a query; an update starts with INSERT, DELETE, WITH, CLEAR and the like"
        return Finding(first.start, f"{first.word} belongs to a query, not to an update", hint)
    return None


def _find_first_word(query: QueryText) -> Token | None:
    words = (token for token in query.tokens if token.word)
    return next((token for token in words if token.word not in _DECLARATIONS), None)


def _find_prefix(query: QueryText, prefixes: Collection[str]) -> Finding | None:
    known = query.prefixes | frozenset(prefixes)
    for before, token in zip((None, *query.tokens), query.tokens, strict=False):
        if token.kind is not Kind.NAME or token.prefix in known:
            continue
        if before is not None and before.text == "<":
            hint = "write a blank as %20"
            return Finding(before.start, "the IRI that starts here holds a blank or is open", hint)
        prefix = _clip(token.prefix)
        near = suggest(prefix, known)
        hint = f"declare it: PREFIX {prefix}: <...>"
        return Finding(token.start, f"the prefix '{prefix}:' is not declared{near}", hint)
    return None


def _find_word(query: QueryText) -> Finding | None:
    for before, token in zip((None, *query.tokens), query.tokens, strict=False):
        if token.word and token.word not in _WORDS:
            word = _clip(token.text)
            if before is not None and before.word == "PREFIX":
                return Finding(token.start, f"a prefix ends in a colon: PREFIX {word}: <...>")
            near = suggest(word.upper(), _WORDS)
            return Finding(token.start, f"'{word}' is no word of SPARQL{near}")
    return None


def _find_bracket(query: QueryText) -> Finding | None:
    opened: list[Token] = []
    for token in query.tokens:
        if token.text in _CLOSER:
            opened.append(token)
        elif token.text in _CLOSER.values():
            if not opened:
                return Finding(token.start, f"this '{token.text}' closes nothing")
            last = opened.pop()
            if _CLOSER[last.text] != token.text:
                place = query.spot(last.start)
                return Finding(
                    token.start, f"'{token.text}' cannot close the '{last.text}' at {place}"
                )
    if opened:
        return Finding(opened[-1].start, f"this '{opened[-1].text}' is never closed")
    return None


def _find_projection(query: QueryText) -> Finding | None:
    tokens = query.tokens
    start = next((each for each, token in enumerate(tokens) if token.word == "SELECT"), len(tokens))
    for token in tokens[start + 1 :]:
        if token.text in "({*" or token.word in ("WHERE", "FROM"):
            return None
        if token.text == ",":
            return Finding(token.start, "SELECT lists its variables without commas")
        if token.word in _AGGREGATES:
            hint = f"write ({token.word}(?x) AS ?name)"
            return Finding(token.start, f"{token.word} in SELECT needs brackets and a name", hint)
    return None


def _find_rebound(query: QueryText) -> Finding | None:
    if not (token := find_rebound(query)):
        return None
    message = f"BIND cannot give {_clip(token.text)} a value: its group uses it before"
    return Finding(token.start, message, "bind a name of its own, or compare with FILTER")


def _find_label(query: QueryText) -> Finding | None:
    if not (token := find_reused_label(query)):
        return None
    message = f"the blank node label {_clip(token.text)} is used in another group before"
    return Finding(token.start, message, "use a variable, which is one in all groups")


Finder: TypeAlias = Callable[[QueryText], Finding | None]
_LAST_FINDERS: tuple[Finder, ...] = (
    _find_word,
    _find_bracket,
    _find_projection,
    _find_rebound,
    _find_label,
)


def _read_engine(query: QueryText, message: str) -> Finding:
    """Turn the engine's place and wishes into a sentence.

    The engine tries a keyword by reading as many characters as it has, and names the place
    behind them: where it wished for keywords only, the mistake lies that much before.
    """
    if not query.tokens:
        return Finding(0, "the query is empty", "try SELECT * WHERE { ?s ?p ?o } LIMIT 10")
    if not (found := _ENGINE.search(message)):
        return Finding(len(query.text), _clip(message, 10 * _LONGEST_QUOTATION))
    line, column, wishes = int(found[1]), int(found[2]), found[3]
    offset = sum(len(each) + 1 for each in query.text.split("\n")[: line - 1]) + column - 1
    if phrase := _PHRASE.search(wishes):
        sentence = phrase[1] if phrase[1].startswith("SELECT") else _lower_first(phrase[1])
        return Finding(min(offset, len(query.text)), sentence)
    keywords, marks = _KEYWORD.findall(wishes), _MARK.findall(wishes)
    if not keywords and not marks:
        return Finding(offset, "the engine refuses the query and does not say why", _UNSAID)
    if not marks:
        offset -= min(map(len, keywords))
    ended = not query.text[offset:].strip()
    hint = f"what could stand here: {', '.join(marks + keywords)}" if ended else _NEARBY
    return Finding(offset, "the query ends too early" if ended else "not expected here", hint)


def _clip(text: str, longest: int = _LONGEST_QUOTATION) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
