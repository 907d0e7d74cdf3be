"""Repair of BNODE with an argument: an engine that makes the label of it repeats the node.

By https://www.w3.org/TR/sparql11-query/#func-bnode, equal arguments give the same node within one
solution, and other nodes in other solutions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from kg.query_edit import Edit, insert
from kg.query_groups import Span, read_groups, read_selects
from kg.query_text import QueryText
from kg.query_tokens import Kind

__all__ = ["repair_blank_nodes"]

_NOT_ALONE = frozenset(
    ["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "GROUP", "HAVING", "VALUES"]
)


def repair_blank_nodes(query: QueryText) -> Iterator[Edit]:
    """Yield the edits after which the argument of BNODE holds what tells its solution apart.

    For the only call of a query that is a number of its own; for several calls in one SELECT it
    is a variable bound once a solution. Calls in several places are left as they are.
    """
    calls = list(_calls(query))
    if len(calls) == 1:
        yield from _wrap(query, calls[0], "STRUUID()")
    elif calls:
        yield from _repair_projection(query, calls)


def _calls(query: QueryText) -> Iterator[Span]:
    """Yield the brackets of each call that has an argument."""
    tokens = query.tokens
    for at, token in enumerate(tokens[:-2]):
        if token.word == "BNODE" and tokens[at + 1].text == "(" and tokens[at + 2].text != ")":
            end = _find_end(query, at + 1)
            if end is not None:
                yield Span(at + 1, end)


def _find_end(query: QueryText, opened: int) -> int | None:
    depth = 0
    for at in range(opened, len(query.tokens)):
        text = query.tokens[at].text
        depth += (text == "(") - (text == ")")
        if depth == 0:
            return at + 1
    return None


def _wrap(query: QueryText, call: Span, solution: str) -> Iterator[Edit]:
    # STRLANG fails for what is no simple literal, as BNODE does; a digest is a valid label.
    opened, closed = query.tokens[call.start], query.tokens[call.end - 1]
    yield insert(opened.start + 1, f"MD5(CONCAT({solution}, STR(STRLANG(")
    yield insert(closed.start, ', "en"))))')


def _repair_projection(query: QueryText, calls: list[Span]) -> Iterator[Edit]:
    tokens = query.tokens
    for select in read_selects(query, read_groups(query)):
        inside = [
            each
            for each in calls
            if select.projection.start <= each.start and each.end <= select.projection.end
        ]
        words = {
            tokens[at].word
            for span in (select.projection, select.tail)
            for at in range(span.start, span.end)
        }
        if inside != calls or words & _NOT_ALONE or "EXISTS" in words:
            continue
        solution = _fresh_variable(query)
        for call in calls:
            yield from _wrap(query, call, solution)
        where = select.where.span
        yield insert(tokens[where.start].start + 1, " {")
        yield insert(tokens[where.end - 1].start, f"}} BIND(STRUUID() AS {solution}) ")


def _fresh_variable(query: QueryText) -> str:
    taken = {token.text[1:] for token in query.tokens if token.kind is Kind.VARIABLE}
    return next(f"?solution{n}" for n in count() if f"solution{n}" not in taken)
