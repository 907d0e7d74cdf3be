"""The group graph patterns of a query or an update, by the tokens that they span."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from kg.query_text import Form, QueryText
from kg.query_tokens import Kind, Token

__all__ = [
    "Element",
    "ElementKind",
    "Group",
    "Select",
    "Span",
    "basic_patterns",
    "read_groups",
    "read_selects",
    "walk",
]

_CLOSER = {"(": ")", "[": "]"}
_NO_PATTERN = frozenset(["CONSTRUCT", "INSERT", "DELETE", "DATA", "VALUES"])
_PLAIN_WORDS = frozenset(["A", "TRUE", "FALSE"])


class ElementKind(Enum):
    """What an element of a group is, by the word that it starts with."""

    TRIPLES = ""
    GROUP = "{"
    OPTIONAL = "OPTIONAL"
    MINUS = "MINUS"
    LATERAL = "LATERAL"
    GRAPH = "GRAPH"
    SERVICE = "SERVICE"
    FILTER = "FILTER"
    BIND = "BIND"
    VALUES = "VALUES"


_KINDS = {kind.value: kind for kind in ElementKind if kind.value.isalpha()}


@dataclass(frozen=True)
class Span:
    """Tokens from ``start`` up to, and without, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Select:
    """A subquery: what it projects, its pattern, and what follows: GROUP BY, LIMIT, VALUES."""

    start: int
    projection: Span
    where: Group
    tail: Span


@dataclass(frozen=True)
class Element:
    """One element of a group, with the groups in it and, for GRAPH, the token of its name."""

    kind: ElementKind
    span: Span
    groups: tuple[Group, ...] = ()
    name: Token | None = None


@dataclass(frozen=True)
class Group:
    """What stands in braces: elements, or a subquery; the span has the braces too."""

    span: Span
    elements: tuple[Element, ...] = ()
    select: Select | None = None


class _UnreadableError(ValueError):
    """The tokens are no query that this reader knows; an engine may know it."""


def read_groups(query: QueryText) -> tuple[Group, ...]:
    """Return the outermost patterns of a query or an update; none where a token is in doubt.

    Templates and data of updates are no patterns.

    >>> group, = read_groups(QueryText("ASK { ?s ?p ?o MINUS { ?s a ?o } FILTER(?o < 1) }"))
    >>> [element.kind.name for element in group.elements]
    ['TRIPLES', 'MINUS', 'FILTER']
    """
    try:
        return tuple(_Reader(query).outermost())
    except (_UnreadableError, IndexError):
        return ()


def read_selects(query: QueryText, groups: Sequence[Group]) -> Iterator[Select]:
    """Yield the SELECT that a query is, and those of its subqueries.

    >>> query = QueryText("SELECT (1 AS ?x) { { SELECT ?y { } } } LIMIT 1")
    >>> [select.projection for select in read_selects(query, read_groups(query))]
    [Span(start=1, end=6), Span(start=9, end=10)]
    """
    words = [token.word for token in query.tokens]
    if query.form is Form.SELECT and groups:
        start = words.index("SELECT")
        where = next(each for each in groups if _is_outside(query, start, each))
        distinct = words[start + 1] in ("DISTINCT", "REDUCED")
        projection = Span(start + 1 + distinct, where.span.start)
        yield Select(start, projection, where, Span(where.span.end, len(words)))
    yield from (group.select for group in walk(groups) if group.select)


def basic_patterns(group: Group) -> Iterator[list[Span]]:
    """Yield the triples of a group that are matched together: only a filter may be between.

    >>> group, = read_groups(QueryText("ASK { ?s ?p 1 FILTER(?s) ?s ?q 2 {} ?s ?r 3 }"))
    >>> [len(each) for each in basic_patterns(group)]
    [2, 1]
    """
    unfiltered = (each for each in group.elements if each.kind is not ElementKind.FILTER)
    for kind, run in groupby(unfiltered, lambda each: each.kind):
        if kind is ElementKind.TRIPLES:
            yield [each.span for each in run]


def walk(groups: Sequence[Group]) -> Iterator[Group]:
    """Yield groups and all groups in them."""
    for group in groups:
        yield group
        if group.select:
            yield from walk([group.select.where])
        for element in group.elements:
            yield from walk(element.groups)


class _Reader:
    def __init__(self, query: QueryText) -> None:
        self.tokens = query.tokens
        self.at = 0
        if any(_is_doubtful(token, query.prefixes) for token in self.tokens):
            raise _UnreadableError

    def outermost(self) -> Iterator[Group]:
        words = ("", "")
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text != "{":
                words = (words[1], token.word) if token.word else words
                self.at += 1
                continue
            if words[1] in _NO_PATTERN or words == ("DELETE", "WHERE"):
                self._skip_braces()
            else:
                yield self._group()
            words = ("", "")

    def _group(self) -> Group:
        start = self.at
        self._expect("{")
        if self._word() == "SELECT":
            select = self._select()
            self._expect("}")
            return Group(Span(start, self.at), select=select)
        elements = []
        while self.tokens[self.at].text != "}":
            if self.tokens[self.at].text == ".":
                self.at += 1
            else:
                elements.append(self._element())
        self._expect("}")
        return Group(Span(start, self.at), tuple(elements))

    def _select(self) -> Select:
        start = self.at
        self.at += 1
        if self._word() in ("DISTINCT", "REDUCED"):
            self.at += 1
        projected = self.at
        while self.tokens[self.at].text != "{" and self._word() != "WHERE":
            self._skip_one()
        projection = Span(projected, self.at)
        if self._word() == "WHERE":
            self.at += 1
        where = self._group()
        tail = self.at
        while self.tokens[self.at].text != "}":
            self._skip_one()
        return Select(start, projection, where, Span(tail, self.at))

    def _element(self) -> Element:
        start = self.at
        kind = _KINDS.get(self._word(), ElementKind.TRIPLES)
        if self.tokens[start].text == "{":
            return Element(ElementKind.GROUP, *self._union(start))
        if kind is ElementKind.TRIPLES:
            self._triples()
            return Element(kind, Span(start, self.at))
        self.at += 1
        if kind in (ElementKind.FILTER, ElementKind.BIND):
            groups = tuple(self._constraint())
            return Element(kind, Span(start, self.at), groups)
        name = None
        while self.tokens[self.at].text != "{":
            name = self.tokens[self.at]
            self._skip_one()
        if kind is ElementKind.VALUES:
            self._skip_braces()
            return Element(kind, Span(start, self.at))
        group = self._group()
        return Element(kind, Span(start, self.at), (group,), name)

    def _union(self, start: int) -> tuple[Span, tuple[Group, ...]]:
        groups = [self._group()]
        while self._word() == "UNION":
            self.at += 1
            groups.append(self._group())
        return Span(start, self.at), tuple(groups)

    def _triples(self) -> None:
        while not (self.tokens[self.at].text in ("{", "}") or self._word() in _KINDS):
            if self._word() not in ("", *_PLAIN_WORDS):
                raise _UnreadableError
            self._skip_one()

    def _constraint(self) -> Iterator[Group]:
        """Read what FILTER or BIND takes, a call or brackets, and yield the groups of EXISTS."""
        while self.tokens[self.at].text not in ("(", "{"):
            self.at += 1
        if self.tokens[self.at].text == "{":
            yield self._group()
            return
        depth = 0
        while True:
            text = self.tokens[self.at].text
            if text == "{":
                yield self._group()
                continue
            depth += (text == "(") - (text == ")")
            self.at += 1
            if depth == 0:
                return

    def _skip_one(self) -> None:
        """Skip a token, or all that stands between brackets."""
        text = self.tokens[self.at].text
        closer = _CLOSER.get(text)
        if text in _CLOSER.values():
            raise _UnreadableError
        if text == "{":
            self._skip_braces()
            return
        self.at += 1
        if closer:
            while self.tokens[self.at].text != closer:
                self._skip_one()
            self.at += 1

    def _skip_braces(self) -> None:
        depth = 0
        while True:
            text = self.tokens[self.at].text
            depth += (text == "{") - (text == "}")
            self.at += 1
            if depth == 0:
                return

    def _word(self) -> str:
        return self.tokens[self.at].word

    def _expect(self, text: str) -> None:
        if self.tokens[self.at].text != text:
            raise _UnreadableError
        self.at += 1


def _is_outside(query: QueryText, start: int, group: Group) -> bool:
    """Tell whether a group stands in no brackets, as the groups of EXISTS in a projection do."""
    before = [token.text for token in query.tokens[start : group.span.start]]
    return before.count("(") == before.count(")")


def _is_doubtful(token: Token, declared: frozenset[str]) -> bool:
    """Tell whether another reader could cut the text otherwise, as in ``GRAPHex:g``."""
    if token.kind is Kind.ILLEGAL:
        return True
    prefix = token.prefix
    return bool(prefix) and prefix not in declared and prefix.upper().startswith(tuple(_KINDS))
