"""Which variables a group of a query binds for what stands around it.

The table: https://www.w3.org/TR/sparql11-query/#variableScope
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.query_groups import (
    Element,
    ElementKind,
    Group,
    Select,
    Span,
    basic_patterns,
    read_groups,
    walk,
)
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token

__all__ = ["find_rebound", "find_reused_label", "find_visible"]

_HIDING = frozenset([ElementKind.FILTER, ElementKind.MINUS])


def find_visible(query: QueryText, group: Group) -> tuple[str, ...]:
    """Return the names of the variables in the scope of a group, each once, without their mark.

    >>> from kg.query_groups import read_groups
    >>> query = QueryText("ASK { ?a ?b [] MINUS { ?a ?c 1 } { SELECT (?d AS ?e) { ?d ?d 1 } } }")
    >>> find_visible(query, *read_groups(query))
    ('a', 'b', 'e')
    """
    return tuple(dict.fromkeys(_of_group(query, group)))


def find_rebound(query: QueryText) -> Token | None:
    """Return the first variable of a BIND that its group has in scope before it.

    >>> find_rebound(QueryText("ASK { ?s ?p ?o BIND(1 AS ?x) BIND(2 AS ?o) }")).start
    39
    """
    for group in walk(read_groups(query)):
        seen: set[str] = set()
        for element in group.elements:
            names = [*_of_element(query, element)]
            if element.kind is ElementKind.BIND and seen.intersection(names):
                tokens = query.tokens[element.span.start : element.span.end]
                return [each for each in tokens if each.kind is Kind.VARIABLE][-1]
            seen.update(names)
    return None


def find_reused_label(query: QueryText) -> Token | None:
    """Return the first blank node label that another basic graph pattern has before.

    >>> find_reused_label(QueryText("ASK { _:x ?p ?o OPTIONAL { _:x ?q _:y } }")).start
    27
    """
    for outermost in read_groups(query):
        seen: dict[str, int] = {}
        runs = (run for group in walk([outermost]) for run in basic_patterns(group))
        ordered = sorted(runs, key=lambda run: run[0].start)
        for number, run in enumerate(ordered):
            for token in (query.tokens[at] for each in run for at in range(each.start, each.end)):
                if token.kind is Kind.BLANK and seen.setdefault(token.text, number) != number:
                    return token
    return None


def _of_group(query: QueryText, group: Group) -> Iterator[str]:
    if group.select:
        yield from _of_select(query, group.select)
    for element in group.elements:
        yield from _of_element(query, element)


def _of_element(query: QueryText, element: Element) -> Iterator[str]:
    if element.kind in _HIDING:
        return
    if element.kind is ElementKind.BIND:
        yield from [*_variables(query, element.span)][-1:]
    elif element.kind in (ElementKind.TRIPLES, ElementKind.VALUES):
        yield from _variables(query, _head(query, element.span))
    else:
        if element.name and element.name.kind is Kind.VARIABLE:
            yield element.name.text[1:]
        for each in element.groups:
            yield from _of_group(query, each)


def _of_select(query: QueryText, select: Select) -> Iterator[str]:
    tokens = query.tokens[select.projection.start : select.projection.end]
    if [each.text for each in tokens] == ["*"]:
        yield from _of_group(query, select.where)
        words = [each.word for each in query.tokens[: select.tail.end]]
        if "VALUES" in words[select.tail.start :]:
            start = words.index("VALUES", select.tail.start)
            yield from _variables(query, _head(query, Span(start, select.tail.end)))
        return
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text in ("(", "{")) - (token.text in (")", "}"))
        names = depth == 1 and at > 0 and tokens[at - 1].word == "AS"
        if token.kind is Kind.VARIABLE and (depth == 0 or names):
            yield token.text[1:]


def _head(query: QueryText, span: Span) -> Span:
    """Return what stands before the braces of VALUES; triples have none."""
    opened = (at for at in range(span.start, span.end) if query.tokens[at].text == "{")
    return Span(span.start, next(opened, span.end))


def _variables(query: QueryText, span: Span) -> Iterator[str]:
    found = (query.tokens[at] for at in range(span.start, span.end))
    return (token.text[1:] for token in found if token.kind is Kind.VARIABLE)
