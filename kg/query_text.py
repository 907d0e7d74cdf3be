"""What the text of a SPARQL query shows before an engine reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property

__all__ = ["Form", "Kind", "QueryText", "Spot", "Token"]


class Kind(Enum):
    """What a token of a query is."""

    IRI = "iri"
    STRING = "string"
    VARIABLE = "variable"
    BLANK = "blank"
    NAME = "name"
    LANGUAGE = "language"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"
    ILLEGAL = "illegal"


class Form(StrEnum):
    """The four forms of a query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True)
class Token:
    """A token, and the offset of its first character in the query."""

    kind: Kind
    text: str
    start: int

    @property
    def word(self) -> str:
        """The token in capitals if it is a bare word, else nothing: keywords have no case."""
        return self.text.upper() if self.kind is Kind.WORD else ""

    @property
    def prefix(self) -> str:
        """What stands before the colon of a prefixed name, else nothing."""
        return self.text.partition(":")[0] if self.kind is Kind.NAME else ""


@dataclass(frozen=True, order=True)
class Spot:
    """A place in a query; both count from 1, the column in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


_START = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"  # noqa: E501 - PN_CHARS_BASE of the grammar
_REST = _START + r"_0-9\u00B7\u0300-\u036F\u203F\u2040\-"
_RUN = rf"[{_START}](?:\.*[{_REST}])*"
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"

_TOKEN = re.compile(
    rf"""
    (?P<skip>\s+|\#[^\r\n]*)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    |(?P<string>'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''|\"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
        |'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")
    |(?P<variable>[?$][{_START}_0-9][{_START}_0-9\u00B7\u0300-\u036F\u203F\u2040]*)
    |(?P<blank>_:[{_START}_0-9](?:\.*[{_REST}])*)
    |(?P<name>(?:{_RUN})?:
        (?:(?:[{_START}_:0-9]|{_ESCAPE})(?:\.*(?:[{_REST}:]|{_ESCAPE}))*)?)
    |(?P<language>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>{_RUN})
    |(?P<mark>[{{}}()\[\]|^/*+\-=!<>&.,;?$~])
    |(?P<illegal>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
_PREFIX_OPERATORS = frozenset("!^-+")
_NESTING = (*_OPENING, *_PREFIX_OPERATORS)
_VOLATILE = re.compile(r"now|rand|uuid|bnode|service")
_VOLATILE_WORDS = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})


@dataclass(frozen=True)
class QueryText:
    """A query, cut into tokens when a question needs them.

    >>> [each.text for each in QueryText("ASK { <urn:a> ?p 'x'@en } # end").tokens]
    ['ASK', '{', '<urn:a>', '?p', "'x'", '@en', '}']
    """

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens without comments and white space; what is no token is marked illegal."""
        return tuple(
            Token(Kind(match.lastgroup), match.group(), match.start())
            for match in _TOKEN.finditer(self.text)
            if match.lastgroup != "skip"
        )

    @cached_property
    def _lower(self) -> str:
        return self.text.lower()

    @cached_property
    def form(self) -> Form | None:
        r"""The form of the query, or None where none of the four words stands first.

        >>> QueryText("PREFIX select: <urn:x> # ASK\nconstruct {} where {}").form
        <Form.CONSTRUCT: 'CONSTRUCT'>
        """
        words = (each.word for each in self.tokens)
        return next((Form(word) for word in words if word in Form.__members__), None)

    @cached_property
    def names_dataset(self) -> bool:
        """Whether the query has a FROM clause of its own.

        >>> QueryText("SELECT * FROM <http://example.org/g> { ?s ?p ?o }").names_dataset
        True
        >>> QueryText("SELECT * { ?from <urn:FROM> 'FROM' } # FROM <x>").names_dataset
        False
        """
        return "from" in self._lower and any(
            each.word in ("FROM", "FROMNAMED")
            or (each.prefix.upper().startswith("FROM") and each.prefix not in self.prefixes)
            for each in self._outermost()
        )

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The prefixes that the query declares, without their colons.

        >>> sorted(QueryText("PREFIX ex: <urn:b> ASK { ex:a ex:b 1 }").prefixes)
        ['ex']
        """
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return frozenset(name.prefix for word, name in pairs if word.word == "PREFIX")

    @cached_property
    def is_volatile(self) -> bool:
        """Whether the same query may answer otherwise the next time.

        >>> QueryText("SELECT (NOW() AS ?now) {}").is_volatile
        True
        """
        if not _VOLATILE.search(self._lower):
            return False
        return any(each.word in _VOLATILE_WORDS for each in self.tokens)

    def find_deeper(self, limit: int) -> Token | None:
        """Return the first token nested deeper than ``limit`` brackets and prefix operators.

        >>> QueryText("ASK { { FILTER(!!(1)) } }").find_deeper(4).start
        16
        >>> QueryText("ASK { { FILTER(!!(1)) } }").find_deeper(5) is None
        True
        """
        if sum(map(self.text.count, _NESTING)) <= limit:
            return None
        level = run = 0
        for each in self.tokens:
            run = run + 1 if each.text in _PREFIX_OPERATORS else 0
            level += (each.text in _OPENING) - (each.text in _CLOSING)
            if level + run > limit:
                return each
        return None

    @cached_property
    def service(self) -> Token | None:
        """The first token that an engine could read as a SERVICE clause, or None.

        Engines forgive missing blanks (``1SERVICE``, ``SERVICEex:a``), so that any bare word or
        prefix with the word in it counts; and where tokens are in doubt, any mention does.

        >>> QueryText("ASK { ?service <urn:service> 'SERVICE' }").service is None
        True
        >>> QueryText("ASK { 1SERVICE<urn:x>{} }").service.text
        'SERVICE'
        """
        if "service" not in self._lower:
            return None
        doubtful = next(self._doubtful(), None)
        return doubtful or next((each for each in self.tokens if _may_call(each)), None)

    def spot(self, offset: int) -> Spot:
        r"""Return the line and column of a character of the query.

        >>> QueryText("ASK\n{ }").spot(4)
        Spot(line=2, column=1)
        """
        before = self.text[:offset]
        return Spot(before.count("\n") + 1, offset - before.rfind("\n"))

    def _outermost(self) -> Iterator[Token]:
        level = 0
        for each in self.tokens:
            level += (each.text in _OPENING) - (each.text in _CLOSING)
            if level == 0:
                yield each

    def _doubtful(self) -> Iterator[Token]:
        """Yield the tokens after which another reading of the text could set in.

        Greedy reading takes ``?a<?b)#>`` for an IRI after a variable; an engine that reads by
        grammar takes it for a comparison, a bracket and a comment.
        """
        inside: list[str] = []
        before = None
        for each in self.tokens:
            if each.kind is Kind.ILLEGAL:
                yield each
            elif each.kind is Kind.IRI and inside[-1:] == ["("] and _ends_operand(before):
                if set("'#()[]") & set(each.text):
                    yield each
            elif each.text in _OPENING:
                inside.append(each.text)
            elif each.text in _CLOSING and inside:
                inside.pop()
            before = each


def _ends_operand(token: Token | None) -> bool:
    return token is not None and (token.kind not in (Kind.MARK, Kind.WORD) or token.text == ")")


def _may_call(token: Token) -> bool:
    if token.kind in (Kind.WORD, Kind.LANGUAGE):
        return "SERVICE" in token.text.upper()
    return "SERVICE" in token.prefix.upper()
