"""Repair of paths of no length: a term that the graph does not hold still reaches itself.

By https://www.w3.org/TR/sparql11-query/#defn_evalZeroOrMorePath, ``:a :p* ?x`` has the solution
:a whatever the graph; an engine that asks whether the graph holds :a has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from kg.query_edit import Edit, insert, replace
from kg.query_groups import ElementKind, Group, Span, read_groups
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token

__all__ = ["HasNode", "may_need_repair", "repair_paths"]

HasNode = Callable[[str], bool]
"""Whether a pattern such as ``GRAPH ?g { :a <urn:p>? ?x }`` has a solution in the query's data."""

_UNUSED, _NODE = "<urn:x-unused:p>", "x_unused_node"
_MOST_QUESTIONS = 32
_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}
_CONSTANT = (Kind.IRI, Kind.NAME)
_STAR = re.compile(r"(?i)\b(select|distinct|reduced|describe)\s*\*")
# A star or question mark that is no part of a variable or an IRI, and follows something.
_PATH = re.compile(r"(?:\*(?!>)|\?(?![\w>]))(?<=[\w>)\s].)")
# Of several steps, such as :p/:q*, the last one starts at no term; \/ is a part of a name.
_LAST_OF_STEPS = re.compile(r"(?<!\\)/(?:<[^<>\s\"]*>|[\w:-]+)[*?](?![\w>])")
# On one line, so that no comment is between the two variables; more objects may follow a comma.
_BETWEEN_VARIABLES = re.compile(
    r"[?$]\w+[ \t]+(?:<[^<>\s\"]*>|[\w:/^|!()+*-])+[*?][ \t]+[?$]\w+(?!\w|\s*[,#])"
)


def may_need_repair(text: str) -> bool:
    """Tell whether some path of a text may start or end at a term: most are between variables.

    >>> may_need_repair("ASK { ?s <e:p>* ?o }"), may_need_repair("ASK { <e:s> <e:p>* ?o }")
    (False, True)
    """
    rest = text
    for pattern in (_LAST_OF_STEPS, _STAR, _BETWEEN_VARIABLES):
        if not _PATH.search(rest):
            return False
        rest = pattern.sub("", rest)
    return bool(_PATH.search(rest))


def repair_paths(query: QueryText, has_node: HasNode) -> Iterator[Edit]:
    """Yield the edits of each ``*`` or ``?`` path from or to a term that its graph lacks.

    Nothing but itself is reached from such a term, so that its value takes the path's place; of
    several graphs some of which hold it, stands beside the path.
    """
    asked = lru_cache(_MOST_QUESTIONS)(has_node)

    def has_known_node(pattern: str) -> bool:
        # Beyond that many, a path is left as it is, as it is where the term is in the data.
        return asked.cache_info().misses >= _MOST_QUESTIONS or asked(pattern)

    for group in read_groups(query):
        yield from _repair(query, group, None, has_known_node)


def _repair(
    query: QueryText, group: Group, graph: Token | None, has_node: HasNode
) -> Iterator[Edit]:
    if group.select:
        yield from _repair(query, group.select.where, graph, has_node)
    for element in group.elements:
        if element.kind is ElementKind.TRIPLES:
            for statement in _statements(query.tokens, element.span):
                yield from _repair_statement(statement, graph, has_node)
        elif element.kind is not ElementKind.SERVICE:
            within = element.name if element.kind is ElementKind.GRAPH else graph
            for each in element.groups:
                yield from _repair(query, each, within, has_node)


def _statements(tokens: Sequence[Token], span: Span) -> Iterator[tuple[Token, ...]]:
    """Yield the triples that stand alone, without ``;``, ``,`` and nested nodes."""
    statement: list[Token] = []
    depth = 0
    for token in (*tokens[span.start : span.end], None):
        depth += _BRACKETS.get(token.text, 0) if token else 0
        if token and (token.text != "." or depth):
            statement.append(token)
            continue
        if not any(each.text in (";", ",", "[") for each in statement):
            yield tuple(statement)
        statement = []


def _repair_statement(
    statement: tuple[Token, ...], graph: Token | None, has_node: HasNode
) -> Iterator[Edit]:
    if len(statement) < 4 or not _may_be_empty(statement[1:-1]):
        return
    subject, last = statement[0], statement[-1]
    constants = [each.text for each in (subject, last) if each.kind in _CONSTANT]
    variables = [each.text for each in (subject, last) if each.kind is Kind.VARIABLE]
    if len(constants) + len(variables) < 2 or len(set(constants)) != 1:
        return
    term = constants[0]
    node = f"{term} {_UNUSED}? ?{_NODE}"
    itself = f"VALUES {variables[0]} {{ {term} }}" if variables else "VALUES () { () }"
    if graph is None:
        if not has_node(node):
            yield replace(subject.start, last.end, itself)
        return
    here = f"GRAPH {graph.text} {{ {node} }}"
    lacking = f"GRAPH {graph.text} {{}} FILTER NOT EXISTS {{ {here} }}"
    if not has_node(here):
        yield replace(subject.start, last.end, f"GRAPH {graph.text} {{}} {itself}")
    elif graph.kind is Kind.VARIABLE and has_node(lacking):
        yield insert(subject.start, "{ ")
        yield insert(last.end, f" }} UNION {{ {lacking} {itself} }}")


def _may_be_empty(path: tuple[Token, ...]) -> bool:
    """Tell whether a path is one step with ``*`` or ``?``, of which each solution comes once."""
    *step, modifier = path
    if modifier.text not in ("*", "?"):
        return False
    while step and step[0].text in ("^", "!"):
        step = step[1:]
    if len(step) == 1:
        return step[0].kind in _CONSTANT or step[0].text == "a"
    return bool(step) and _is_one_bracket(step)


def _is_one_bracket(step: Sequence[Token]) -> bool:
    depth = 0
    for number, token in enumerate(step, start=1):
        depth += _BRACKETS.get(token.text, 0)
        if depth == 0:
            return number == len(step) and step[0].text == "("
    return False
