"""What an engine that keeps loosely to the standard is asked in place of what it cannot answer.

Virtuoso looks for a path from a term, but not from a variable that has one term for its value,
and joins a table of one row badly. So the term takes the variable's place.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.query_edit import Edit, edited, replace
from kg.query_groups import Element, ElementKind, Group, read_groups, walk
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token

__all__ = ["inline_values"]

_SINGLE = 5
"""Tokens of a VALUES with one term: the word, its variable, two braces, and the term between."""


def inline_values(query: QueryText) -> QueryText:
    """Return a query with the only term of a VALUES in place of its variable.

    A variable that is seen outside of its group stays.

    >>> inline_values(QueryText("ASK { VALUES ?x { <urn:a> } ?x <urn:p>+ ?y }")).text
    'ASK {  <urn:a> <urn:p>+ ?y }'
    >>> text = "SELECT ?x { VALUES ?x { <urn:a> } ?x <urn:p> ?y }"
    >>> inline_values(QueryText(text)).text == text
    True
    """
    if not query.mentions("values"):
        return query
    edits = [
        edit
        for group in walk(read_groups(query))
        for element in group.elements
        if element.kind is ElementKind.VALUES
        for edit in _inline(query, group, element)
    ]
    return QueryText(edited(query.text, edits)) if edits else query


def _inline(query: QueryText, group: Group, element: Element) -> Iterator[Edit]:
    tokens = query.tokens[element.span.start : element.span.end]
    if len(tokens) != _SINGLE or tokens[1].kind is not Kind.VARIABLE:
        return
    variable, term = tokens[1], tokens[3]
    if term.kind not in (Kind.IRI, Kind.NAME) or not _is_hidden(query, group, variable):
        return
    yield replace(tokens[0].start, tokens[-1].end, "")
    for at in range(group.span.start, group.span.end):
        if _is(query.tokens[at], variable):
            yield replace(query.tokens[at].start, query.tokens[at].end, term.text)


def _is_hidden(query: QueryText, group: Group, variable: Token) -> bool:
    """Tell whether a variable is used in its group alone, and no other is made of it there."""
    span = range(group.span.start, group.span.end)
    words = {query.tokens[at].word for at in span}
    if {"SELECT", "BOUND"} & words and _is_selected(query, group, variable):
        return False
    if any(_is(each, variable) for at, each in enumerate(query.tokens) if at not in span):
        return False
    shows_all = any(
        each.text == "*" and query.tokens[at - 1].word in ("SELECT", "DISTINCT", "REDUCED")
        for at, each in enumerate(query.tokens)
    )
    return not shows_all


def _is_selected(query: QueryText, group: Group, variable: Token) -> bool:
    """Tell whether a subquery in a group, or BOUND, has the variable in it."""
    inner = [each for element in group.elements for each in walk(element.groups)]
    return any(
        _is(query.tokens[at], variable)
        for each in inner
        if each.select
        for at in range(each.span.start, each.span.end)
    ) or any(
        each.word == "BOUND" and _is(query.tokens[at + 2], variable)
        for at, each in enumerate(query.tokens[:-2])
    )


def _is(token: Token, variable: Token) -> bool:
    return token.kind is Kind.VARIABLE and token.text[1:] == variable.text[1:]
